import type { CadRequest } from '../cad/api/cad-api.ts';
import type { ApiInput, ApiOutput, EndpointName } from '../cad/api/endpoints.ts';
import type { ApiResult } from '../cad/api/results.ts';
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
 * @param show gives what the callback gets
 * @param read gives what the request takes, null for arguments that do not fit
 */
export function provideRequest<Name extends EndpointName>(
  context: ApiExportContext,
  name: string,
  endpoint: Name,
  show: (output: ApiOutput<Name>, input: ApiInput<Name>) => unknown,
  read: (...args: unknown[]) => ApiInput<Name> | null,
): void {
  provideCall(context, name, (call, ...args) => {
    const input = read(...args);
    if (input === null) call.misfit();
    else
      void context.request(endpoint, input).then((result) => handOver(call, result, (output) => show(output, input)));
  });
}

/**
 * Hands what came of a request to a script: `callback(what `show` gives, true)`, or `callback(reason, false)`.
 *
 * @param more what the callback gets besides
 */
export function handOver<Output>(
  call: Told & Pick<ExportCall, 'callback'>,
  result: ApiResult<Output>,
  show: (output: Output) => unknown,
  ...more: readonly unknown[]
): void {
  const { log, name, caller, callback } = call;
  const reason = result.ok ? undefined : result.error.message;
  if (!result.ok)
    log.warn('What a resource asked of the CAD has not been done.', { resource: caller, export: name, reason });
  callBack(callback, [result.ok ? show(result.data) : reason, result.ok, ...more], call);
}

/** Calls a script back; one that fails, or has stopped meanwhile, is reported and holds nothing up. */
export function callBack(callback: Callback | undefined, args: readonly unknown[], { log, name, caller }: Told): void {
  const failed = (thrown: unknown) =>
    log.warn('A resource could not be told what it asked of the CAD.', {
      resource: caller,
      export: name,
      reason: reasonOf(thrown),
    });
  attempt(() => callback?.(...args), failed);
}
