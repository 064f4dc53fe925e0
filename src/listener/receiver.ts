import { timingSafeEqual } from 'node:crypto';
import type { PushEvent } from '../events/push-event.ts';
import { receiveEvent } from '../events/receive.ts';
import { eventIdOf, isReplayId, PROBE_TYPE, signatureOf } from '../forward/signed-headers.ts';
import { type Answer, answerFor, REFUSALS, TOO_LARGE, TOO_MANY_WRONG_KEYS, WRONG_KEYS } from '../http/answers.ts';
import { networkOf } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type { ListenerSettings } from './options.ts';
import type { NodeRequest } from './push-event-listener.ts';
import { Repeats } from './repeats.ts';
import type { HeaderOf } from './route.ts';

/** A recorded request cannot be sent again later; each attempt of the resource is signed anew. */
const TOLERANCE_S = 5 * 60;

/**
 * Whether a request is signed as Standard Webhooks 1.0 describes, in the last five minutes and with one of the secrets.
 *
 * @param body the bytes as they came
 * @param now milliseconds since 1970; of a message from a stream, when that took it
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

/** What becomes of a request. */
export interface Received {
  readonly answer: Answer;
  /** What the handlers get once it is answered; null when there is nothing for them. */
  readonly event: PushEvent | null;
}

/** What every kind of web server has in common: bytes in, an answer and perhaps an event out. */
export type Receive = ReturnType<typeof createReceive>;

/** With it, the resource's forwarder keeps the events and names the secret; a 400 would lose them. */
const WRONG_SIGNATURE: Answer = { status: 401, text: 'Invalid Signature' };

/** What handlers may get as the id of an event. */
export const EVENT_ID = /^[!-~]{1,64}$/;

export function createReceive({ keys, maxBodyBytes, secrets }: ListenerSettings, clock: Clock) {
  const wrongKeys = new RateLimit(WRONG_KEYS, clock);
  const repeats = new Repeats(clock.monotonic);

  /**
   * @param raw the whole body as it came
   * @param socket of the sender, whose wrong keys are counted; without one, all senders count as one
   */
  return (raw: Uint8Array, header: HeaderOf, socket?: NodeRequest['socket']): Received => {
    if (raw.byteLength > maxBodyBytes) return { answer: TOO_LARGE, event: null };
    const now = clock.now();
    const result = receiveEvent(raw, keys, 'http', now);
    if (!result.accepted) {
      const answer = REFUSALS[result.reason];
      const isStranger = answer === REFUSALS['wrong-key'];
      const isExcessive = isStranger && !wrongKeys.take(networkOf(socket?.remoteAddress ?? ''));
      return { answer: isExcessive ? TOO_MANY_WRONG_KEYS : answer, event: null };
    }
    if (secrets.length > 0 && !isSigned(secrets, header, raw, now)) return { answer: WRONG_SIGNATURE, event: null };
    const { event } = result;
    const answer = answerFor(event);
    // A type, not one of the known: they are compared as text.
    if ((event.type as string) === PROBE_TYPE) return { answer, event: null };
    const webhookId = header('webhook-id');
    if (webhookId === undefined || webhookId === '') return { answer, event };
    const attempt = isReplayId(webhookId) || !isReplay(secrets, header) ? 0 : attemptIn(header);
    if (repeats.isRepeat(webhookId, attempt)) return { answer, event: null };
    const id = eventIdOf(webhookId);
    return { answer, event: EVENT_ID.test(id) ? { ...event, id } : event };
  };
}

/**
 * Whether a request is one that an operator had the resource send again. Its header is not signed, its id is: where there is a secret,
 * the id alone says so.
 */
export function isReplay(secrets: readonly string[], header: HeaderOf): boolean {
  if (isReplayId(header('webhook-id') ?? '')) return true;
  return secrets.length === 0 && header('x-sonorancad-replay') === 'true';
}

function attemptIn(header: HeaderOf): number {
  const attempt = header('x-sonorancad-attempt') ?? '';
  return /^[1-9]\d{0,8}$/.test(attempt) ? Number(attempt) : 1;
}
