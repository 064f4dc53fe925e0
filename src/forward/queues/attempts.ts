import type { AttemptResult, OutgoingEvent, Target } from '../delivery.ts';
import { withKey } from '../outbox/key-members.ts';
import { seesKey } from '../outbox/outgoing-bodies.ts';
import type { EventRecord } from '../outbox/stored-records.ts';
import { PROBE_TYPE } from '../signed-headers.ts';
import type { LoggedAttempt } from './attempt-log.ts';
import { DEFERRED_ATTEMPTS, type QueuedEvent, type QueueServices } from './delivery-queue.ts';

/** A request that is under way. */
export interface OpenAttempt extends LoggedAttempt {
  /** What it carries; null for a probe. */
  readonly item: QueuedEvent | null;
  /** The event that was passed over to see whether this one is taken. */
  readonly passedOver: QueuedEvent | null;
  /** Of a probe: the attempt without an answer that led to it. */
  readonly onBehalfOf: OpenAttempt | null;
  /** When its last byte was handed to the system, in monotonic milliseconds; null before. */
  writtenAt: number | null;
  cancel(): void;
}

/** Whose requests they are, and what hears how they end. */
export interface AttemptsOwner {
  readonly services: QueueServices;
  readonly target: Target;
  written(): void;
  ended(attempt: OpenAttempt, result: AttemptResult): void;
}

const PROBE = { type: PROBE_TYPE, item: null, passedOver: null, attempt: 1, lastAttempt: null };
const UNSENT = { writtenAt: null, cancel: () => {} };

/** The requests to one target. */
export class Attempts {
  /** Under way, oldest first. */
  open: readonly OpenAttempt[] = [];
  readonly #owner: AttemptsOwner;

  constructor(owner: AttemptsOwner) {
    this.#owner = owner;
  }

  send(item: QueuedEvent, record: EventRecord, passedOver: QueuedEvent | null, deadlineMs: number): void {
    const { services, target } = this.#owner;
    item.state = 'sending';
    item.attempts += 1;
    const body = seesKey(target)
      ? withKey(record.body, services.currentKey())
      : services.outgoing.withoutKeys(record.body);
    const { id } = item.event;
    const { type, receivedAt, hops } = record;
    const lastAttempt = item.isDeferred ? item.attempts + DEFERRED_ATTEMPTS - 1 - item.deferredErrors : null;
    const about = { id, type, attempt: item.attempts, lastAttempt };
    const attempt = { ...UNSENT, ...about, item, passedOver, onBehalfOf: null };
    this.#start(attempt, { id, type, receivedAt, body, hops }, record.replay, deadlineMs);
  }

  /** Asks whether the target is there. */
  probe(onBehalfOf: OpenAttempt | null): void {
    const { services, target } = this.#owner;
    const key = target.includeKey ? { key: services.currentKey() } : {};
    const body = Buffer.from(JSON.stringify({ ...key, type: PROBE_TYPE, data: {} }));
    const receivedAt = services.clock.now();
    const id = `probe-${receivedAt}`;
    const event = { id, type: PROBE_TYPE, receivedAt, body, hops: 0 };
    this.#start({ ...UNSENT, ...PROBE, id, onBehalfOf }, event, false, target.timeoutMs);
  }

  /** Calls one off; its end is not reported. */
  cancel(attempt: OpenAttempt): void {
    if (this.#remove(attempt)) attempt.cancel();
  }

  /** Calls one off, so that its event waits again. */
  putBack(attempt: OpenAttempt): void {
    this.cancel(attempt);
    const item = attempt.item ?? attempt.onBehalfOf?.item;
    if (item?.state === 'sending') item.state = 'waiting';
  }

  /** @returns whether it was still open */
  #remove(attempt: OpenAttempt): boolean {
    const before = this.open;
    this.open = before.filter((other) => other !== attempt);
    return this.open.length < before.length;
  }

  #start(attempt: OpenAttempt, event: OutgoingEvent, replay: boolean, deadlineMs: number): void {
    const { services, target } = this.#owner;
    this.open = [...this.open, attempt];
    const request = { target, event, attempt: attempt.attempt, replay, probe: attempt.item === null };
    attempt.cancel = services.send(request, deadlineMs, {
      written: () => {
        attempt.writtenAt = services.clock.monotonic();
        this.#owner.written();
      },
      ended: (result) => {
        if (this.#remove(attempt)) this.#owner.ended(attempt, result);
      },
    });
  }
}
