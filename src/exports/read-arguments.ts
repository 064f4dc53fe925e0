/** A server id or an ident: Lua scripts pass both as numbers and as text. Undefined for anything else. */
export function readId(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : undefined;
  return typeof given === 'string' && /^-?\d{1,15}$/.test(given) ? Number(given) : undefined;
}

/** A list of texts. Undefined for anything else. */
export function readTexts(given: unknown): string[] | undefined {
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : undefined;
}

export type Callback = (...args: unknown[]) => unknown;

/** The callback among the arguments, wherever it stands: a call may have lost its first argument. */
export function findCallback(args: readonly unknown[]): Callback | undefined {
  return args.findLast((argument): argument is Callback => typeof argument === 'function');
}
