import type { ApiResult } from '../cad/api/results.ts';
import { readFields, readText } from './arguments.ts';
import { type ApiExportContext, callBack, provideCall, provideRequest } from './cad-answers.ts';

/**
 * Provides `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked, and nothing else. Without
 * a callback it gives a promise of that, for which Lua waits. `type` is the kind of identifier (`license`), where `identifier` does not
 * begin with it. A player who cannot be asked about counts as not linked; without an identifier it gives false at once, and tells the
 * operator once. Nothing throws. What the CAD has said counts for 10 min when there is a link, for 30 s when there is none.
 */
export function provideLinkExports({
  isLinked,
  ...context
}: Parameters<typeof provideCall>[0] & { isLinked(identity: string): Promise<ApiResult<boolean>> }): void {
  provideCall(context, 'CadIsPlayerLinked', (call, ...args) => {
    const [identifier, type] = args.map(readText);
    if (!identifier) {
      call.misfit();
      return false;
    }
    const identity = type && !identifier.includes(':') ? `${type}:${identifier}` : identifier;
    const asked = isLinked(identity).then((result) => result.ok && result.data);
    if (call.callback === undefined) return asked;
    void asked.then((linked) => callBack(call.callback, [linked], call));
    return undefined;
  });
}

/**
 * Provides `sendUnitLocations(update or list of updates)`: sends where units are over the session with the CAD, at most 1,000 updates
 * `{ identId | apiId | communityUserId | roblox, location, coordinates? }`. It gives a promise, for which Lua waits, of whether the CAD
 * has taken all of them: false while there is no session, and for what is no update, which the operator is told once. Nothing throws.
 */
export function provideLocationExports({
  sendUnitLocations,
  ...context
}: Parameters<typeof provideCall>[0] & { sendUnitLocations(updates: readonly unknown[]): Promise<boolean> }): void {
  provideCall(context, 'sendUnitLocations', (call, given) => {
    if (typeof given === 'object' && given !== null) return sendUnitLocations([given].flat());
    call.misfit();
    return false;
  });
}

/** The CAD's numbers for the kinds of records that are wanted persons and vehicles. */
const WARRANTS_AND_BOLOS = [2, 3];

/**
 * Provides the exports of the official resource that look records up:
 *
 * - `performLookup(plate, callback, options)` finds by a whole plate.
 * - `getAllWarrantsAndBolos(options, callback)`, or only `(callback)`, finds the persons and vehicles that are wanted.
 *
 * `options` is a table with whatever else the CAD's lookup takes, such as `types` and `partial`; it may be left out. Nothing is
 * returned. The callback gets what the CAD has found, as it answered, and `true`, or `(reason, false)` when it has failed. Without a
 * plate, `performLookup` asks for nothing and tells the operator once. Nothing throws. The CAD takes 10 lookups a minute of all
 * servers of a community, equal ones at the same time count once; a request waits up to 30 s for its turn.
 */
export function provideLookupExports(context: ApiExportContext): void {
  const asAnswered = (found: unknown) => found;
  const readPlate = (given: unknown, _callback: unknown, options: unknown) => {
    const plate = readText(given).trim();
    return plate === '' ? null : { partial: false, ...readFields(options), plate };
  };
  provideRequest(context, 'performLookup', 'lookup', asAnswered, readPlate);
  const readOptions = (options: unknown) => ({ types: WARRANTS_AND_BOLOS, partial: true, ...readFields(options) });
  provideRequest(context, 'getAllWarrantsAndBolos', 'lookup', asAnswered, readOptions);
}
