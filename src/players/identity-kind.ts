import { foldIdentity } from '../push-events/identity.ts';

/** @returns the prefix of an identity, without its colon; empty for a bare one */
export function identityKind(identity: string): string {
  return foldIdentity(identity.slice(0, Math.max(0, identity.indexOf(':'))));
}
