import { findEntry } from '../events/catalogue/catalogue.ts';
import type { PushEvent, PushEventSource } from '../events/push-event.ts';
import type { Refusal } from '../events/receive.ts';
import { type AttemptReport, UNCONFIRMED } from '../forward/queues/attempt-log.ts';
import type { Clock } from '../lib/clock.ts';
import type { AttemptOutcome, Series } from './api-types.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** More targets than any server has; what comes after them is counted as one. */
const MAX_TARGETS = 100;
/** Characters of an answer that are kept. */
export const LONGEST_ANSWER = 1_024;
/** What types outside the catalogue, and targets beyond the bound, are counted as. */
const OTHER = 'other';

export const OUTCOMES: readonly AttemptOutcome[] = ['answered', 'refused', 'timeout', 'failed'];

/** A number for each of the last 60 minutes. */
class Minutes {
  readonly #values = new Array<number>(MINUTES).fill(0);
  #last = 0;

  /** Changes the number of a minute, which is not before the one that was changed last. */
  update(minute: number, change: (value: number) => number): void {
    this.#forgetUntil(minute);
    const at = minute % MINUTES;
    this.#values[at] = change(this.#values[at] ?? 0);
  }

  /** @returns the numbers of the 60 minutes up to this one, oldest first */
  until(minute: number): number[] {
    this.#forgetUntil(minute);
    const next = (minute + 1) % MINUTES;
    return [...this.#values.slice(next), ...this.#values.slice(0, next)];
  }

  #forgetUntil(minute: number): void {
    for (let gone = Math.max(this.#last + 1, minute - MINUTES + 1); gone <= minute; gone += 1) {
      this.#values[gone % MINUTES] = 0;
    }
    this.#last = Math.max(this.#last, minute);
  }
}

const increment = (value: number): number => value + 1;

/** Events of one type. */
class TypeCounts {
  readonly minutes = new Minutes();
  /** Since the start, by how they came in. */
  readonly totals = new Map<PushEventSource, number>();
}

/** Attempts at one target. */
class TargetCounts {
  readonly outcomes: Readonly<Record<AttemptOutcome, { readonly minutes: Minutes; total: number }>>;
  /** Attempts that say how long the target takes. */
  readonly timed = new Minutes();
  readonly sumMs = new Minutes();
  readonly longestMs = new Minutes();
  /** The last attempt that failed. */
  lastFailure: { readonly report: AttemptReport; readonly at: number } | null = null;

  constructor() {
    const outcome = () => ({ minutes: new Minutes(), total: 0 });
    this.outcomes = { answered: outcome(), refused: outcome(), timeout: outcome(), failed: outcome() };
  }
}

/** What is told of each measurement as it is made. */
interface MeasurementWatcher {
  dispatched(ms: number): void;
  attempted(target: string, ms: number): void;
}

/**
 * Counts what comes in and goes out: for the last hour by the minute, and since the start. Constant time for each, and bounded memory
 * whatever types and targets there are.
 */
export class Measurements {
  /** Set once metrics are asked for. */
  watcher: MeasurementWatcher | null = null;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #types = new Map<string, TypeCounts>();
  readonly #refusals = new Map<Refusal, { readonly minutes: Minutes; total: number }>();
  readonly #targets = new Map<string, TargetCounts>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
  }

  received({ type, source }: Pick<PushEvent, 'type' | 'source'>): void {
    const name = this.#types.has(type) || findEntry(type) !== undefined ? type : OTHER;
    const counts = made(this.#types, name, () => new TypeCounts());
    counts.minutes.update(this.#minute(), increment);
    counts.totals.set(source, (counts.totals.get(source) ?? 0) + 1);
  }

  refused(reason: Refusal): void {
    const counts = made(this.#refusals, reason, () => ({ minutes: new Minutes(), total: 0 }));
    counts.minutes.update(this.#minute(), increment);
    counts.total += 1;
  }

  /** @param ms how long an event held the game's thread while it was dispatched */
  dispatched(ms: number): void {
    this.watcher?.dispatched(ms);
  }

  attempted(report: AttemptReport): void {
    const { result } = report;
    const target = this.#targets.has(report.target) || this.#targets.size < MAX_TARGETS ? report.target : OTHER;
    const counts = made(this.#targets, target, () => new TargetCounts());
    const minute = this.#minute();
    const outcome = counts.outcomes[outcomeOfAttempt(report)];
    outcome.minutes.update(minute, increment);
    outcome.total += 1;
    if (report.isFailure) counts.lastFailure = { report: withShortAnswer(report), at: this.#clock.now() };
    // How long it was waited for an answer that never comes says nothing.
    if (report.next === UNCONFIRMED) return;
    counts.timed.update(minute, increment);
    counts.sumMs.update(minute, (sum) => sum + result.ms);
    counts.longestMs.update(minute, (longest) => Math.max(longest, result.ms));
    this.watcher?.attempted(target, result.ms);
  }

  /** @returns the last attempt at a target that failed, and when, if that was within the last hour */
  lastFailure(target: string) {
    const failure = this.#targets.get(target)?.lastFailure ?? null;
    return failure !== null && this.#clock.now() - failure.at < MINUTES * MINUTE_MS ? failure : null;
  }

  /** @returns since the start: events by type and source, refusals by reason, attempts by target and outcome */
  totals() {
    return {
      events: [...this.#types].flatMap(([type, { totals }]) =>
        [...totals].map(([source, count]) => ({ type, source, count })),
      ),
      refused: [...this.#refusals].map(([reason, { total }]) => ({ reason, count: total })),
      attempts: [...this.#targets].flatMap(([target, { outcomes }]) =>
        OUTCOMES.map((outcome) => ({ target, outcome, count: outcomes[outcome].total })),
      ),
    };
  }

  /** @returns the last hour */
  series(): Series {
    const minute = this.#minute();
    const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
    const mostFirst = <Row extends { readonly counts: readonly number[] }>(rows: Row[]): Row[] =>
      rows.filter(({ counts }) => sum(counts) > 0).sort((a, b) => sum(b.counts) - sum(a.counts));
    return {
      from: Math.round(this.#clock.now() - (this.#clock.monotonic() % MINUTE_MS)) - (MINUTES - 1) * MINUTE_MS,
      events: mostFirst([...this.#types].map(([type, { minutes }]) => ({ type, counts: minutes.until(minute) }))),
      refused: mostFirst(
        [...this.#refusals].map(([reason, { minutes }]) => ({ reason, counts: minutes.until(minute) })),
      ),
      targets: [...this.#targets].map(([target, { outcomes, timed, sumMs, longestMs }]) => {
        const of = (outcome: AttemptOutcome) => outcomes[outcome].minutes.until(minute);
        const attempts = timed.until(minute);
        return {
          target,
          outcomes: {
            answered: of('answered'),
            refused: of('refused'),
            timeout: of('timeout'),
            failed: of('failed'),
          },
          meanMs: sumMs.until(minute).map((ms, at) => Math.round(ms / Math.max(1, attempts[at] ?? 0))),
          longestMs: longestMs.until(minute).map(Math.round),
        };
      }),
    };
  }

  #minute(): number {
    return Math.floor(this.#clock.monotonic() / MINUTE_MS);
  }
}

/**
 * @returns how an attempt counts: an answer that the target does not want events of that type is none that refuses one, and the silence
 *   of a target that never answers is no lack of an answer
 */
export function outcomeOfAttempt({ result, isFailure, next }: AttemptReport): AttemptOutcome {
  if (result.kind !== 'answered') return next === UNCONFIRMED ? 'answered' : result.kind;
  return isFailure ? 'refused' : 'answered';
}

/** @returns the attempt with no more of the answer than is shown */
export function withShortAnswer(report: AttemptReport): AttemptReport {
  const { result } = report;
  if (result.kind !== 'answered' || result.body.length <= LONGEST_ANSWER) return report;
  return { ...report, result: { ...result, body: result.body.slice(0, LONGEST_ANSWER) } };
}

function made<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
