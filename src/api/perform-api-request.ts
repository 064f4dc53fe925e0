import { findLegacyRequest } from '../cad/api/legacy-requests.ts';
import type { ApiResult } from '../cad/api/results.ts';
import { plainVectors } from '../events/read-values.ts';
import {
  type ApiExportContext,
  answerOf,
  callBack,
  type ExportCall,
  provideCall,
  readFields,
  readId,
  reportRefused,
  requestEach,
} from './export-calls.ts';

/** What the export gives, and its callback gets as the third argument. */
export type Performed =
  | { readonly success: true; readonly data: unknown; readonly callId?: number; readonly recordId?: number }
  | { readonly success: false; readonly reason: string };

const SEVERAL = 'The request takes one table, or a list with one, and got a list with several: nothing was sent.';

/**
 * Provides `performApiRequest(data, type, callback)`: `data` is an object or a list with one, `type` a name of the official resource's
 * version 4 or of the CAD's first API. The callback gets `(result, ok, performed)`: `result` is the CAD's answer as the official resource
 * gives it, its text for names of the first API which that does not know, and the reason when it failed. The export gives a promise of
 * a {@link Performed}, for which Lua waits.
 */
export function providePerformApiRequest(context: ApiExportContext): void {
  const { events, link, warnings } = context;

  async function perform(type: string, given: unknown, call: ExportCall): Promise<Performed> {
    const name = type.trim().toUpperCase();
    const legacy = findLegacyRequest(name);
    if (legacy === null) {
      warnings.warn(call.caller, call.name, 'A resource asked the CAD for something that it does not know.');
      return fail(`There is no request of the type ${name.slice(0, 50)}.`, call);
    }
    const { row } = legacy;
    const whole = legacy.unwrap(plainVectors(given));
    const isOfOne = row.entries === undefined && row.listNames === undefined;
    if (isOfOne && Array.isArray(whole) && whole.length > 1) {
      reportRefused({ ...call, name: `performApiRequest ${name}` }, SEVERAL);
      return fail(SEVERAL, call);
    }
    const entries = row.entries?.(whole).map(readFields) ?? [whole];
    // The name and what belongs to it come from one table.
    const inputs = entries.map((entry) => legacy.toInput(entry) as never);
    const { answers, last } = await requestEach(link, legacy.endpoint, inputs);
    if (last === null || !last.ok) {
      const reason = last?.error.message ?? 'The request has no data.';
      reportRefused({ ...call, name: `performApiRequest ${name}` }, reason);
      return fail(reason, call);
    }
    const performed = { success: true, ...giveBack(last, row.gives?.(last.data, answers)) } as const;
    const result = legacy.isAnsweredByText ? textOf(last, row.toText) : performed.data;
    callBack(call.callback, [result, true, performed], call);
    return performed;
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
  callBack(call.callback, [reason, false, { success: false, reason }], call);
  return { success: false, reason };
}

/** What a script gets: the answer, with the number of a call or a record that was made also under the name by which scripts read it. */
function giveBack(result: ApiResult<unknown> & { readonly ok: true }, instead: unknown) {
  const answer = instead ?? answerOf(result) ?? {};
  const read = isTable(result.data) ? readFields(result.data) : {};
  const callId = readId(read.callId);
  const recordId = readId(read.recordTypeId) === undefined ? undefined : readId(read.id);
  const numbers = { ...(callId !== undefined && { callId }), ...(recordId !== undefined && { recordId }) };
  return { data: instead === undefined && isTable(answer) ? { ...numbers, ...answer } : answer, ...numbers };
}

const isTable = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

function textOf(
  result: ApiResult<unknown> & { readonly ok: true },
  toText: ((output: never) => string) | undefined,
): string {
  const answer = answerOf(result);
  return toText?.(result.data as never) ?? (typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}));
}
