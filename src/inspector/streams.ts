import { Readable } from 'node:stream';
import type { Clock } from '../lib/clock.ts';
import type { StreamEvents } from './api-types.ts';
import { type Cursors, type EventFilter, type EventSummaries, matches } from './event-views.ts';
import type { History } from './history.ts';
import type { Redaction } from './redaction.ts';

const MOST_STREAMS = 4;
/** The game goes first: one stream at a time looks for so long at what came, and then there is a pause. */
const SLICE_MS = 1;
const BETWEEN_TURNS_MS = 25;
const BETWEEN_WRITES_MS = 250;
/** The game server closes a connection on which nothing was written for 5 s. */
const SILENCE_MS = 3_000;
/** It has no backpressure: what a slow client has not taken yet stands in the game server's memory. */
const LASTS_MS = 60_000;
const MOST_BYTES = 512 * 1024;
/** Characters of one write, about: what does not fit comes with the next. */
const WRITE_LENGTH = 24 * 1024;

interface StreamsOptions {
  readonly history: History;
  readonly cursors: Cursors;
  readonly clock: Clock;
  redaction(): Redaction;
  readonly summaries: Pick<EventSummaries, 'json'>;
}

/** The streams of events that are open. They take turns: together they hold the game's thread no longer than one of them. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #open = new Set<EventStream>();
  #cancelTurn = (): void => {};
  #armedFor = Number.POSITIVE_INFINITY;
  #turnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#open.size >= MOST_STREAMS;
  }

  /** Opens one. @param since the number of the last event that the reader has, -1 for one of another run */
  open(since: number, filter: EventFilter): Readable {
    const stream = new EventStream(this.#options, since, filter, () => this.#closed(stream));
    this.#options.history.watcher = () => this.#arm();
    this.#open.add(stream);
    this.#arm();
    return stream.body;
  }

  /** Ends all of them: there is nothing to resume. */
  end(): void {
    for (const stream of this.#open) stream.end('over');
  }

  #closed(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    this.#options.history.watcher = null;
    this.#disarm();
  }

  #arm(): void {
    let due = Number.POSITIVE_INFINITY;
    for (const stream of this.#open) due = Math.min(due, stream.dueAt);
    due = Math.max(due, this.#turnedAt + BETWEEN_TURNS_MS);
    if (due >= this.#armedFor) return;
    this.#disarm();
    this.#armedFor = due;
    const { clock } = this.#options;
    this.#cancelTurn = clock.after(Math.max(0, due - clock.monotonic()), () => this.#turn());
  }

  #disarm(): void {
    this.#cancelTurn();
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  /** The one that has waited the longest goes on. */
  #turn(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#turnedAt = this.#options.clock.monotonic();
    const [first] = [...this.#open].sort((a, b) => a.dueAt - b.dueAt);
    first?.goOn();
    if (this.#open.size > 0) this.#arm();
  }
}

/** One stream. It costs an event nothing but a look at whether a turn is due already. */
class EventStream {
  readonly body: Readable;
  readonly #options: StreamsOptions;
  readonly #filter: EventFilter;
  readonly #closed: () => void;
  readonly #endsAt: number;
  /** The number of the last event that was looked at, and what is to be written of those since the last write, as JSON. */
  #since: number;
  #events: string[] = [];
  #length = 0;
  /** Events that were not kept any more when they would have been looked at. */
  #missed = 0;
  #bytes = 0;
  #turnedAt = Number.NEGATIVE_INFINITY;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(options: StreamsOptions, since: number, filter: EventFilter, closed: () => void) {
    const { history, cursors, clock } = options;
    this.#options = options;
    this.#since = Math.max(0, since, history.oldest - 1);
    this.#filter = filter;
    this.#closed = closed;
    this.#endsAt = clock.monotonic() + LASTS_MS;
    this.body = new Readable({
      read: () => {},
      destroy: (_error, done) => {
        this.#stop();
        done(null);
      },
    });
    const hello = this.#message('hello', { cursor: cursors.of(this.#since), missed: history.missedAfter(since) });
    this.#look();
    this.#write(hello + this.#news());
  }

  /** When it is to go on, in monotonic milliseconds. */
  get dueAt(): number {
    const isFull = this.#length >= WRITE_LENGTH;
    if (!isFull && this.#since < this.#options.history.newest) return this.#turnedAt + BETWEEN_TURNS_MS;
    if (this.#hasNews) return this.#writtenAt + BETWEEN_WRITES_MS;
    return Math.min(this.#writtenAt + SILENCE_MS, this.#endsAt);
  }

  get #hasNews(): boolean {
    return this.#events.length > 0 || this.#missed > 0;
  }

  /** Looks at what came, and writes when it is time for that. */
  goOn(): void {
    const now = this.#options.clock.monotonic();
    const silentFor = now - this.#writtenAt;
    this.#look();
    if (now >= this.#endsAt) this.end('time');
    else if (this.#hasNews && silentFor >= BETWEEN_WRITES_MS) this.#write(this.#news());
    else if (!this.#hasNews && silentFor >= SILENCE_MS) this.#write(': still here\n\n');
    if (this.#bytes >= MOST_BYTES) this.end('size');
  }

  end(reason: StreamEvents['end']['reason']): void {
    if (this.#isOver) return;
    this.#write(this.#message('end', { reason }));
    this.#stop();
    this.body.push(null);
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closed();
  }

  /** Collects what matches, as much as fits one write and holds nothing up. */
  #look(): void {
    const { history, summaries, redaction, clock } = this.#options;
    this.#turnedAt = clock.monotonic();
    const missed = history.missedAfter(this.#since);
    this.#missed += missed;
    this.#since += missed;
    for (const event of history.after(this.#since)) {
      if (this.#length >= WRITE_LENGTH || clock.monotonic() - this.#turnedAt >= SLICE_MS) break;
      this.#since = event.seq;
      if (!matches(event, this.#filter, redaction().text)) continue;
      const json = summaries.json(event);
      this.#events.push(json);
      this.#length += json.length;
    }
  }

  /** @returns what is to be told of the events since the last write; '' for nothing */
  #news(): string {
    const { cursors } = this.#options;
    const gap = this.#missed > 0 ? this.#message('missed', { missed: this.#missed }) : '';
    const data = this.#events.join(',');
    this.#missed = 0;
    this.#events = [];
    this.#length = 0;
    return data === '' ? gap : `${gap}event: events\nid: ${cursors.of(this.#since)}\ndata: [${data}]\n\n`;
  }

  #message<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): string {
    return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #write(text: string): void {
    this.#bytes += Buffer.byteLength(text);
    this.#writtenAt = this.#options.clock.monotonic();
    this.body.push(text);
  }
}
