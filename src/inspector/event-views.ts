import { randomUUID } from 'node:crypto';
import type { KeyRing } from '../events/api-keys.ts';
import { describeEvent } from '../events/describe-event.ts';
import { normalise } from '../events/normalise.ts';
import type { PushEvent } from '../events/push-event.ts';
import { parseObject } from '../events/read-envelope.ts';
import { type ReceivedEvent, receiveEvent } from '../events/receive.ts';
import type { Clock } from '../lib/clock.ts';
import type { AttemptView, EventDetail, EventSource, EventSummary } from './api-types.ts';
import type { KeptAttempt, KeptEvent } from './history.ts';
import { outcomeOfAttempt } from './measurements.ts';
import type { Redaction } from './redaction.ts';

/** Of the console, which the game server puts into its errors. */
const COLOURS = /\^\d/g;
/** Of a long payload, so many bytes are searched. */
const SEARCHED_BYTES = 64 * 1024;
/** How JSON writes a character that it does not write as it is. */
const ESCAPES = /\\(?:u([0-9a-f]{4})|(.))/gi;
/** A longer event is listed without words about it. */
const LONGEST_TOLD = 4 * 1024;
const LONGEST_TITLE = 120;
const LONGEST_TEXT = 160;

/** Which events are wanted. */
export interface EventFilter {
  /** null for all. */
  readonly types: ReadonlySet<string> | null;
  /** In lower case; '' for all. */
  readonly text: string;
  readonly valid: boolean | null;
  readonly source: EventSource | null;
}

/** @param keyless gives the payload without what must not be found by guessing */
export function matches(
  event: KeptEvent,
  { types, text, valid, source }: EventFilter,
  keyless: (text: string) => string,
) {
  if (types !== null && !types.has(event.type)) return false;
  if (valid !== null && valid !== (event.issues === null)) return false;
  if (source !== null && source !== event.source) return false;
  if (text === '') return true;
  return keyless(unescaped(event.raw.toString('utf8', 0, SEARCHED_BYTES)))
    .toLowerCase()
    .includes(text);
}

/** @returns what JSON says in its texts, as the page shows it on one line */
function unescaped(json: string): string {
  return json.replace(ESCAPES, (_, code: string | undefined, mark: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return 'bfnrt'.includes(mark) ? ' ' : mark;
  });
}

export function detailOf(event: KeptEvent, summary: EventSummary): EventDetail {
  return {
    ...summary,
    hops: event.hops,
    issues: event.issues ?? [],
    dispatchMs: event.dispatchMs === null ? null : shortened(event.dispatchMs),
    subscribers: event.subscribers.map(({ failed, ms, ...call }) => ({
      ...call,
      ms: shortened(ms),
      failed: failed === null ? null : failed.replace(COLOURS, ''),
    })),
    players: event.told,
    targets: [...Map.groupBy(event.attempts, ({ report }) => report.target)].map(([target, attempts]) => ({
      target,
      attempts: attempts.map(attemptView),
    })),
    canSendAgain: event.issues === null,
  };
}

export function attemptView({ report, at }: KeptAttempt): AttemptView {
  const { result, attempt, next } = report;
  const isAnswered = result.kind === 'answered';
  return {
    at,
    outcome: outcomeOfAttempt(report),
    status: isAnswered ? result.status : null,
    error: isAnswered ? null : result.kind === 'failed' ? result.code : 'timeout',
    ms: shortened(result.ms),
    attempt,
    next,
    answer: isAnswered ? result.body : '',
  };
}

/** A cursor names the run of the server, too: the numbers begin anew with each. */
export class Cursors {
  readonly #run: string;

  constructor(startedAt: number) {
    this.#run = startedAt.toString(36);
  }

  of(seq: number): string {
    return `${this.#run}-${seq}`;
  }

  /** @returns the number that it stands for, -1 where it is of another run; null for what is no cursor */
  read(cursor: string): number | null {
    const [, run, seq] = /^([0-9a-z]{1,12})-(\d{1,15})$/.exec(cursor) ?? [];
    if (run === undefined) return null;
    return run === this.#run ? Number(seq) : -1;
  }
}

/** What an event is about, as the list of events says it. */
type Words = Pick<EventSummary, 'title' | 'text'>;
const NO_WORDS: Words = { title: '', text: '' };

export interface SummariesOptions {
  /** The keys in force, with which the events came in. */
  keys(): KeyRing;
  redaction(): Redaction;
  /** What the community calls the unit statuses. */
  statusLabels(): readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

/** The lines of the list of events. Each is made once, when it is first asked for, however many streams are open. */
export class EventSummaries {
  readonly #options: SummariesOptions;
  readonly #made = new WeakMap<KeptEvent, { readonly by: Redaction; readonly json: string }>();

  constructor(options: SummariesOptions) {
    this.#options = options;
  }

  of(event: KeptEvent): EventSummary {
    const { seq, id, type, source, issues, receivedAt, raw } = event;
    return { seq, id, type, source, valid: issues === null, receivedAt, bytes: raw.length, ...this.#wordsOf(event) };
  }

  /** @returns the event as it was when it came in, under an id of its own; null where that cannot be had any more */
  readAgain({ raw, type, source }: KeptEvent): ReceivedEvent | null {
    const { keys, clock } = this.#options;
    if (source !== 'simulated') {
      const received = receiveEvent(raw, keys(), 'simulated', clock.now());
      return received.accepted ? received : null;
    }
    const body = parseObject(raw.toString());
    if (body === null) return null;
    const { data } = normalise(type, body);
    const event = { id: randomUUID(), type, receivedAt: clock.now(), source, valid: true, data };
    return { event: event as PushEvent, body };
  }

  /** Streams write in a timer, where what is thrown would end more than the stream. */
  #wordsOf(event: KeptEvent): Words {
    try {
      const again = event.raw.length > LONGEST_TOLD ? null : this.readAgain(event);
      if (again === null) return NO_WORDS;
      return wordsOf(again.event, this.#options.statusLabels(), this.#options.redaction().text);
    } catch {
      return NO_WORDS;
    }
  }

  /** @returns the same as JSON, without secrets */
  json(event: KeptEvent): string {
    const redaction = this.#options.redaction();
    const made = this.#made.get(event);
    // With other secrets, other texts must not be shown.
    if (made?.by === redaction) return made.json;
    const json = redaction.json(this.of(event));
    this.#made.set(event, { by: redaction, json });
    return json;
  }
}

/**
 * @param statusLabels what the community calls the unit statuses
 * @param mask takes secrets out: before a text is cut, so that no part of one stays
 */
export function wordsOf(event: PushEvent, statusLabels: readonly string[], mask: (text: string) => string): Words {
  if (!event.valid) return { title: '', text: oneLine(event.issues[0] ?? '', LONGEST_TEXT, mask) };
  const { sentence, text = '', details } = describeEvent(event, { statusLabels });
  const title = oneLine(sentence, LONGEST_TITLE, mask);
  const written = oneLine(text, LONGEST_TEXT, mask);
  const said = details.filter(([, value]) => value !== undefined && value !== '');
  const parts = [title.includes(written) ? '' : text, ...said.map(([name, value]) => `${name}: ${value}`)];
  return {
    title: sentence === event.type ? '' : title,
    text: oneLine(parts.filter((part) => part.trim() !== '').join(' · '), LONGEST_TEXT, mask),
  };
}

function oneLine(text: string, most: number, mask: (text: string) => string): string {
  const line = mask(text).replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  // Not through the middle of a character.
  return `${line
    .slice(0, most)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

const shortened = (ms: number): number => Math.round(ms * 1_000) / 1_000;
