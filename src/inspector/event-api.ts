import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiFailure, type ApiRequest, RawAnswer, readNumber, readText, readWord } from './answers.ts';
import type { Done, EventDetail } from './api-types.ts';
import { type Cursors, detailOf, type EventFilter, type EventSummaries, matches } from './event-views.ts';
import type { History, KeptEvent } from './history.ts';
import type { Redaction } from './redaction.ts';
import type { Streams } from './streams.ts';

const MOST_EVENTS = 500;
const LONGEST_TEXT = 200;
const MOST_TYPES = 100;
/** Payloads are searched for so long, and then the game goes on. */
const SLICE_MS = 2;

export interface EventApiOptions {
  readonly history: History;
  readonly cursors: Cursors;
  readonly streams: Streams;
  readonly resourceName: string;
  redaction(): Redaction;
  readonly summaries: EventSummaries;
  /** Hands a simulated event to the game, and to nothing else. */
  dispatch(simulated: SimulatedEvent): void;
  readonly clock: Clock;
}

/** What the page asks about events: the list, the stream, and one event with its payload. The console asks the same. */
export class EventApi {
  readonly #options: EventApiOptions;

  constructor(options: EventApiOptions) {
    this.#options = options;
  }

  /** @returns an `EventList` */
  async list(request: ApiRequest): Promise<RawAnswer> {
    const { history, cursors } = this.#options;
    const filter = readFilter(request);
    const limit = readNumber(request, 'limit', 1, MOST_EVENTS, MOST_EVENTS);
    const since = this.#readSince(request);
    const found = await this.#search(filter, since ?? 0, since === null ? null : limit);
    const events = since === null ? found.events.slice(-limit) : found.events;
    const about = {
      cursor: cursors.of(found.until),
      missed: since === null ? 0 : history.missedAfter(since),
      more: found.until < history.newest,
    };
    return new RawAnswer('application/json', `${JSON.stringify(about).slice(0, -1)},"events":[${events.join(',')}]}`);
  }

  stream(request: ApiRequest): RawAnswer {
    const { streams } = this.#options;
    const filter = readFilter(request);
    const since = this.#readSince(request) ?? 0;
    if (streams.isFull) throw new ApiFailure('busy', 'Four streams are open already: poll api/events instead.');
    return new RawAnswer('text/event-stream', streams.open(since, filter));
  }

  detail(request: ApiRequest): EventDetail {
    const event = this.#find(request.param);
    return detailOf(event, this.#options.summaries.of(event));
  }

  payload(request: ApiRequest): RawAnswer {
    const { raw } = this.#find(request.param);
    return new RawAnswer('application/json', this.#options.redaction().envelope(raw, 2) ?? 'null');
  }

  /** @returns a command that sends the event again */
  curl(request: ApiRequest): RawAnswer {
    const { redaction, resourceName } = this.#options;
    const envelope = redaction().envelope(this.#find(request.param).raw, 0);
    if (envelope === null) throw new ApiFailure('conflict', 'The event is nested too deep to be written.');
    const host = /^[\w.:[\]-]{1,255}$/.test(request.host) ? request.host : '127.0.0.1:30120';
    const command = curlCommand(`http://${host}/${resourceName}/event`, envelope);
    return new RawAnswer('text/plain', `${command}\n`);
  }

  /** Dispatches an event again, as a simulated one: nothing is stored or forwarded. */
  again(request: ApiRequest): Done {
    const { dispatch } = this.#options;
    const kept = this.#find(request.param);
    const again = kept.issues === null ? this.#options.summaries.readAgain(kept) : null;
    if (again === null)
      throw new ApiFailure('conflict', 'The data of this event was not understood: it is not sent again.');
    dispatch({ ...again, madeBy: 0, forAll: false });
    return {
      count: 1,
      message: `${kept.type} goes to subscribers as a simulated event; nothing is stored or forwarded.`,
    };
  }

  /** @param word its number, or its id */
  #find(word: string): KeptEvent {
    const { history } = this.#options;
    const kept = /^\d{1,15}$/.test(word) ? history.get(Number(word)) : history.find(word);
    if (kept === undefined) throw new ApiFailure('unknown', 'This event is not kept any more.');
    return kept;
  }

  /** @returns the number of the event that the reader has last; -1 for one of another run, null without `since` */
  #readSince(request: ApiRequest): number | null {
    const cursor = request.query('since');
    if (cursor === '') return null;
    const since = this.#options.cursors.read(cursor);
    if (since === null) throw new ApiFailure('bad-request', 'since is expected to be a cursor of an earlier answer.');
    return since;
  }

  /**
   * @param most how many are enough; null for all
   * @returns the events that match, as JSON, and up to which number was searched
   */
  async #search(filter: EventFilter, since: number, most: number | null) {
    const { history, redaction, summaries, clock } = this.#options;
    const events: string[] = [];
    let until = Math.max(since, 0);
    let began = clock.monotonic();
    for (const event of history.after(since)) {
      if (most !== null && events.length >= most) return { events, until };
      until = event.seq;
      if (matches(event, filter, redaction().text)) events.push(summaries.json(event));
      if (clock.monotonic() - began < SLICE_MS) continue;
      await new Promise<void>((resolve) => clock.soon(resolve));
      began = clock.monotonic();
    }
    return { events, until: Math.max(until, history.oldest - 1) };
  }
}

function readFilter(request: ApiRequest): EventFilter {
  const types = request
    .query('type')
    .split(',', MOST_TYPES)
    .filter((type) => type !== '');
  const valid = readWord(request, 'valid', ['true', 'false']);
  return {
    types: types.length === 0 ? null : new Set(types.map((type) => type.toUpperCase())),
    text: readText(request, 'text', LONGEST_TEXT).toLowerCase(),
    valid: valid === null ? null : valid === 'true',
    source: readWord(request, 'source', ['http', 'websocket', 'simulated']),
  };
}

/** @returns a command for a POSIX shell that sends an envelope to an address, with a placeholder for the key */
function curlCommand(url: string, envelope: string): string {
  const rest = envelope.slice(envelope.indexOf('{') + 1);
  const body = `{"key":"YOUR_API_KEY"${rest.startsWith('}') ? '' : ','}${rest}`;
  const harmless = body.replace(ESCAPED_OR_ACTED_ON, (found) => WRITTEN_OTHERWISE[found] ?? found);
  return `curl -X POST ${quoted(url)} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${quoted(harmless)}`;
}

/**
 * Signs that only texts have in JSON, and on which a shell may act. The command is for bash; pasted into the shell of Windows, to which a
 * backslash means nothing, it would run what a player has typed behind a quote.
 */
const WRITTEN_OTHERWISE: Readonly<Record<string, string>> = {
  '\\"': '\\u0022',
  '%': '\\u0025',
  "'": '\\u0027',
  '^': '\\u005e',
};
const ESCAPED_OR_ACTED_ON = /\\.|[%'^]/g;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
