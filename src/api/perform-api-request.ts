import { legacyRequestOf } from '../cad/api/legacy-requests.ts';
import type { ApiResult } from '../cad/api/results.ts';
import { plainVectors, readFields } from './arguments.ts';
import { type ApiExportContext, callBack, type ExportCall, handOver, provideCall } from './cad-answers.ts';

/** What the export gives beside what it tells the callback. */
export type Performed =
  | { readonly success: true; readonly data: unknown; readonly callId?: number }
  | { readonly success: false; readonly reason: string };

/**
 * Provides `performApiRequest(data, type, callback)`: `data` is an object or a list with one, `type` a name of the official resource's
 * version 4 or of the CAD's first API. The callback gets `(result, ok, response)`: `result` is the answer, its text for names of the
 * first API, and the reason when it failed. The export gives a promise of a {@link Performed}, for which Lua waits.
 */
export function providePerformApiRequest(context: ApiExportContext): void {
  const { events, request, warnings } = context;

  async function perform(type: string, given: unknown, call: ExportCall): Promise<Performed> {
    const name = type.trim().toUpperCase();
    const legacy = legacyRequestOf(name);
    if (legacy === null) {
      warnings.warn(call.caller, call.name, 'A resource asked the CAD for something that it does not know.');
      return fail(`There is no request of the type ${name.slice(0, 50)}.`, call);
    }
    const data = plainVectors(given);
    const isList = Array.isArray(data) && data.length !== 1;
    const input = legacy.toInput(isList ? data : readFields(data));
    // The name and what belongs to it come from one table.
    const result: ApiResult<unknown> = await request(legacy.endpoint, input as never);
    const answered = (data: unknown) => (legacy.isAnsweredByText ? textOf(data, legacy.toText) : data);
    const response = result.ok ? result.data : result.error.message;
    handOver({ ...call, name: `performApiRequest ${name}` }, result, answered, response);
    if (!result.ok) return { success: false, reason: result.error.message };
    const callId = (result.data as { callId?: unknown } | null | undefined)?.callId;
    return { success: true, data: result.data, ...(typeof callId === 'number' && { callId }) };
  }

  provideCall(context, 'performApiRequest', (call, data, type) => {
    if (typeof type === 'string') return perform(type, data, call);
    call.misfit();
    return fail('performApiRequest takes the data, the type and a callback.', call);
  });
  // Scripts tell the official resource by it where a type belongs; here every type has its place.
  events.provide('registerApiType', (_type, endpoint) => endpoint);
  events.provide('registerEndpoints', () => undefined);
}

function fail(reason: string, call: ExportCall): Performed {
  callBack(call.callback, [reason, false], call);
  return { success: false, reason };
}

function textOf(output: unknown, toText: ((output: unknown) => string) | undefined): string {
  return toText?.(output) ?? (typeof output === 'string' ? output : JSON.stringify(output ?? {}));
}
