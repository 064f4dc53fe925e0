import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { DeadLetterInfo } from '../forwarding-status.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { type DeadLetterKey, deadLetterKey, type EventKey } from './store-keys.ts';
import {
  type DeadLetterRecord,
  decodeDeadLetter,
  encodeDeadLetter,
  seal,
  sealedBytes,
  unseal,
} from './stored-records.ts';

export const DAMAGED = 'its record in the database is damaged';

/** The events that were given up on. Each is kept until it is replayed or dropped, or until its queue is full. */
export class DeadLetters {
  readonly #store: CheckedStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #byTarget = new Map<string, { readonly byEvent: Map<string, DeadLetterKey>; bytes: number }>();
  readonly #reportedDamage = new WeakSet<DeadLetterKey>();

  constructor(store: CheckedStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Lists a dead letter that is in the store already. */
  adopt(deadLetter: DeadLetterKey): void {
    const ofTarget = this.#byTarget.get(deadLetter.target) ?? { byEvent: new Map(), bytes: 0 };
    this.#byTarget.set(deadLetter.target, ofTarget);
    if (ofTarget.byEvent.has(eventOf(deadLetter))) return;
    ofTarget.byEvent.set(eventOf(deadLetter), deadLetter);
    ofTarget.bytes += deadLetter.size;
  }

  /**
   * Stores an event as a dead letter of a target.
   *
   * @param content the event, or as text what is left of a damaged record
   */
  add(
    target: string,
    { seq, id }: Pick<EventKey, 'seq' | 'id'>,
    content: DeadLetterRecord['content'],
    { reason, attempts }: Pick<DeadLetterRecord, 'reason' | 'attempts'>,
  ): void {
    const encoded = encodeDeadLetter({ reason, diedAt: this.#clock.now(), attempts, content });
    const deadLetter = { target, seq, size: sealedBytes(encoded), id };
    // If the process died before the event left its queue, it is a dead letter already, under a key with another size.
    const earlier = this.#byTarget.get(target)?.byEvent.get(eventOf(deadLetter));
    if (earlier !== undefined) this.remove(earlier);
    const key = deadLetterKey(deadLetter);
    this.#store.set(key, seal(key, encoded));
    this.adopt(deadLetter);
  }

  /** Keeps what is left of a damaged event for the operator. @param key of its record */
  addDamaged(target: string, event: EventKey, key: string, remains: string, attempts: number): void {
    this.add(target, event, remains, { reason: DAMAGED, attempts });
    const message = 'A stored event is damaged and not forwarded: what is left of it is a dead letter.';
    // Without the remains: a body can hold an API key.
    this.#log.error(message, { id: event.id, target, key });
  }

  count(target: string): number {
    return this.#byTarget.get(target)?.byEvent.size ?? 0;
  }

  bytes(target: string): number {
    return this.#byTarget.get(target)?.bytes ?? 0;
  }

  /** Names of the targets that have dead letters. */
  targets(): string[] {
    return [...this.#byTarget.keys()];
  }

  /** @returns the dead letters of one target or of all targets, oldest first for each target */
  all(target?: string): DeadLetterKey[] {
    const targets = target === undefined ? this.targets() : [target];
    return targets.flatMap((name) => [...(this.#byTarget.get(name)?.byEvent.values() ?? [])]);
  }

  has(deadLetter: DeadLetterKey): boolean {
    return this.#byTarget.get(deadLetter.target)?.byEvent.get(eventOf(deadLetter)) === deadLetter;
  }

  /** @returns null where the record of the dead letter itself is damaged, which is reported once */
  load(deadLetter: DeadLetterKey): DeadLetterRecord | null {
    const key = deadLetterKey(deadLetter);
    const content = unseal(key, this.#store.get(key));
    if (content !== null) return decodeDeadLetter(content);
    if (this.#reportedDamage.has(deadLetter)) return null;
    this.#reportedDamage.add(deadLetter);
    const { id, target } = deadLetter;
    const message = 'A dead letter is damaged and cannot be replayed: it is kept as it is until you drop it.';
    this.#log.error(message, { id, target, key });
    return null;
  }

  remove(deadLetter: DeadLetterKey): void {
    this.#store.delete(deadLetterKey(deadLetter));
    const ofTarget = this.#byTarget.get(deadLetter.target);
    if (!ofTarget?.byEvent.delete(eventOf(deadLetter))) return;
    ofTarget.bytes -= deadLetter.size;
    if (ofTarget.byEvent.size === 0) this.#byTarget.delete(deadLetter.target);
  }

  /** @returns the dead letter that was dropped, null when the target has none */
  dropOldest(target: string): DeadLetterKey | null {
    const [oldest] = this.#byTarget.get(target)?.byEvent.values() ?? [];
    if (oldest !== undefined) this.remove(oldest);
    return oldest ?? null;
  }

  /**
   * Describes the dead letters of one target or of all, newest first. Each is read only when the iterator gets to it.
   */
  *newest(target: string | undefined, skip = 0): Iterable<DeadLetterInfo> {
    const inOrder = this.all(target).sort((a, b) => a.seq - b.seq);
    for (const deadLetter of inOrder.reverse().slice(skip)) if (this.has(deadLetter)) yield this.#describe(deadLetter);
  }

  #describe(deadLetter: DeadLetterKey): DeadLetterInfo {
    const { id, target, size } = deadLetter;
    const { reason, diedAt, attempts, content } = this.load(deadLetter) ?? UNREADABLE;
    const { type, receivedAt } = typeof content === 'string' ? { type: null, receivedAt: null } : content;
    return { id, target, type, reason, receivedAt, diedAt, attempts, size };
  }
}

const UNREADABLE = { reason: DAMAGED, diedAt: null, attempts: null, content: '' };

/** Identifies a dead letter among those of its target. The sequence number alone may come from a damaged key. */
function eventOf({ seq, id }: DeadLetterKey): string {
  return `${seq}/${id}`;
}
