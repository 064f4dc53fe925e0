import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput, ApiOutput } from './api/endpoints.ts';
import type { ApiResult } from './api/results.ts';

/** An equal call that is asked for within this time is the same call. */
const SAME_WITHIN_MS = 10_000;
/** The CAD takes 10 calls a minute. */
const MAX_REMEMBERED = 200;
/** Characters of each trimmed text that are compared: one of two equal calls may have been cut. */
const COMPARED_LENGTH = 200;

interface RecentCall {
  /** Monotonic milliseconds. */
  until: number;
  /** Known once the CAD has made the call. */
  callId?: number;
  readonly result: Promise<ApiResult<unknown>>;
}

/**
 * A resource may listen to `SonoranScripts::Call911` itself and make the call that is made here too: the same caller, location and
 * description within 10 s are one 911 call, and both get its answer. One that failed, or was removed, may be asked for again at once.
 *
 * @param serverId this server's number, for calls that name none
 * @returns `request` without repeated calls
 */
export function withoutRepeatedCalls(
  request: CadRequest,
  serverId: () => number,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): CadRequest {
  const recent = new Map<string, RecentCall>();

  function keyOf({ serverId: server, caller, location, description }: ApiInput<'create911'>): string {
    const texts = [caller, location, description].map((text) => String(text).trim().slice(0, COMPARED_LENGTH));
    return JSON.stringify([server ?? serverId(), ...texts]);
  }

  function forgetOld(now: number): void {
    for (const [key, { until }] of recent) if (until <= now || recent.size >= MAX_REMEMBERED) recent.delete(key);
  }

  return ((name, input) => {
    const { callId } = input as ApiInput<'remove911'>;
    if (name === 'remove911') for (const call of recent.values()) if (call.callId === callId) call.until = 0;
    if (name !== 'create911') return request(name, input);
    const now = clock.monotonic();
    forgetOld(now);
    const key = keyOf(input as ApiInput<'create911'>);
    const earlier = recent.get(key);
    if (earlier !== undefined) {
      log.debug('A 911 call was asked for twice, and is made once.');
      return earlier.result;
    }
    const result = request(name, input);
    // While it waits for its turn it is the same call, however long that takes.
    const call: RecentCall = { until: Number.POSITIVE_INFINITY, result };
    recent.set(key, call);
    void result.then((answer) => {
      call.until = answer.ok ? now + SAME_WITHIN_MS : 0;
      if (answer.ok) call.callId = (answer.data as ApiOutput<'create911'>).callId;
    });
    return result;
  }) as CadRequest;
}
