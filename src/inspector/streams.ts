import { Readable } from 'node:stream';
import type { Clock } from '../lib/clock.ts';
import type { StreamEvents } from './api-types.ts';
import type { EventSummaries } from './event-summaries.ts';
import { type Cursors, type EventFilter, eventsAfter, matches, missedAfter } from './event-views.ts';
import type { History } from './history.ts';
import type { Redaction } from './redaction.ts';

const MOST_STREAMS = 4;
const BETWEEN_WRITES_MS = 250;
/** The game server closes a connection on which nothing was written for 5 s. */
const SILENCE_MS = 3_000;
/** It has no backpressure: what a slow client has not taken yet stands in the game server's memory. */
const LASTS_MS = 60_000;
const MOST_BYTES = 512 * 1024;
/** Characters of one write, about: what does not fit comes with the next. */
const WRITE_LENGTH = 64 * 1024;
/** The game goes first. */
const SLICE_MS = 2;

interface StreamsOptions {
  readonly history: History;
  readonly cursors: Cursors;
  readonly clock: Clock;
  redaction(): Redaction;
  readonly summaries: Pick<EventSummaries, 'json'>;
}

/** The streams of events that are open. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #open = new Set<EventStream>();

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#open.size >= MOST_STREAMS;
  }

  /** Opens one. @param since the number of the last event that the reader has, -1 for one of another run */
  open(since: number, filter: EventFilter): Readable {
    const stream = new EventStream(this.#options, since, filter, () => void this.#open.delete(stream));
    this.#open.add(stream);
    stream.begin();
    return stream.body;
  }

  /** Ends all of them: there is nothing to resume. */
  end(): void {
    for (const stream of this.#open) stream.end('over');
  }
}

/** One stream. It costs an event nothing but a look at whether a write is due already. */
class EventStream {
  readonly body: Readable;
  readonly #options: StreamsOptions;
  readonly #filter: EventFilter;
  readonly #closed: () => void;
  readonly #endsAt: number;
  readonly #unwatch: () => void;
  #since: number;
  #bytes = 0;
  #lastWriteAt = Number.NEGATIVE_INFINITY;
  #isFlushDue = false;
  #cancelFlush = (): void => {};
  #cancelSilence = (): void => {};
  #isOver = false;

  constructor(options: StreamsOptions, since: number, filter: EventFilter, closed: () => void) {
    const { clock, history } = options;
    this.#options = options;
    this.#since = since;
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
    this.#unwatch = history.watch(() => this.#flushSoon());
  }

  begin(): void {
    const { history, cursors } = this.#options;
    const missed = missedAfter(history, this.#since);
    this.#since = Math.max(0, this.#since, history.oldest - 1);
    this.#write(this.#message('hello', { cursor: cursors.of(this.#since), missed }) + this.#news());
    this.#flushRest();
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
    this.#cancelFlush();
    this.#cancelSilence();
    this.#unwatch();
    this.#closed();
  }

  #flushSoon(): void {
    if (this.#isFlushDue || this.#isOver) return;
    this.#isFlushDue = true;
    const { clock } = this.#options;
    const wait = this.#lastWriteAt + BETWEEN_WRITES_MS - clock.monotonic();
    this.#cancelFlush = clock.after(Math.max(0, wait), () => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    const news = this.#news();
    if (news !== '') this.#write(news);
    if (this.#bytes >= MOST_BYTES) this.end('size');
    else this.#flushRest();
  }

  #flushRest(): void {
    if (this.#since < this.#options.history.newest) this.#flushSoon();
  }

  /** @returns what is to be told of the events since the last write; '' for nothing */
  #news(): string {
    const { history, cursors } = this.#options;
    const missed = missedAfter(history, this.#since);
    // More events came between two writes than are kept.
    const gap = missed > 0 ? this.#message('missed', { missed }) : '';
    const events = this.#nextEvents();
    if (events.length === 0) return gap;
    return `${gap}event: events\nid: ${cursors.of(this.#since)}\ndata: [${events.join(',')}]\n\n`;
  }

  /** @returns what matches, as JSON, as much as fits one write and holds nothing up; `#since` is behind it then */
  #nextEvents(): string[] {
    const { history, summaries, redaction, clock } = this.#options;
    const events: string[] = [];
    const until = clock.monotonic() + SLICE_MS;
    let length = 0;
    for (const event of eventsAfter(history, this.#since)) {
      this.#since = event.seq;
      if (matches(event, this.#filter, redaction().text)) {
        const json = summaries.json(event);
        events.push(json);
        length += json.length;
      }
      if (length >= WRITE_LENGTH || clock.monotonic() >= until) break;
    }
    return events;
  }

  #message<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): string {
    return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #write(text: string): void {
    if (this.#isOver) return;
    const { clock } = this.#options;
    this.#bytes += Buffer.byteLength(text);
    this.#lastWriteAt = clock.monotonic();
    this.body.push(text);
    this.#cancelSilence();
    const left = this.#endsAt - this.#lastWriteAt;
    this.#cancelSilence = clock.after(Math.max(0, Math.min(SILENCE_MS, left)), () => this.#tick());
  }

  #tick(): void {
    if (this.#options.clock.monotonic() >= this.#endsAt) this.end('time');
    else this.#write(': still here\n\n');
  }
}
