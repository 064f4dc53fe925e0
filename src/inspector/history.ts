import type { PushEvent } from '../events/push-event.ts';
import type { ReceivedEvent, Refusal } from '../events/receive.ts';
import type { AttemptReport } from '../forward/queues/attempt-log.ts';
import { eventIdOf } from '../forward/signed-headers.ts';
import type { SubscriberCall } from '../game/dispatch/subscriptions.ts';
import type { Clock } from '../lib/clock.ts';
import type { PlayersTold } from './api-types.ts';
import { LONGEST_ANSWER, Measurements, withShortAnswer } from './measurements.ts';

const MOST_EVENTS = 500;
const MOST_BYTES = 4 * 1024 * 1024;
/** What a kept event takes beside its bytes, about. */
const EVENT_OVERHEAD = 512;
const NONE: readonly never[] = [];
const MOST_SUBSCRIBERS = 100;
const MOST_TOLD = 50;
/** As many as a server takes. */
const MOST_PLAYERS = 2_048;
const MOST_ATTEMPTS = 20;
const ATTEMPT_BYTES = 256 + LONGEST_ANSWER;

/** An attempt and when it ended, milliseconds since 1970. */
export interface KeptAttempt {
  readonly report: AttemptReport;
  readonly at: number;
}

/** An event, and what has become of it. The payload stays as received: what is asked for is cut out of it then. */
export class KeptEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly source: PushEvent['source'];
  readonly receivedAt: number;
  readonly issues: readonly string[] | null;
  readonly hops: number;
  /** The envelope, with its key. */
  readonly raw: Buffer;
  dispatchMs: number | null = null;
  /** Most events have none of these: lists of their own would cost more than all the rest. */
  subscribers: readonly SubscriberCall[] = NONE;
  told: readonly PlayersTold[] = NONE;
  attempts: readonly KeptAttempt[] = NONE;
  /** What it takes in memory, about. */
  size: number;

  constructor(seq: number, event: PushEvent, raw: Buffer, hops: number) {
    this.seq = seq;
    this.id = event.id;
    this.type = event.type;
    this.source = event.source;
    this.receivedAt = event.receivedAt;
    this.issues = event.valid ? null : event.issues;
    this.hops = hops;
    this.raw = raw;
    this.size = EVENT_OVERHEAD + raw.length;
  }
}

/** The last events, as the operator's page shows them: 500 of them, and 4 MB. Recording one is little more than a push. */
export class History {
  /** Called after each event that is kept. */
  watcher: (() => void) | null = null;
  readonly #now: Clock['now'];
  /** By their numbers modulo the most there are. */
  readonly #slots: (KeptEvent | undefined)[] = [];
  #first = 1;
  #next = 1;
  #bytes = 0;

  constructor({ now }: Pick<Clock, 'now'>) {
    this.#now = now;
  }

  /** The number of the newest event, 0 before the first. */
  get newest(): number {
    return this.#next - 1;
  }

  /** The number of the oldest event that is kept; one more than the newest when none is. */
  get oldest(): number {
    return this.#first;
  }

  /** Keeps an event. @param raw the envelope as received */
  add(event: PushEvent, raw: Buffer, hops: number): void {
    const kept = new KeptEvent(this.#next, event, raw, hops);
    if (kept.seq - this.#first >= MOST_EVENTS) this.#forgetOldest();
    this.#slots[kept.seq % MOST_EVENTS] = kept;
    this.#next += 1;
    this.#bytes += kept.size;
    this.#makeRoom();
    this.watcher?.();
  }

  called({ id }: PushEvent, call: SubscriberCall): void {
    const kept = this.find(id);
    if (kept === undefined || kept.subscribers.length >= MOST_SUBSCRIBERS) return;
    kept.subscribers = [...kept.subscribers, call];
  }

  told(id: string, told: Omit<PlayersTold, 'at'>): void {
    const kept = this.find(id);
    if (kept === undefined || kept.told.length >= MOST_TOLD) return;
    kept.told = [...kept.told, { ...told, at: this.#now() }];
    this.#grow(kept, 8 * told.players.length);
  }

  finished({ id }: PushEvent, ms: number): void {
    const kept = this.find(id);
    if (kept !== undefined) kept.dispatchMs = ms;
  }

  attempted(report: AttemptReport): void {
    // A replay has the event's id and a number of its own.
    const kept = this.find(report.id) ?? this.find(eventIdOf(report.id));
    if (kept === undefined) return;
    const { target } = report;
    const before = kept.attempts.filter((attempt) => attempt.report.target === target);
    const oldest = before.length >= MOST_ATTEMPTS ? before[0] : undefined;
    if (oldest === undefined) this.#grow(kept, ATTEMPT_BYTES);
    const others = kept.attempts.filter((attempt) => attempt !== oldest);
    kept.attempts = [...others, { report: withShortAnswer(report), at: this.#now() }];
  }

  /** @returns undefined for one that is not kept (any more) */
  get(seq: number): KeptEvent | undefined {
    return seq >= this.#first && seq < this.#next ? this.#slots[seq % MOST_EVENTS] : undefined;
  }

  /** From the newest on, which is the one that is asked for most: cheaper than an index, which each event would have to pay for. */
  find(id: string): KeptEvent | undefined {
    for (let seq = this.newest; seq >= this.#first; seq -= 1) {
      const kept = this.#slots[seq % MOST_EVENTS];
      if (kept?.id === id) return kept;
    }
    return undefined;
  }

  /** The events after one, oldest first, as far as they are kept. */
  *after(seq: number): Iterable<KeptEvent> {
    for (let next = Math.max(seq + 1, this.#first); next < this.#next; next += 1) {
      const event = this.get(next);
      if (event !== undefined) yield event;
    }
  }

  /** @returns how many events after one are not kept any more; -1 for one of another run, whose number is negative */
  missedAfter(seq: number): number {
    return seq < 0 ? -1 : Math.max(0, this.#first - 1 - seq);
  }

  /** Forgets all events; the numbers go on. */
  clear(): void {
    while (this.#first < this.#next) this.#forgetOldest();
  }

  #grow(kept: KeptEvent, bytes: number): void {
    kept.size += bytes;
    this.#bytes += bytes;
    this.#makeRoom();
  }

  #makeRoom(): void {
    while (this.#bytes > MOST_BYTES && this.#first < this.#next) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const at = this.#first % MOST_EVENTS;
    const kept = this.#slots[at];
    this.#slots[at] = undefined;
    this.#first += 1;
    this.#bytes -= kept?.size ?? 0;
  }
}

/** Gets everything that the page and the metrics are about, from the parts where it happens. */
export class Recorder {
  readonly measurements: Measurements;
  readonly history: History;
  readonly #keepsEvents: () => boolean;

  /** @param keepsEvents whether there is a page that shows them; asked for each */
  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, keepsEvents: () => boolean) {
    this.measurements = new Measurements(clock);
    this.history = new History(clock);
    this.#keepsEvents = keepsEvents;
  }

  readonly received = (event: PushEvent, raw: Buffer, hops: number): void => {
    this.measurements.received(event);
    if (this.#keepsEvents()) this.history.add(event, raw, hops);
  };

  /** Gets an event that was made here, and is dispatched only. */
  readonly simulated = ({ event, body }: ReceivedEvent): void => {
    if (this.#keepsEvents()) this.history.add(event, Buffer.from(JSON.stringify(body)), 0);
  };

  readonly refused = (reason: Refusal): void => this.measurements.refused(reason);

  readonly called = (event: PushEvent, call: SubscriberCall): void => this.history.called(event, call);

  readonly told = (event: string, by: PlayersTold['by'], what: string, players: readonly number[]): void =>
    this.history.told(event, { by, what, players: players.slice(0, MOST_PLAYERS) });

  readonly finished = (event: PushEvent, ms: number): void => {
    this.measurements.dispatched(ms);
    this.history.finished(event, ms);
  };

  readonly attempted = (report: AttemptReport): void => {
    this.measurements.attempted(report);
    this.history.attempted(report);
  };
}
