/**
 * What went wrong, in the words of whatever was thrown: errors of other resources are not of this resource's `Error`, promises refused
 * across resources give a text, and anybody may throw anything.
 */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : undefined;
  return typeof message === 'string' ? message : 'no reason given';
}
