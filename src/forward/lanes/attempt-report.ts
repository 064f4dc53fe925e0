import type { Log, LogFields } from '../../platform/log.ts';
import type { AttemptResult } from '../delivery.ts';
import type { LaneRequest } from './requests.ts';

/** What an attempt has led to. */
export interface NextStep {
  /** What happens to the event now, in a few words. */
  readonly next: string;
  readonly isFailure: boolean;
  /** Whether the operator need not see this failure: another line tells of it, or it is none of the target's. */
  readonly isQuiet?: boolean;
}

/** Writes one line about each attempt, and after it what the attempt has led to. */
export interface AttemptReport {
  /** For what attempts lead to: while one is told of, its lines wait. */
  readonly log: Log;
  /** @param lead does what follows from the attempt */
  tell(request: LaneRequest, result: AttemptResult, lead: () => NextStep): void;
}

/**
 * Of failures in a row the operator sees the first one; a target that goes on failing is told of when its lane parks.
 *
 * @param isFailing whether the last attempt failed, or the lane is parked
 */
export function createAttemptReport(log: Log, target: string, isFailing: () => boolean): AttemptReport {
  let held: (() => void)[] | null = null;
  let hasWarned = false;

  const hold = (level: keyof Log) => (message: string, fields?: LogFields) => {
    if (held === null) log[level](message, fields);
    else held.push(() => log[level](message, fields));
  };

  function write(request: LaneRequest, result: AttemptResult, { next, isFailure, isQuiet = false }: NextStep): void {
    const fields = fieldsOf(target, request, result, next);
    const isNews = isFailure && !isQuiet && !hasWarned;
    hasWarned ||= isNews;
    if (isNews) log.warn('An event could not be forwarded.', fields);
    else log.debug(isFailure ? 'An event could not be forwarded.' : 'An event was forwarded.', fields);
  }

  return {
    log: { debug: hold('debug'), info: hold('info'), warn: hold('warn'), error: hold('error') },
    tell(request, result, lead) {
      if (!isFailing()) hasWarned = false;
      held = [];
      try {
        write(request, result, lead());
      } finally {
        const lines = held;
        held = null;
        for (const line of lines) line();
      }
    },
  };
}

function fieldsOf(target: string, request: LaneRequest, result: AttemptResult, next: string): LogFields {
  const outcome =
    result.kind === 'answered'
      ? { status: result.status }
      : { error: result.kind === 'failed' ? result.code : 'timeout' };
  const { id, type, attempt, lastAttempt } = request;
  return {
    id,
    type,
    target,
    ...outcome,
    attempt: lastAttempt === null ? attempt : `${attempt}/${lastAttempt}`,
    ms: Math.round(result.ms),
    next,
  };
}

/** @returns when the next attempt is, as the line about the last one says it */
export function inWords(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? `again in ${(milliseconds / 1000).toFixed(1)} s` : 'not again by itself';
}
