import type { Native } from './types.ts';

/** Something that the server does for a script, as it is seen by a test that ends the process in the middle of it. */
export type HostStep =
  | {
      readonly kind: 'native';
      readonly name: string;
      readonly args: readonly unknown[];
      /** false before it, true after it */
      readonly done: boolean;
    }
  /** Every handler of a local event has run. */
  | { readonly kind: 'event'; readonly name: string }
  /** The last byte of an answer has been handed to the system. */
  | { readonly kind: 'answer' };

/** Is called on the stack of what causes the step. */
export type WatchSteps = (step: HostStep) => void;

export function watchNatives(
  natives: Readonly<Record<string, Native>>,
  watch: WatchSteps | undefined,
): Readonly<Record<string, Native>> {
  if (watch === undefined) return natives;
  const watched = (name: string, native: Native): Native => {
    return (caller, ...args) => {
      watch({ kind: 'native', name, args, done: false });
      const result = native(caller, ...args);
      watch({ kind: 'native', name, args, done: true });
      return result;
    };
  };
  return Object.fromEntries(Object.entries(natives).map(([name, native]) => [name, watched(name, native)]));
}
