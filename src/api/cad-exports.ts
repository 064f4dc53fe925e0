import type { ApiResult } from '../cad/api/results.ts';
import { findCallback, readFields, readText } from './arguments.ts';
import { type ApiExportContext, callBack, handOver } from './cad-answers.ts';

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

/**
 * Provides `sendUnitLocations(update or list of updates)`: sends where units are over the session with the CAD, at most 1,000 updates
 * `{ identId | apiId | communityUserId | roblox, location, coordinates? }`. It gives a promise, for which Lua waits, of whether the CAD
 * has taken all of them: false while there is no session, and for what is no update, which the operator is told once. Nothing throws.
 */
export function provideLocationExports({
  events,
  warnings,
  sendUnitLocations,
}: Pick<ApiExportContext, 'events' | 'warnings'> & {
  sendUnitLocations(updates: readonly unknown[]): Promise<boolean>;
}): void {
  events.provide('sendUnitLocations', (given) => {
    const caller = events.caller();
    if (Array.isArray(given)) return sendUnitLocations(given);
    if (typeof given === 'object' && given !== null) return sendUnitLocations([given]);
    warnings.shifted(caller, 'sendUnitLocations');
    return false;
  });
}

/** The CAD's numbers for the kinds of records that are wanted persons and vehicles. */
const WARRANTS_AND_BOLOS = [2, 3];

/**
 * Provides the exports of the official resource that look records up:
 *
 * - `performLookup(plate, callback, options)` finds by a whole plate.
 * - `getAllWarrantsAndBolos(options, callback)`, or only `(callback)`, finds whoever and whatever is wanted.
 *
 * `options` is a table with whatever else the CAD's lookup takes, such as `types` and `partial`; it may be left out. Nothing is
 * returned. The callback gets what the CAD has found, as it answered, and `true`, or `(reason, false)` when it has failed. Without a
 * plate, `performLookup` asks for nothing and tells the operator once. Nothing throws. The CAD takes 10 lookups a minute of all
 * servers of a community, equal ones at the same time count once; a request waits up to 30 s for its turn.
 */
export function provideLookupExports({ events, request, warnings, log }: ApiExportContext): void {
  events.provide('performLookup', (...args) => {
    const told = { log, name: 'performLookup', caller: events.caller() };
    const plate = readText(args[0]).trim();
    if (plate === '') {
      warnings.shifted(told.caller, told.name);
      return;
    }
    const input = { partial: false, ...readFields(args[2]), plate };
    void request('lookup', input).then((result) => handOver(result, findCallback(args), (found) => found, told));
  });

  events.provide('getAllWarrantsAndBolos', (...args) => {
    const told = { log, name: 'getAllWarrantsAndBolos', caller: events.caller() };
    const input = { types: WARRANTS_AND_BOLOS, partial: true, ...readFields(args[0]) };
    void request('lookup', input).then((result) => handOver(result, findCallback(args), (found) => found, told));
  });
}
