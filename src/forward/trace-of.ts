import { reasonOf } from '../text/reason-of.ts';

/** @returns what went wrong and, where that is known, in which line: for a fault of our own that somebody is to report */
export function traceOf(thrown: unknown): string {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? thrown.stack : undefined;
  return typeof stack === 'string' ? stack : reasonOf(thrown);
}
