import type { ApiResult } from '../../cad/api/api-result.ts';
import type { CadRequest } from '../../cad/api/cad-request.ts';
import type { GameEvents } from '../../platform/game-events.ts';
import type { Log } from '../../platform/log.ts';
import type { CallerWarnings } from '../caller-warnings.ts';
import type { Callback } from '../read-arguments.ts';

/** What exports that ask the CAD are made of. */
export interface ApiExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly request: CadRequest;
  readonly warnings: CallerWarnings;
  readonly log: Log;
}

/**
 * Hands what came of a request to a script: `callback(what `show` gives, true)`, or `callback(reason, false)`.
 *
 * @param what the export, and the resource that called it, for the line that an operator reads when it failed
 */
export function handOver<Output>(
  result: ApiResult<Output>,
  callback: Callback | undefined,
  show: (output: Output) => unknown,
  { log, name, caller }: Pick<ApiExportContext, 'log'> & { readonly name: string; readonly caller: string | null },
): void {
  if (result.ok) {
    callback?.(show(result.data), true);
    return;
  }
  log.warn('What a resource asked of the CAD has not been done.', {
    resource: caller,
    export: name,
    reason: result.error.message,
  });
  callback?.(result.error.message, false);
}
