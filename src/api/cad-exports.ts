import type { ApiResult } from '../cad/api/results.ts';
import { readText } from './arguments.ts';
import { callBack, provideCall } from './cad-answers.ts';

/**
 * Provides `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked, and nothing else; the
 * export gives a promise of the same, for which Lua waits. `type` is the kind of identifier (`license`), where `identifier` does not
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
      callBack(call.callback, [false], call);
      return false;
    }
    const identity = type && !identifier.includes(':') ? `${type}:${identifier}` : identifier;
    const asked = isLinked(identity).then((result) => result.ok && result.data);
    void asked.then((linked) => callBack(call.callback, [linked], call));
    return asked;
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
