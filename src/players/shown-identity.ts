import { isIP } from 'node:net';
import { bareIdentity } from '../push-events/identity.ts';
import { identityKind } from './identity-kind.ts';

/** @returns an identity as an operator may see it: whole, but for a player's address */
export function shownIdentity(identity: string): string {
  return identityKind(identity) === 'ip' || isIP(identity.trim()) !== 0 || isIP(bareIdentity(identity)) !== 0
    ? 'ip:(not shown)'
    : identity;
}
