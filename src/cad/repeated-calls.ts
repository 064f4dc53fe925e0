import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput, ApiOutput } from './api/endpoints.ts';
import type { ApiResult } from './api/results.ts';

/** Equal calls within this time are one call. */
const SAME_CALL_WITHIN_MS = 10_000;
/** Upper bound of remembered calls; beyond it the oldest are forgotten. The CAD accepts 10 calls a minute. */
const MAX_REMEMBERED = 200;
/** Characters compared of each trimmed text, because one of two equal calls may have been truncated. */
const COMPARED_LENGTH = 200;

interface RecentCall {
  /** Monotonic milliseconds until which equal calls are joined to this one. */
  until: number;
  /** Set after the CAD has created the call. */
  callId?: number;
  readonly result: Promise<ApiResult<unknown>>;
}

/**
 * Wraps `request` so that 911 calls with the same caller, location and description within 10 s are sent once and share
 * one answer. Another resource may also handle `SonoranScripts::Call911` and create the same call. A failed or removed
 * call can be repeated.
 *
 * @param serverId returns this server's id, for calls that name no server
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

  function forget(callId: number): void {
    for (const call of recent.values()) if (call.callId === callId) call.until = 0;
  }

  return ((name, input) => {
    if (name === 'remove911') forget((input as ApiInput<'remove911'>).callId);
    if (name !== 'create911') return request(name, input);

    const now = clock.monotonic();
    forgetOld(now);
    const key = keyOf(input as ApiInput<'create911'>);
    const earlier = recent.get(key);
    if (earlier !== undefined) {
      log.debug('Coalesced two equal 911 calls into one.');
      return earlier.result;
    }

    const result = request(name, input);
    // Equal calls are joined for as long as the request is queued.
    const call: RecentCall = { until: Number.POSITIVE_INFINITY, result };
    recent.set(key, call);
    void result.then((answer) => {
      call.until = answer.ok ? now + SAME_CALL_WITHIN_MS : 0;
      if (answer.ok) call.callId = (answer.data as ApiOutput<'create911'>).callId;
    });
    return result;
  }) as CadRequest;
}
