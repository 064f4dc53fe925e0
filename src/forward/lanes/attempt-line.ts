import type { Log } from '../../platform/log.ts';
import type { AttemptResult } from '../delivery.ts';
import type { LaneRequest } from './requests.ts';

/** What an attempt has led to. */
export interface NextStep {
  /** What happens to the event now, in a few words. */
  readonly next: string;
  /** Whether the operator should see it. */
  readonly isFailure: boolean;
}

/** Writes the one line about an attempt. */
export function logAttempt(
  log: Log,
  target: string,
  request: LaneRequest,
  result: AttemptResult,
  step: NextStep,
): void {
  const outcome =
    result.kind === 'answered'
      ? { status: result.status }
      : { error: result.kind === 'failed' ? result.code : 'timeout' };
  const { id, type, attempt, lastAttempt } = request;
  const fields = {
    id,
    type,
    target,
    ...outcome,
    attempt: lastAttempt === null ? attempt : `${attempt}/${lastAttempt}`,
    ms: Math.round(result.ms),
    next: step.next,
  };
  if (step.isFailure) log.warn('An event could not be forwarded.', fields);
  else log.debug('An event was forwarded.', fields);
}

/** @returns when the next attempt is, as the line about the last one says it */
export function inWords(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? `again in ${(milliseconds / 1000).toFixed(1)} s` : 'again when asked to';
}
