import { createHash, timingSafeEqual } from 'node:crypto';
import type { PushEvent } from '../events/push-event.ts';
import { receiveEvent, receivePayload } from '../events/receive.ts';
import { eventIdOf, isReplayId, PROBE_TYPE, signatureOf } from '../forward/signed-headers.ts';
import { type Answer, answerFor, REFUSALS, TOO_LARGE, TOO_MANY_WRONG_KEYS } from '../http/event-routes.ts';
import { WRONG_KEYS } from '../http/senders.ts';
import { networkOf } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type { ConsumerSettings, ListenerSettings } from './options.ts';
import type { NodeRequest } from './push-event-listener.ts';

/** Gives the value of a header by its name in lower case; of several the first. */
export type HeaderOf = (name: string) => string | undefined;

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
const EVENT_ID = /^[!-~]{1,64}$/;

/** @returns what checks a request, reads it, and passes over what it has taken before */
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

interface Taken {
  readonly at: number;
  /** 0 when it was no replay. */
  readonly replayAttempt: number;
}

/** The resource may be told to try for 7 days (`maxAgeMinutes`); by default it does for a day. */
const REMEMBERED_MS = 8 * 24 * 3_600_000;
/** Some 15 MB when full, which it is after 100,000 events in 8 days: from then on the oldest are forgotten. */
const MAX_IDS = 100_000;
/** The resource's are 36. A header can be far longer: such an id is kept as a hash. */
const MAX_ID_LENGTH = 64;

/** Tells events that were sent again from new ones, by their `webhook-id`. */
export class Repeats {
  readonly #taken = new Map<string, Taken>();
  readonly #monotonic: () => number;

  /** @param monotonic milliseconds that never run backwards */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Takes note of an event that is accepted.
   *
   * @param replayAttempt 0, or the number of the attempt at a replay that is known by its header and has the id of the event
   * @returns whether it was taken before: under that id, or in an earlier attempt at the same replay
   */
  isRepeat(id: string, replayAttempt: number): boolean {
    const name = nameOf(id);
    const now = this.#monotonic();
    const found = this.#taken.get(name);
    const known = found !== undefined && isFresh(found, now) ? found : null;
    if (known !== null && replayAttempt === 0) return true;
    this.#note(name, { at: now, replayAttempt });
    // A later attempt at a replay of which an earlier one was taken; a first attempt is always a replay of its own.
    return known !== null && known.replayAttempt > 0 && known.replayAttempt < replayAttempt;
  }

  /** Forgets an event that was not handled after all, so that it is no repeat when it comes again. */
  forget(id: string): void {
    this.#taken.delete(nameOf(id));
  }

  #note(name: string, entry: Taken): void {
    this.#taken.delete(name);
    this.#taken.set(name, entry);
    // In the order in which they came: the first is the next to be forgotten.
    for (const [oldest, known] of this.#taken) {
      if (isFresh(known, entry.at) && this.#taken.size <= MAX_IDS) return;
      this.#taken.delete(oldest);
    }
  }
}

function nameOf(id: string): string {
  return id.length <= MAX_ID_LENGTH ? id : createHash('sha256').update(id).digest('base64');
}

function isFresh({ at }: Taken, now: number): boolean {
  return now - at < REMEMBERED_MS;
}

/** A message of a stream, as far as it is checked and read. */
export interface StreamedEvent {
  readonly body: Uint8Array;
  readonly header: HeaderOf;
  /** When the stream took it, in milliseconds since 1970. */
  readonly storedAt: number;
}

/** What a message of the stream is. */
type ReceivedMessage =
  | { readonly kind: 'event'; readonly event: PushEvent; readonly webhookId: string }
  /** This worker has had it before. */
  | { readonly kind: 'repeat'; readonly webhookId: string }
  /** @param reason in words that follow "an event" */
  | { readonly kind: 'refused'; readonly reason: string };

/** Checks messages of a stream as the listener does requests, and reads them. */
export class StreamReceiver {
  readonly #settings: ConsumerSettings;
  readonly #repeats: Repeats;

  constructor(settings: ConsumerSettings, clock: Pick<Clock, 'monotonic'>) {
    this.#settings = settings;
    this.#repeats = new Repeats(clock.monotonic);
  }

  /** Checks and reads one. An event that it gives counts as handled unless `forget` is called. */
  receive({ body, header, storedAt }: StreamedEvent): ReceivedMessage {
    const { keys, sessionKey, secrets } = this.#settings;
    // It may have waited for days: what counts is when the stream took it.
    if (secrets.length > 0 && !isSigned(secrets, header, body, storedAt)) {
      return { kind: 'refused', reason: 'is not signed with the secret' };
    }
    const result = receivePayload(Buffer.from(body).toString(), keys, sessionKey, storedAt);
    if (!result.accepted) return { kind: 'refused', reason: REFUSED[result.reason] };
    const webhookId = header('webhook-id') ?? header('Nats-Msg-Id') ?? '';
    if (webhookId !== '' && this.#repeats.isRepeat(webhookId, 0)) return { kind: 'repeat', webhookId };
    const id = eventIdOf(webhookId);
    const event: PushEvent = { ...result.event, source: 'http', ...(EVENT_ID.test(id) && { id }) };
    return { kind: 'event', event, webhookId };
  }

  /** An event was not handled after all: it is to come again. */
  forget(webhookId: string): void {
    this.#repeats.forget(webhookId);
  }
}

const WRONG_KEY = 'has an API key that is none of those given';

const REFUSED = {
  'wrong-key': WRONG_KEY,
  'no-key': WRONG_KEY,
  'invalid-json': 'is no JSON object',
  'invalid-type': 'has no type',
  'too-large': 'is longer than 1 MiB',
} as const;
