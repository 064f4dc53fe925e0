import type { AttemptResult, OutgoingEvent, Target } from '../delivery.ts';
import { withKey, withoutKey } from '../outbox/key-members.ts';
import type { EventRecord } from '../outbox/stored-records.ts';
import { PROBE_TYPE } from '../signed-headers.ts';
import type { ToldAttempt } from './attempt-log.ts';
import { DEFERRED_ATTEMPTS, type QueuedEvent, type QueueServices } from './delivery-queue.ts';

/** A request that is under way. */
export interface OpenAttempt extends ToldAttempt {
  /** What it carries; null for a probe. */
  readonly item: QueuedEvent | null;
  /** The event that was passed over to see whether this one is taken. */
  readonly passedOver: QueuedEvent | null;
  /** Of a probe: the attempt without an answer that led to it. */
  readonly onBehalfOf: OpenAttempt | null;
  /** When its last byte was handed to the system, in monotonic milliseconds; null before. */
  writtenAt: number | null;
}

export interface AttemptsOptions {
  readonly services: QueueServices;
  target(): Target;
  written(attempt: OpenAttempt): void;
  ended(attempt: OpenAttempt, result: AttemptResult): void;
}

const NOTHING = { item: null, attempt: 1, lastAttempt: null, passedOver: null, onBehalfOf: null, writtenAt: null };

/** The requests to one target. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #open: { readonly attempt: OpenAttempt; cancel: () => void }[] = [];

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Under way, oldest first. */
  get open(): readonly OpenAttempt[] {
    return this.#open.map(({ attempt }) => attempt);
  }

  send(item: QueuedEvent, record: EventRecord, passedOver: QueuedEvent | null, deadlineMs: number): void {
    const { services, target } = this.#options;
    item.state = 'sending';
    item.attempts += 1;
    const body = target().includeKey ? withKey(record.body, services.currentKey()) : withoutKey(record.body);
    const { id } = item.event;
    const { type, receivedAt, hops } = record;
    const lastAttempt = item.isDeferred ? item.attempts + DEFERRED_ATTEMPTS - 1 - item.deferredErrors : null;
    const attempt = { ...NOTHING, item, id, type, attempt: item.attempts, lastAttempt, passedOver };
    this.#start(attempt, { id, type, receivedAt, body, hops }, record.replay, deadlineMs);
  }

  /** Asks whether the target is there. */
  probe(onBehalfOf: OpenAttempt | null): void {
    const { services, target } = this.#options;
    const key = target().includeKey ? { key: services.currentKey() } : {};
    const body = Buffer.from(JSON.stringify({ ...key, type: PROBE_TYPE, data: {} }));
    const receivedAt = services.clock.now();
    const id = `probe-${receivedAt}`;
    const event = { id, type: PROBE_TYPE, receivedAt, body, hops: 0 };
    this.#start({ ...NOTHING, id, type: PROBE_TYPE, onBehalfOf }, event, false, target().timeoutMs);
  }

  /** Calls one off; nothing more is heard of it. */
  cancel(attempt: OpenAttempt): void {
    this.#remove(attempt)?.();
  }

  /** Calls one off, so that its event waits again. */
  putBack(attempt: OpenAttempt): void {
    this.cancel(attempt);
    const item = attempt.item ?? attempt.onBehalfOf?.item ?? null;
    if (item?.state === 'sending') item.state = 'waiting';
  }

  #remove(attempt: OpenAttempt): (() => void) | undefined {
    const at = this.#open.findIndex((entry) => entry.attempt === attempt);
    return at < 0 ? undefined : this.#open.splice(at, 1)[0]?.cancel;
  }

  #start(attempt: OpenAttempt, event: OutgoingEvent, replay: boolean, deadlineMs: number): void {
    const { services, target, written, ended } = this.#options;
    const entry = { attempt, cancel: () => {} };
    this.#open.push(entry);
    const wanted = { target: target(), event, attempt: attempt.attempt, replay, probe: attempt.item === null };
    entry.cancel = services.send(wanted, deadlineMs, {
      written() {
        attempt.writtenAt = services.clock.monotonic();
        written(attempt);
      },
      ended: (result) => {
        if (this.#remove(attempt) !== undefined) ended(attempt, result);
      },
    });
  }
}
