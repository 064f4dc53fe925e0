import { timingSafeEqual } from 'node:crypto';
import { signatureOf } from '../forward/signed-headers.ts';
import type { HeaderOf } from './header-of.ts';

/** Whoever recorded a request cannot send it again later; each attempt of the resource is signed anew. */
const TOLERANCE_S = 5 * 60;

/**
 * Whether a request is signed as Standard Webhooks 1.0 describes, in the last five minutes and with one of the secrets.
 *
 * @param body the bytes as they came
 * @param now milliseconds since 1970
 */
export function isSigned(secrets: readonly string[], header: HeaderOf, body: Uint8Array, now: number): boolean {
  const id = header('webhook-id') ?? '';
  const timestamp = header('webhook-timestamp') ?? '';
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const given = (header('webhook-signature') ?? '').split(' ').map((signature) => Buffer.from(signature));
  return secrets.some((secret) => {
    const expected = Buffer.from(signatureOf([secret], id, Number(timestamp), body));
    return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
  });
}
