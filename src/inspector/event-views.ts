import type { AttemptView, EventDetail, EventSource, EventSummary } from './api-types.ts';
import type { History, KeptAttempt, KeptEvent } from './history.ts';
import { outcomeOfAttempt } from './measurements.ts';

/** Which events are wanted. */
export interface EventFilter {
  /** null for all. */
  readonly types: ReadonlySet<string> | null;
  /** In lower case; '' for all. */
  readonly text: string;
  readonly valid: boolean | null;
  readonly source: EventSource | null;
}

/** Of the console, which the game server puts into its errors. */
const COLOURS = /\^\d/g;
/** Of a long payload, so many bytes are searched. */
const SEARCHED_BYTES = 64 * 1024;

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
  return keyless(event.raw.toString('utf8', 0, SEARCHED_BYTES))
    .toLowerCase()
    .includes(text);
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

/** The events after one, oldest first, as far as they are kept. */
export function* eventsAfter(history: History, seq: number): Iterable<KeptEvent> {
  for (let next = Math.max(seq + 1, history.oldest); next <= history.newest; next += 1) {
    const event = history.get(next);
    if (event !== undefined) yield event;
  }
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

/** @returns how many events after one are not kept any more; -1 for one of another run */
export function missedAfter(history: History, seq: number): number {
  return seq < 0 ? -1 : Math.max(0, history.oldest - 1 - seq);
}

const shortened = (ms: number): number => Math.round(ms * 1_000) / 1_000;
