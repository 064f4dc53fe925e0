import type { ApiResult } from '../../cad/api/api-result.ts';
import { callBack } from '../../exports/api/api-export-context.ts';
import { findCallback } from '../../exports/read-arguments.ts';
import type { Locale } from '../../notify/locales/en.ts';
import type { Log } from '../../platform/log.ts';
import { reasonOf } from '../../text/reason-of.ts';
import { createRequestLimits } from '../request-limits.ts';
import { type CallRequest, readCall } from './read-call.ts';

export interface Call911Options {
  /** Which players' games may make calls. */
  allowed(): 'limited' | 'ace' | 'off';
  hasAce(source: number, permission: string): boolean;
  /** What is known of a player: their place on the map, and the identity by which the CAD knows them. */
  describe(source: number): {
    readonly place: { x: number; y: number; z: number } | null;
    readonly identity: string | null;
  };
  create911(call: CallRequest): Promise<ApiResult<{ readonly callId: number }>>;
  /** Shows a player a text. */
  tell(source: number, text: string): void;
  texts(): Locale['requests'];
  readonly clock: { monotonic(): number };
  readonly log: Log;
}

/** The permission that `call911FromClients: ace` asks for. */
const ACE = 'sonorancad.call911';
const MOST_EACH = 2;
const MOST_IN_ALL = 20;

/**
 * Makes 911 calls for `SonoranScripts::Call911`, which players' games and other resources trigger.
 *
 * @returns to be called with the player whose game asks (null for a resource) and the arguments
 */
export function createCall911Receiver(
  options: Call911Options,
): (source: number | null, args: readonly unknown[]) => void {
  const { log, tell, texts } = options;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, options.clock);

  function isAllowed(source: number): boolean {
    const allowed = options.allowed();
    if (allowed === 'off' || (allowed === 'ace' && !options.hasAce(source, ACE))) {
      log.debug("A 911 call from a player's game was not made: call911FromClients does not allow it.", { source });
      return false;
    }
    const taken = limits.take(source);
    if (taken === 'refused') {
      log.warn("A 911 call from a player's game was not made: there were too many in the last minute.", { source });
      tell(source, texts().tooMany);
    }
    return taken === 'granted';
  }

  /** Who calls is what the server knows of the sender, whatever the call says. */
  function withCaller(call: CallRequest, source: number): CallRequest {
    const { place, identity } = options.describe(source);
    return {
      ...call,
      metaData: {
        ...call.metaData,
        callerPlayerId: String(source),
        ...(identity !== null && { callerCommunityUserId: identity }),
        ...(place !== null && { x: String(place.x), y: String(place.y), z: String(place.z) }),
      },
    };
  }

  return (source, args) => {
    if (source !== null && !isAllowed(source)) return;
    const call = readCall(args);
    if (call === null) {
      log.debug('A 911 call was not made: it says nothing about what has happened.', { source });
      return;
    }
    const callback = source === null ? findCallback(args) : undefined;
    const conclude = (text: string, ok: boolean) => {
      callBack(callback, [text, ok], { log, name: 'SonoranScripts::Call911', caller: null });
      if (ok) return;
      log.warn('A 911 call did not reach the CAD.', { source, reason: text });
      if (source !== null) tell(source, texts().callFailed);
    };
    options
      .create911(source === null ? call : withCaller(call, source))
      .then(
        (result) =>
          result.ok
            ? conclude(`EMERGENCY CALL ADDED ID: ${result.data.callId}`, true)
            : conclude(result.error.message, false),
        (thrown: unknown) => conclude(reasonOf(thrown), false),
      )
      .catch((thrown: unknown) =>
        log.error('A player could not be told of their 911 call.', { source, reason: reasonOf(thrown) }),
      );
  };
}
