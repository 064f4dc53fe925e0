/** Errors of other resources are not of this resource's `Error`, and promises refused across resources give a text. */
export function reasonOf(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  const message = typeof reason === 'object' && reason !== null && 'message' in reason ? reason.message : undefined;
  return typeof message === 'string' ? message : 'no reason given';
}
