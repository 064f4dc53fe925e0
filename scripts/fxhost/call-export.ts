import type { EventDispatcher } from './event-dispatcher.ts';
import { encode } from './msgpack-encoder.ts';
import type { PlainValues } from './plain-values.ts';

/**
 * Calls an export as a script would: asks for the function by the event that its resource listens to.
 *
 * @throws when no running resource of that name has such an export
 */
export function callExport(
  { events, plain }: { readonly events: Pick<EventDispatcher, 'emit'>; readonly plain: Pick<PlainValues, 'toScript'> },
  resource: string,
  exported: string,
  args: readonly unknown[],
): unknown {
  let found: ((...args: readonly unknown[]) => unknown) | undefined;
  const give = (callback: unknown) => {
    found = callback as typeof found;
  };
  events.emit(`__cfx_export_${resource}_${exported}`, encode([plain.toScript(give)]), '');
  if (found === undefined) throw new Error(`No such export ${exported} in resource ${resource}`);
  return found(...args);
}
