/** What a function of a script gives: one value, several from Lua, or a promise as the scripts' protocol has it. */
export function fromReturn(values: readonly unknown[]): unknown {
  if (values.length > 1) return values;
  const later = (values[0] as { __cfx_async_retval?: unknown } | null | undefined)?.__cfx_async_retval;
  if (typeof later !== 'function') return values[0];
  return new Promise((resolve, reject) => {
    later((results: unknown, error: unknown) => {
      if (error !== null && error !== undefined) reject(new Error(String(error)));
      else resolve(Array.isArray(results) && results.length <= 1 ? results[0] : results);
    });
  });
}
