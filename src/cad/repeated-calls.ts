import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput } from './api/endpoints.ts';

/** What is asked for again within it is the same call. */
const SAME_WITHIN_MS = 10_000;
/** Calls remembered; the CAD takes 10 a minute. */
const MAX_REMEMBERED = 200;
/** Of each text so much counts, without the spaces around it: one of the two may have been cut. */
const COMPARED_LENGTH = 200;

interface RepeatedCallsOptions {
  readonly request: CadRequest;
  /** This server's number, for calls that name none. */
  serverId(): number;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Pick<Log, 'debug'>;
}

/**
 * A resource may listen to `SonoranScripts::Call911` itself and make the call that is made here too: the same caller, location and
 * description within 10 s are one 911 call, and both get its answer. One that failed may be asked for again at once.
 *
 * @returns the same way to ask the CAD
 */
export function withoutRepeatedCalls({ request, serverId, clock, log }: RepeatedCallsOptions): CadRequest {
  const recent = new Map<string, { until: number; readonly result: ReturnType<CadRequest> }>();

  function keyOf({ serverId: server, caller, location, description }: ApiInput<'create911'>): string {
    const texts = [caller, location, description].map((text) => String(text).trim().slice(0, COMPARED_LENGTH));
    return JSON.stringify([server ?? serverId(), ...texts]);
  }

  function forgetOld(now: number): void {
    for (const [key, { until }] of recent) if (until <= now || recent.size >= MAX_REMEMBERED) recent.delete(key);
  }

  return ((name, input) => {
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
    const call = { until: Number.POSITIVE_INFINITY, result };
    recent.set(key, call);
    void result.then(({ ok }) => {
      call.until = ok ? now + SAME_WITHIN_MS : 0;
    });
    return result;
  }) as CadRequest;
}
