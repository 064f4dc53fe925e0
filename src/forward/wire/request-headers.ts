import type { Attempt } from '../delivery.ts';
import { HOP_HEADER } from './hops.ts';
import { signatureOf } from './signature.ts';

/** Other types are somebody's free text, which has no place in a header. */
const HEADER_TYPE = /^[A-Z0-9_]{1,64}$/;

/**
 * The headers of one attempt. Timestamp and signature are its own: receivers refuse those older than five minutes.
 *
 * @param body as it will be sent
 * @param now milliseconds since 1970
 */
export function requestHeaders(
  attempt: Attempt,
  body: Uint8Array,
  now: number,
  version: string,
): Record<string, string> {
  const { target, event } = attempt;
  const timestamp = Math.floor(now / 1_000);
  const headers: Record<string, string> = {
    ...target.headers,
    'content-type': 'application/json',
    'content-length': String(body.byteLength),
    'user-agent': `sonorancad/${version}`,
    'webhook-id': event.id,
    'webhook-timestamp': String(timestamp),
    'x-sonorancad-attempt': String(attempt.attempt),
    [HOP_HEADER]: String(event.hops + 1),
  };
  if (target.secrets.length > 0) {
    headers['webhook-signature'] = signatureOf(target.secrets, event.id, timestamp, body);
  }
  if (HEADER_TYPE.test(event.type)) headers['x-sonorancad-event'] = event.type;
  if (attempt.replay) headers['x-sonorancad-replay'] = 'true';
  return headers;
}
