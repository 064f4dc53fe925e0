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

/** Finds a header by its lower-case name. If a header occurs several times, the first value counts. */
export type HeaderLookup = (name: string) => string | undefined;

/** The result of receiving one request: its answer, and the event for the handlers. */
export interface ReceivedRequest {
  readonly answer: Answer;
  /** Null if the request was refused, repeats an earlier event or is a probe. */
  readonly event: PushEvent | null;
}

/** Turns the body and headers of an HTTP request into an answer and an event. */
export interface EventReceiver {
  /**
   * @param raw the whole body as bytes
   * @param socket identifies the sender, whose wrong keys are counted. Requests without a socket count as one sender.
   */
  receive(raw: Uint8Array, header: HeaderLookup, socket?: NodeRequest['socket']): ReceivedRequest;
}

/** The answer to a wrong signature. The resource keeps its events after a 401; a 400 would drop them. */
const WRONG_SIGNATURE: Answer = { status: 401, text: 'Invalid Signature' };

/** The ids that handlers can get. An event whose `webhook-id` does not match keeps a generated id. */
const EVENT_ID_PATTERN = /^[!-~]{1,64}$/;

/** Authenticates requests, reads their events and drops repeats, for every kind of web server. */
export class RequestReceiver implements EventReceiver {
  readonly #settings: ListenerSettings;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #wrongKeys: RateLimit;
  readonly #processedEvents: ProcessedEvents;

  constructor(settings: ListenerSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#wrongKeys = new RateLimit(WRONG_KEYS, clock);
    this.#processedEvents = new ProcessedEvents(clock.monotonic);
  }

  receive(raw: Uint8Array, header: HeaderLookup, socket?: NodeRequest['socket']): ReceivedRequest {
    const { keys, maxBodyBytes, secrets } = this.#settings;
    if (raw.byteLength > maxBodyBytes) return { answer: TOO_LARGE, event: null };

    const now = this.#clock.now();
    const result = receiveEvent(raw, keys, 'http', now);
    if (!result.accepted) return { answer: this.#limitWrongKeys(REFUSALS[result.reason], socket), event: null };
    if (secrets.length > 0 && !isSigned(secrets, header, raw, now)) return { answer: WRONG_SIGNATURE, event: null };

    const { event } = result;
    const answer = answerFor(event);
    // The probe's type is not in the catalogue, so it is compared as plain text.
    if ((event.type as string) === PROBE_TYPE) return { answer, event: null };

    const webhookId = header('webhook-id');
    if (webhookId === undefined || webhookId === '') return { answer, event };
    const replayAttempt = readReplayAttempt(secrets, header, webhookId);
    if (this.#processedEvents.isRepeat(webhookId, replayAttempt)) return { answer, event: null };
    const id = eventIdOf(webhookId);
    return { answer, event: EVENT_ID_PATTERN.test(id) ? { ...event, id } : event };
  }

  /** Counts a wrong key of a sender's network. @returns the refusal, or 429 if the network sent too many wrong keys */
  #limitWrongKeys(refusal: Answer, socket: NodeRequest['socket'] | undefined): Answer {
    if (refusal !== REFUSALS['wrong-key']) return refusal;
    const network = networkOf(socket?.remoteAddress ?? '');
    return this.#wrongKeys.take(network) ? refusal : TOO_MANY_WRONG_KEYS;
  }
}

/**
 * Maximum age of a signature in seconds, so that a recorded request cannot be sent again later. Retries are re-signed.
 */
const SIGNATURE_TOLERANCE_S = 5 * 60;

/**
 * Checks that a request has a Standard Webhooks 1.0 signature of one of the secrets, at most 5 minutes old.
 *
 * @param body the bytes as received
 * @param now milliseconds since 1970. For a message of a stream, the time at which the stream stored it.
 */
export function isSigned(secrets: readonly string[], header: HeaderLookup, body: Uint8Array, now: number): boolean {
  const id = header('webhook-id') ?? '';
  const timestamp = header('webhook-timestamp') ?? '';
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > SIGNATURE_TOLERANCE_S) return false;

  const signatures = (header('webhook-signature') ?? '').split(' ').map((signature) => Buffer.from(signature));
  return secrets.some((secret) => {
    const expected = Buffer.from(signatureOf([secret], id, Number(timestamp), body));
    return signatures.some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  });
}

/**
 * Checks whether an operator replayed the request's event. With secrets, only the signed `webhook-id` proves a replay,
 * because the header `x-sonorancad-replay` is not signed.
 */
export function isReplay(secrets: readonly string[], header: HeaderLookup): boolean {
  if (isReplayId(header('webhook-id') ?? '')) return true;
  return secrets.length === 0 && header('x-sonorancad-replay') === 'true';
}

/** @returns the attempt number of a replay that keeps the event's `webhook-id`, or 0 for any other request */
function readReplayAttempt(secrets: readonly string[], header: HeaderLookup, webhookId: string): number {
  // A replay with its own id, such as `….r1`, is deduplicated by that id.
  if (isReplayId(webhookId) || !isReplay(secrets, header)) return 0;
  const attempt = header('x-sonorancad-attempt') ?? '';
  return /^[1-9]\d{0,8}$/.test(attempt) ? Number(attempt) : 1;
}

interface ProcessedEvent {
  /** Monotonic milliseconds. */
  readonly processedAt: number;
  /** The attempt number of a replay, or 0 if the event was no replay. */
  readonly replayAttempt: number;
}

/** How long an id is remembered. The resource retries for at most 7 days (`maxAgeMinutes`), by default for one day. */
const REMEMBER_MS = 8 * 24 * 3_600_000;
/** Upper bound for remembered ids, about 15 MB. Beyond it, the oldest ids are forgotten. */
const MAX_REMEMBERED_IDS = 100_000;
/** Longest id that is stored as text. The resource's ids have 36 characters; longer ids are stored as a hash. */
const MAX_STORED_ID_LENGTH = 64;

/** Remembers the `webhook-id` of each processed event, to drop events that are sent again. */
export class ProcessedEvents {
  readonly #events = new Map<string, ProcessedEvent>();
  readonly #monotonic: () => number;

  /** @param monotonic a clock in milliseconds that never runs backwards */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Checks whether an event was processed before, and remembers it.
   *
   * @param replayAttempt 0, or the attempt number of a replay that keeps the event's id and is marked by a header
   * @returns true if the id was processed before, or an earlier attempt of the same replay was
   */
  isRepeat(id: string, replayAttempt: number): boolean {
    const key = toStoredId(id);
    const now = this.#monotonic();
    const stored = this.#events.get(key);
    const previous = stored !== undefined && isFresh(stored, now) ? stored : null;
    if (previous !== null && replayAttempt === 0) return true;

    this.#remember(key, { processedAt: now, replayAttempt });
    // A first attempt always starts a new replay. A later attempt repeats a replay that was processed already.
    return previous !== null && previous.replayAttempt > 0 && previous.replayAttempt < replayAttempt;
  }

  /** Forgets an event whose handling failed, so that its next delivery is handled. */
  forget(id: string): void {
    this.#events.delete(toStoredId(id));
  }

  #remember(key: string, event: ProcessedEvent): void {
    // Deleting first moves a known id to the end of the map, which is ordered by insertion.
    this.#events.delete(key);
    this.#events.set(key, event);
    for (const [oldestKey, oldest] of this.#events) {
      if (isFresh(oldest, event.processedAt) && this.#events.size <= MAX_REMEMBERED_IDS) return;
      this.#events.delete(oldestKey);
    }
  }
}

function toStoredId(id: string): string {
  return id.length <= MAX_STORED_ID_LENGTH ? id : createHash('sha256').update(id).digest('base64');
}

function isFresh({ processedAt }: ProcessedEvent, now: number): boolean {
  return now - processedAt < REMEMBER_MS;
}

/** The content of a stream's message: body, headers and storage time. */
export interface StreamedEvent {
  readonly body: Uint8Array;
  readonly header: HeaderLookup;
  /** When the stream stored the message, in milliseconds since 1970. */
  readonly storedAt: number;
}

/**
 * The result of reading a stream's message. A `repeat` was received by this worker before. The `fault` of a refused
 * message is the `x-sonorancad-reason` of its dead letter.
 */
type ReceivedMessage =
  | { readonly kind: 'event'; readonly event: PushEvent; readonly webhookId: string }
  | { readonly kind: 'repeat'; readonly webhookId: string }
  | { readonly kind: 'refused'; readonly fault: string };

/** Authenticates messages of a stream, reads their events and finds repeats. */
export class StreamReceiver {
  readonly #settings: ConsumerSettings;
  readonly #processedEvents: ProcessedEvents;

  constructor(settings: ConsumerSettings, clock: Pick<Clock, 'monotonic'>) {
    this.#settings = settings;
    this.#processedEvents = new ProcessedEvents(clock.monotonic);
  }

  /** Reads one message. Its event counts as processed unless `forget` is called. */
  receive({ body, header, storedAt }: StreamedEvent): ReceivedMessage {
    const { keys, sessionKey, secrets } = this.#settings;
    // A message can wait in the stream for days, so the age of its signature is measured at storage time.
    if (secrets.length > 0 && !isSigned(secrets, header, body, storedAt)) {
      return { kind: 'refused', fault: 'is not signed with the secret' };
    }
    const result = receivePayload(Buffer.from(body).toString(), keys, sessionKey, storedAt);
    if (!result.accepted) return { kind: 'refused', fault: MESSAGE_FAULTS[result.reason] };

    const webhookId = header('webhook-id') ?? header('Nats-Msg-Id') ?? '';
    if (webhookId !== '' && this.#processedEvents.isRepeat(webhookId, 0)) return { kind: 'repeat', webhookId };
    const id = eventIdOf(webhookId);
    const event: PushEvent = { ...result.event, source: 'http', ...(EVENT_ID_PATTERN.test(id) && { id }) };
    return { kind: 'event', event, webhookId };
  }

  forget(webhookId: string): void {
    this.#processedEvents.forget(webhookId);
  }
}

/** Why a message was refused: the values of the header `x-sonorancad-reason`, which dead letters keep. */
const MESSAGE_FAULTS = {
  'wrong-key': 'has an API key that is none of those given',
  'no-key': 'has an API key that is none of those given',
  'invalid-json': 'is no JSON object',
  'invalid-type': 'has no type',
  'too-large': 'is longer than 1 MiB',
} as const;
