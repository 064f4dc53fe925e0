import type { ApiResult } from '../../cad/api/api-result.ts';
import { findCallback } from '../read-arguments.ts';
import type { ApiExportContext } from './api-export-context.ts';
import { readText } from './read-values.ts';

/**
 * Provides `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked. Without a callback it
 * gives a promise, for which Lua waits. Who cannot be asked about is not linked.
 */
export function provideLinkExports({
  events,
  warnings,
  isLinked,
}: Pick<ApiExportContext, 'events' | 'warnings'> & { isLinked(identity: string): Promise<ApiResult<boolean>> }): void {
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
    void asked.then((linked) => callback(linked));
    return undefined;
  });
}
