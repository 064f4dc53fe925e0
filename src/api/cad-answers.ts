import type { CadRequest } from '../cad/api/cad-api.ts';
import type { ApiResult } from '../cad/api/results.ts';
import type { Log } from '../lib/log.ts';
import { attempt } from '../lib/subscribers.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from '../platform/events.ts';
import type { Callback, CallerWarnings } from './arguments.ts';

/** What exports that ask the CAD are made of. */
export interface ApiExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly request: CadRequest;
  readonly warnings: CallerWarnings;
  readonly log: Log;
}

/** The export, and the resource that called it, for the line that an operator reads when it failed. */
export type Told = Pick<ApiExportContext, 'log'> & { readonly name: string; readonly caller: string | null };

/**
 * Hands what came of a request to a script: `callback(what `show` gives, true)`, or `callback(reason, false)`.
 */
export function handOver<Output>(
  result: ApiResult<Output>,
  callback: Callback | undefined,
  show: (output: Output) => unknown,
  told: Told,
): void {
  const { log, name, caller } = told;
  if (result.ok) {
    callBack(callback, [show(result.data), true], told);
    return;
  }
  log.warn('What a resource asked of the CAD has not been done.', {
    resource: caller,
    export: name,
    reason: result.error.message,
  });
  callBack(callback, [result.error.message, false], told);
}

/**
 * Refuses what cannot be done: `callback(reason, false)`, and one line for the operator for each resource and export.
 *
 * @param reason a whole sentence, without anything that the caller chose
 */
export function refuse(
  reason: string,
  callback: Callback | undefined,
  told: Told,
  warnings: Pick<CallerWarnings, 'warn'>,
): void {
  warnings.warn(told.caller, told.name, reason);
  callBack(callback, [reason, false], told);
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
