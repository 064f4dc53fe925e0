/** Whether a value is to be waited for; promises of other resources are not of this resource's `Promise`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
