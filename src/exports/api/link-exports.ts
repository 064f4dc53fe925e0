import type { ApiResult } from '../../cad/api/api-result.ts';
import { findCallback } from '../read-arguments.ts';
import { type ApiExportContext, callBack } from './api-export-context.ts';
import { readText } from './read-values.ts';

/**
 * Provides `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked, and nothing else. Without
 * a callback it gives a promise of that, for which Lua waits. `type` is the kind of identifier (`license`), where `identifier` does not
 * begin with it. Whoever cannot be asked about counts as not linked; without an identifier it gives false at once, and tells the
 * operator once. Nothing throws. What the CAD has said counts for 10 min when there is a link, for 30 s when there is none.
 */
export function provideLinkExports({
  events,
  warnings,
  log,
  isLinked,
}: Pick<ApiExportContext, 'events' | 'warnings' | 'log'> & {
  isLinked(identity: string): Promise<ApiResult<boolean>>;
}): void {
  events.provide('CadIsPlayerLinked', (...args) => {
    const caller = events.caller();
    const [identifier, type] = args.map(readText);
    if (!identifier) {
      warnings.shifted(caller, 'CadIsPlayerLinked');
      return false;
    }
    const identity = type && !identifier.includes(':') ? `${type}:${identifier}` : identifier;
    const asked = isLinked(identity).then((result) => result.ok && result.data);
    const callback = findCallback(args);
    if (callback === undefined) return asked;
    void asked.then((linked) => callBack(callback, [linked], { log, name: 'CadIsPlayerLinked', caller }));
    return undefined;
  });
}
