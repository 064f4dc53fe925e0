import type { EventKind } from '../../forward/targets/describe-event.ts';

/** How the terminal is to show something: numbers of ANSI's "select graphic rendition". */
export const DIM = '2';

/** By what an event is about. */
export const KIND_COLOURS: Readonly<Record<EventKind, string>> = {
  alarm: '1;31',
  emergency: '31',
  call: '33',
  unit: '36',
  record: '35',
  alert: '34',
  account: '32',
  over: '90',
  other: '37',
};

/** @returns text that a terminal shows like that, and the next one as before */
export function painted(text: string, rendition: string): string {
  return `\u001b[${rendition}m${text}\u001b[0m`;
}

/**
 * @param env where NO_COLOR stands, by which people say for all programs that they want none (https://no-color.org)
 * @returns whether something is shown in colours: only ever on a terminal
 */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  isForbidden: boolean,
): boolean {
  return stream.isTTY === true && !isForbidden && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
