import type { CadRequest } from '../cad/api/cad-api.ts';
import type { ApiInput, ApiOutput, EndpointName } from '../cad/api/endpoints.ts';
import { type ApiResult, failure } from '../cad/api/results.ts';
import type { Log } from '../lib/log.ts';
import { attempt } from '../lib/subscribers.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from '../platform/events.ts';
import { type Callback, type CallerWarnings, findCallback } from './arguments.ts';

/** What exports that ask the CAD are made of. */
export interface ApiExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly request: CadRequest;
  readonly warnings: CallerWarnings;
  readonly log: Log;
}

type CallContext = Pick<ApiExportContext, 'events' | 'warnings' | 'log'>;

/** The export, and the resource that called it, for the line that an operator reads when it failed. */
type Told = Pick<ApiExportContext, 'log'> & { readonly name: string; readonly caller: string | null };

/** One call of an export. To be read before anything else happens: the caller is known only until then. */
export type ExportCall = ReturnType<typeof readCall>;

function readCall({ events, warnings, log }: CallContext, name: string, args: readonly unknown[]) {
  const told = { log, name, caller: events.caller() };
  const callback = findCallback(args);
  return {
    ...told,
    callback,
    /** Tells the operator once that the arguments do not fit. */
    misfit: (): void => warnings.shifted(told.caller, name),
    /**
     * Refuses what cannot be done: `callback(reason, false)`, and one line for the operator for each resource and export.
     *
     * @param reason a whole sentence, without anything that the caller chose
     */
    refuse(reason: string): void {
      warnings.warn(told.caller, name, reason);
      callBack(callback, [reason, false], told);
    },
  };
}

/** Provides an export that answers a call by what is known of it and by its arguments. */
export function provideCall(
  context: CallContext,
  name: string,
  answer: (call: ExportCall, ...args: unknown[]) => unknown,
): void {
  context.events.provide(name, (...args) => answer(readCall(context, name, args), ...args));
}

/**
 * Provides an export that makes one request of its arguments, and hands the answer to its callback.
 *
 * @param show gives what the callback gets, of what was read of the CAD's answer and of that itself
 * @param read gives what the request takes, null for arguments that do not fit
 */
export function provideRequest<Name extends EndpointName>(
  context: ApiExportContext,
  name: string,
  endpoint: Name,
  show: (output: ApiOutput<Name>, answer: unknown, input: ApiInput<Name>) => unknown,
  read: (...args: unknown[]) => ApiInput<Name> | null,
): void {
  provideCall(context, name, (call, ...args) => {
    const input = read(...args);
    if (input === null) call.misfit();
    else
      void context
        .request(endpoint, input)
        .then((result) => handOver(call, result, (output, answer) => show(output, answer, input)));
  });
}

/**
 * Hands what came of a request to a script: `callback(what `show` gives, true)`, or `callback(reason, false)`.
 *
 * @param show gets what was read of the CAD's answer, and the answer itself
 * @param more what the callback gets besides
 */
export function handOver<Output>(
  call: Told & Pick<ExportCall, 'callback'>,
  result: ApiResult<Output>,
  show: (output: Output, answer: unknown) => unknown,
  ...more: readonly unknown[]
): void {
  const reason = result.ok ? undefined : result.error.message;
  if (!result.ok) reportRefused(call, result.error.message);
  callBack(call.callback, [result.ok ? show(result.data, answerOf(result)) : reason, result.ok, ...more], call);
}

/** Tells the operator what has not been done, and for whom. */
export function reportRefused({ log, name, caller }: Told, reason: string): void {
  log.warn("A resource's request to the CAD was not carried out.", { resource: caller, export: name, reason });
}

/** What the CAD answered, in its own casing. */
export const answerOf = ({ data, answer }: ApiResult<unknown> & { readonly ok: true }): unknown => answer ?? data;

/** The same as the JSON text as which the official resource hands some answers over. */
export const asJson = (_output: unknown, answer: unknown): string => JSON.stringify(answer ?? []);

/** Requests that one call of an export may make. */
const MAX_REQUESTS = 100;
/** How often one is made for which the CAD's minute has no room: each time waits for half a minute. */
const MAX_TRIES = 4;

/**
 * Makes requests of a kind one after the other, as the CAD's limit has room for them; the first that fails ends it.
 *
 * @returns what the CAD has answered to those that were made, and the one that failed
 */
export async function requestEach<Name extends EndpointName>(
  request: CadRequest,
  endpoint: Name,
  inputs: readonly ApiInput<Name>[],
): Promise<{ answers: unknown[]; last: ApiResult<ApiOutput<Name>> | null }> {
  const answers: unknown[] = [];
  let last: ApiResult<ApiOutput<Name>> | null = null;
  if (inputs.length > MAX_REQUESTS) {
    return { answers, last: failure('refused', `At most ${MAX_REQUESTS} can be sent by one call; nothing was sent.`) };
  }
  for (const input of inputs) {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      last = await request(endpoint, input);
      if (last.ok || last.error.kind !== 'limit') break;
    }
    if (last === null || !last.ok) break;
    answers.push(answerOf(last));
  }
  return { answers, last };
}

/** Calls a script back; one that fails, or has stopped meanwhile, is reported and holds nothing up. */
export function callBack(callback: Callback | undefined, args: readonly unknown[], { log, name, caller }: Told): void {
  const failed = (thrown: unknown) =>
    log.warn('A resource could not be given the result of its request to the CAD.', {
      resource: caller,
      export: name,
      reason: reasonOf(thrown),
    });
  attempt(() => callback?.(...args), failed);
}
