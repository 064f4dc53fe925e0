import { catalogue } from '../events/catalogue/catalogue.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import type { PushEventType, SignedHeaders, UnitStatusNumbers, VerifySignature } from './push-event-listener.ts';
import { isSigned } from './receiver.ts';

export const PUSH_EVENT_TYPES: readonly PushEventType[] = Object.freeze(Object.keys(catalogue) as PushEventType[]);

export const UNIT_STATUS: UnitStatusNumbers = Object.freeze({
  UNAVAILABLE: 0,
  BUSY: 1,
  AVAILABLE: 2,
  ENROUTE: 3,
  ON_SCENE: 4,
});

export const verifySignature: VerifySignature = (headers, body, secret) => {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (secrets.length === 0 || !secrets.every(isSigningSecret)) {
    throw new TypeError(
      'verifySignature: the secret must be "whsec_" and 24 to 64 bytes as base64, or a list of such.',
    );
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return isSigned(secrets, (name) => headerOf(headers, name), bytes, Date.now());
};

function headerOf(headers: SignedHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  // node:http gives lower case, programs that make them by hand may not.
  const [, value] = Object.entries(headers).find(([own]) => own.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : undefined;
}
