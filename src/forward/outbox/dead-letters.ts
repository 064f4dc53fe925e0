import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { DeadLetterInfo } from '../forwarding-status.ts';
import { type Scheduler, SLICE_MS } from '../scheduler.ts';
import { isMeant, nextReplayId } from '../signed-headers.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { Outbox, StoredEvent } from './outbox.ts';
import { type DeadLetterKey, deadLetterKey, deadLetterPlace, deadNameKey } from './store-keys.ts';
import {
  type DamagedRecord,
  type Death,
  type EventRecord,
  type ReadRecord,
  readRecord,
  writeDamaged,
  writeDeadName,
  writeRecord,
} from './stored-records.ts';

/** The events that were given up on, kept until they are replayed or dropped or room is needed. */
export class DeadLetters {
  readonly #store: CheckedStore;
  readonly #byTarget = new Map<string, { readonly bySeq: Map<number, DeadLetterKey>; bytes: number }>();

  constructor(store: CheckedStore) {
    this.#store = store;
  }

  /** Takes up one that an earlier run left. */
  adopt(deadLetter: DeadLetterKey): void {
    const { target, seq, size } = deadLetter;
    const ofTarget = this.#byTarget.get(target) ?? { bySeq: new Map(), bytes: 0 };
    this.#byTarget.set(target, ofTarget);
    if (ofTarget.bySeq.has(seq)) return;
    ofTarget.bySeq.set(seq, deadLetter);
    ofTarget.bytes += size;
  }

  /** Stores an event, or what is left of it, as a dead letter of a target. */
  add(
    target: string,
    { seq, id }: Pick<DeadLetterKey, 'seq' | 'id'>,
    record: EventRecord | DamagedRecord,
    dead: Death,
  ): void {
    const place = deadLetterPlace({ target, seq, id });
    const isDamaged = 'kind' in record;
    const { value, size } = isDamaged
      ? writeDamaged(record, dead, place)
      : writeRecord({ ...record, dead, after: undefined }, place);
    const deadLetter = { target, seq, size, id };
    // A process that died before the event left its queue has left one, too: it would come back after it was dropped.
    const earlier = this.#byTarget.get(target)?.bySeq.get(seq);
    if (earlier?.id === id) this.remove(earlier);
    this.#store.set(deadLetterKey(deadLetter), value);
    this.name(deadLetter);
    this.adopt(deadLetter);
  }

  /** Names it in another record, so that the loss of its own is noticed. */
  name(deadLetter: DeadLetterKey): void {
    const key = deadNameKey(deadLetter);
    this.#store.set(key, writeDeadName(key));
  }

  count(target: string): number {
    return this.#byTarget.get(target)?.bySeq.size ?? 0;
  }

  bytes(target: string): number {
    return this.#byTarget.get(target)?.bytes ?? 0;
  }

  /** The targets that have any. */
  targets(): string[] {
    return [...this.#byTarget.keys()];
  }

  /** @returns those of one target or of all, oldest first within each */
  all(target?: string): DeadLetterKey[] {
    const targets = target === undefined ? this.targets() : [target];
    return targets.flatMap((name) => [...(this.#byTarget.get(name)?.bySeq.values() ?? [])]);
  }

  has(deadLetter: DeadLetterKey): boolean {
    return this.#byTarget.get(deadLetter.target)?.bySeq.get(deadLetter.seq) === deadLetter;
  }

  load(deadLetter: DeadLetterKey): ReadRecord {
    return readRecord(this.#store.get(deadLetterKey(deadLetter)), deadLetter.size, deadLetterPlace(deadLetter));
  }

  remove(deadLetter: DeadLetterKey): void {
    // Its name first: a dead letter that is named and not there has been lost.
    this.#store.delete(deadNameKey(deadLetter));
    this.#store.delete(deadLetterKey(deadLetter));
    const ofTarget = this.#byTarget.get(deadLetter.target);
    if (!ofTarget?.bySeq.delete(deadLetter.seq)) return;
    ofTarget.bytes -= deadLetter.size;
    if (ofTarget.bySeq.size === 0) this.#byTarget.delete(deadLetter.target);
  }

  /** Makes room. @returns what was dropped, null when there was nothing */
  dropOldest(target: string): DeadLetterKey | null {
    const [oldest] = this.#byTarget.get(target)?.bySeq.values() ?? [];
    if (oldest !== undefined) this.remove(oldest);
    return oldest ?? null;
  }

  /** Those of one target or of all, the newest first. Each is read when it is asked for, unless it is gone by then. */
  *newest(target: string | undefined, skip = 0): Iterable<DeadLetterInfo> {
    const inOrder = this.all(target).sort((a, b) => a.seq - b.seq);
    for (const deadLetter of inOrder.reverse().slice(skip)) if (this.has(deadLetter)) yield this.#describe(deadLetter);
  }

  #describe(deadLetter: DeadLetterKey): DeadLetterInfo {
    const { id, target, size } = deadLetter;
    const read = this.load(deadLetter);
    const { type = null, receivedAt = null } = read.kind === 'readable' ? read.record : {};
    const dead = read.kind === 'readable' ? read.record.dead : read.kind === 'damaged' ? read.dead : undefined;
    const { at: diedAt = null, attempts = null } = dead ?? {};
    const reason = dead?.reason ?? (read.kind === 'damaged' ? read.reason : null);
    return { id, target, type, reason, receivedAt, diedAt, attempts, size };
  }
}

interface ReplayOptions {
  readonly deadLetters: DeadLetters;
  readonly outbox: Outbox;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  /** @returns what sends to a target; undefined when it is not configured */
  senderOf(target: string): { readonly queue: { readonly slot: number }; push(event: StoredEvent): void } | undefined;
}

/** Sends dead letters again. */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #task: ReturnType<Scheduler['task']>;
  #jobs: { readonly deadLetter: DeadLetterKey; readonly to: string }[] = [];

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#task = options.scheduler.task(() => this.#work());
  }

  /**
   * @param id of the event or of its last replay, or `all`
   * @param target where they go; without it each goes to its own target. With it and `all`, those of removed targets go too
   * @returns how many are sent again, over the next moments
   */
  start(id: string, target?: string): number {
    const { deadLetters, clock } = this.#options;
    if (target !== undefined && !this.#isConfigured(target)) return 0;
    const wanted = deadLetters.all().filter((deadLetter) => id === 'all' || isMeant(id, deadLetter.id));
    const own = wanted.filter((deadLetter) => deadLetter.target === target);
    // One event can be a dead letter of several targets: a named one gets it once.
    const chosen = id !== 'all' && target !== undefined ? (own.length > 0 ? own : wanted.slice(0, 1)) : wanted;
    const jobs = chosen.flatMap((deadLetter) => {
      // Another target's goes to a named one when it was asked for by its id, or when its own target is not configured any more.
      const isOwn = id === 'all' && this.#isConfigured(deadLetter.target);
      const to = target === undefined || isOwn ? deadLetter.target : target;
      return this.#isConfigured(to) && (target ?? to) === to ? [{ deadLetter, to }] : [];
    });
    this.#jobs = [...this.#jobs, ...jobs];
    this.#task.at(clock.monotonic());
    return jobs.length;
  }

  #isConfigured(target: string): boolean {
    return this.#options.senderOf(target) !== undefined;
  }

  /** Each is a read and two writes, so that thousands take a while: a few milliseconds at a time. */
  #work(): void {
    const { clock } = this.#options;
    const began = clock.monotonic();
    let done = 0;
    for (const { deadLetter, to } of this.#jobs) {
      if (done > 0 && clock.monotonic() - began > SLICE_MS) break;
      done += 1;
      this.#replay(deadLetter, to);
    }
    this.#jobs = this.#jobs.slice(done);
    if (this.#jobs.length > 0) this.#task.at(clock.monotonic());
  }

  #replay(deadLetter: DeadLetterKey, to: string) {
    const { deadLetters, outbox, clock, log, senderOf } = this.#options;
    const sender = senderOf(to);
    // Both may have gone since the operator asked.
    if (sender === undefined || !deadLetters.has(deadLetter)) return;
    const read = deadLetters.load(deadLetter);
    const { id, target } = deadLetter;
    if (read.kind !== 'readable') {
      return log.coalesce({ target }).warn('A dead letter cannot be read and is left as it is.', { id });
    }
    const record = { ...read.record, queuedAt: clock.now(), replay: true, dead: undefined };
    const event = outbox.add(record, nextReplayId(id), [sender.queue]);
    deadLetters.remove(deadLetter);
    sender.push(event);
  }
}
