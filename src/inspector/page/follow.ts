import { signal } from '@preact/signals';
import type { EventList, EventSummary, StreamEvents } from '../api-types.ts';
import { type Api, type ApiFailure, type Parameters, pause } from './api.ts';

/** How events come in. */
export type Way = 'connecting' | 'streaming' | 'polling' | 'cut';

/** What a follower tells. */
interface FollowOptions {
  readonly api: Api;
  readonly filter: Parameters;
  /** The server answers: what it has kept comes first. */
  began(): void;
  /** Events that came, oldest first. */
  came(events: readonly EventSummary[]): void;
  /** So many events are not kept any more, and are missing here; -1: the server forgot all of them. */
  missed(count: number): void;
  /** The link has ended. */
  over(): void;
}

/** A proxy that holds answers back would let nothing through for longer. */
const FIRST_BYTE_MS = 4_000;
/** The server writes at least every 3 s. */
const SILENCE_MS = 8_000;
const POLL_MS = 2_000;
/** How long polling goes on before the next try of a stream. */
const POLLING_MS = 60_000;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/** Follows the events: by a stream where one gets through, else by asking again and again; without gap or repeat either way. */
export class Follower {
  readonly way = signal<Way>('connecting');
  readonly #options: FollowOptions;
  readonly #end = new AbortController();
  #cursor: string | undefined;
  #hasBegun = false;
  #lastSeq = 0;
  #failures = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
    void this.#run();
  }

  stop(): void {
    this.#end.abort();
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const outcome = await this.#stream();
      if (outcome === 'over') return;
      if (outcome === 'again') continue;
      if (outcome === 'poll') await this.#poll(performance.now() + POLLING_MS);
      else await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    this.way.value = 'cut';
    const wait = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 0;
    this.#failures += 1;
    await pause(wait, this.#end.signal);
  }

  /** @returns what to do when it has ended */
  async #stream(): Promise<'again' | 'cut' | 'poll' | 'over'> {
    const { api, filter } = this.#options;
    const cut = new AbortController();
    const abort = () => cut.abort();
    this.#end.signal.addEventListener('abort', abort, { once: true });
    let hasCome = false;
    let timer = setTimeout(abort, FIRST_BYTE_MS);
    const alive = () => {
      hasCome = true;
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MS);
    };
    try {
      const body = await api.open('stream', { ...filter, since: this.#cursor }, cut.signal);
      for await (const { name, data, id } of readStream(body, alive)) {
        const value: unknown = JSON.parse(data);
        if (name === 'end') {
          const { reason } = value as StreamEvents['end'];
          if (reason !== 'over') return 'again';
          this.#options.over();
          return 'over';
        }
        this.way.value = 'streaming';
        this.#failures = 0;
        if (name === 'hello') this.#hello(value as StreamEvents['hello']);
        if (name === 'missed') this.#options.missed((value as StreamEvents['missed']).missed);
        if (name === 'events') this.#take(value as StreamEvents['events'], id);
      }
      return 'cut';
    } catch (error) {
      if (this.#end.signal.aborted) return 'over';
      if ((error as ApiFailure).code === 'busy') return 'poll';
      // Nothing at all within the time for it, while the server can be reached, means that streams do not get through.
      return cut.signal.aborted && !hasCome ? 'poll' : 'cut';
    } finally {
      clearTimeout(timer);
      this.#end.signal.removeEventListener('abort', abort);
      cut.abort();
    }
  }

  async #poll(till: number): Promise<void> {
    const { api, filter } = this.#options;
    while (performance.now() < till && !this.#end.signal.aborted) {
      try {
        const answer = await api.ask<EventList>('events', { ...filter, since: this.#cursor });
        if (this.#end.signal.aborted) return;
        this.way.value = 'polling';
        this.#failures = 0;
        this.#hello(answer);
        this.#take(answer.events, answer.cursor);
        if (!answer.more) await pause(POLL_MS, this.#end.signal);
      } catch {
        await this.#rest();
      }
    }
  }

  #hello({ cursor, missed }: StreamEvents['hello']): void {
    if (!this.#hasBegun) this.#options.began();
    else if (missed !== 0) {
      if (missed < 0) this.#lastSeq = 0;
      this.#options.missed(missed);
    }
    this.#hasBegun = true;
    this.#cursor = cursor;
  }

  #take(events: readonly EventSummary[], cursor: string | null): void {
    if (this.#end.signal.aborted) return;
    const fresh = events.filter(({ seq }) => seq > this.#lastSeq);
    this.#lastSeq = fresh.at(-1)?.seq ?? this.#lastSeq;
    if (cursor !== null) this.#cursor = cursor;
    if (fresh.length > 0) this.#options.came(fresh);
  }
}

/** One event of a stream of server-sent events. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  /** null where it names none. */
  readonly id: string | null;
}

/**
 * Reads server-sent events, of which a browser's own reader cannot send a token.
 *
 * @param alive is called whenever anything comes, comments too
 */
export async function* readStream(stream: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<StreamEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r?\n\r?\n/);
      // The last is not whole yet.
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = readBlock(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function readBlock(block: string): StreamEvent | null {
  let name = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^([a-z]+):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') name = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join('\n'), id };
}
