import type { Log } from '../../lib/log.ts';
import type { AttemptResult } from '../delivery.ts';

/** What follows from an attempt. */
export interface NextStep {
  /** What happens to the event now, in a few words. */
  readonly next: string;
  readonly isFailure: boolean;
  /** Whether the operator need not see this failure: another line tells of it, or the target is not to blame. */
  readonly isQuiet?: boolean;
}

/** What is next for an event that a target takes in silence. */
export const UNCONFIRMED = 'unconfirmed';

/** An attempt as a line tells of it. */
export interface LoggedAttempt {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  /** The attempt after which the event is given up on; null when attempts do not end it. */
  readonly lastAttempt: number | null;
}

/** How an attempt went, and what follows from it. */
export interface AttemptReport
  extends Pick<LoggedAttempt, 'id' | 'type' | 'attempt'>,
    Pick<NextStep, 'next' | 'isFailure'> {
  readonly target: string;
  readonly result: AttemptResult;
}

/** Writes one line about each attempt at a target. */
export class AttemptLog {
  readonly #log: Log;
  readonly #target: string;
  readonly #attempted: ((report: AttemptReport) => void) | undefined;
  #hasWarned = false;

  /** @param attempted is told of each attempt, too */
  constructor(log: Log, target: string, attempted?: (report: AttemptReport) => void) {
    this.#log = log;
    this.#target = target;
    this.#attempted = attempted;
  }

  /**
   * The operator sees the first of several failures in a row. Another line says when sending is paused.
   *
   * @param wasFailing whether the attempt before it failed, or sending was paused
   */
  write(
    { id, type, attempt, lastAttempt }: LoggedAttempt,
    result: AttemptResult,
    wasFailing: boolean,
    step: NextStep,
  ): void {
    if (!wasFailing) this.#hasWarned = false;
    const { next, isFailure, isQuiet = false } = step;
    const origin = {
      target: this.#target,
      ...(result.kind === 'answered'
        ? { status: result.status }
        : { error: result.kind === 'failed' ? result.code : 'timeout' }),
    };
    const details = {
      id,
      type,
      attempt: lastAttempt === null ? attempt : `${attempt}/${lastAttempt}`,
      ms: Math.round(result.ms),
      next,
    };
    const isNews = isFailure && !isQuiet && !this.#hasWarned;
    this.#hasWarned ||= isNews;
    const message = isFailure ? 'An event could not be forwarded.' : 'An event was forwarded.';
    this.#log.coalesce(origin)[isNews ? 'warn' : 'debug'](message, details);
    this.#attempted?.({ id, type, attempt, target: this.#target, result, next, isFailure });
  }
}

/** @returns when the next attempt is, as the line about the last one says it */
export function inWords(milliseconds: number): string {
  if (milliseconds === 0) return 'again at once';
  return Number.isFinite(milliseconds) ? `again in ${(milliseconds / 1000).toFixed(1)} s` : 'not again by itself';
}
