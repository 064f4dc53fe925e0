import { findCallback } from '../../api/arguments.ts';
import { callBack } from '../../api/cad-answers.ts';
import type { ApiResult } from '../../cad/api/results.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Locale } from '../../notify/locales/en.ts';
import { createRequestLimits } from './player-requests.ts';

/** A 911 call as a script or a player's game asks for it. */
export interface CallRequest {
  readonly isEmergency: boolean;
  readonly caller: string;
  readonly location: string;
  readonly description: string;
  /** Minutes after which the CAD removes it by itself. */
  readonly deleteAfterMinutes?: number;
  /** Texts beside the call: `postal`, `plate`, `silentAlert`, `useCallLocation`. */
  readonly metaData: Readonly<Record<string, string>>;
}

/** Whatever is longer has been made up to annoy somebody. */
const MAX_TEXT = 500;
const MAX_MINUTES = 24 * 60;

/**
 * Reads the arguments of `SonoranScripts::Call911`: (caller, location, description, postal, plate, callback, silenceAlert,
 * useCallLocation, deleteAfter), or one table with the same names. Nothing of it need be what it should: it may come from a
 * player's game.
 *
 * @returns null when it describes nothing
 */
export function readCall(args: readonly unknown[]): CallRequest | null {
  const given = named(args);
  const description = readText(given.description);
  if (description === '') return null;
  const minutes = Number(given.deleteAfter ?? given.deleteAfterMinutes);
  const metaData: Record<string, string> = {};
  for (const name of ['postal', 'plate']) {
    const value = readText(given[name]);
    if (value !== '') metaData[name] = value;
  }
  // Whether responding units are announced to the caller depends on this, and on its being there at all.
  metaData.silentAlert = String(readFlag(given.silenceAlert ?? given.silentAlert));
  metaData.useCallLocation = String(readFlag(given.useCallLocation));
  return {
    isEmergency: given.isEmergency === undefined || given.isEmergency === null || readFlag(given.isEmergency),
    caller: readText(given.caller),
    location: readText(given.location),
    description,
    metaData,
    ...(Number.isInteger(minutes) && minutes > 0 && { deleteAfterMinutes: Math.min(minutes, MAX_MINUTES) }),
  };
}

const NAMES = [
  'caller',
  'location',
  'description',
  'postal',
  'plate',
  'callback',
  'silenceAlert',
  'useCallLocation',
  'deleteAfter',
];

function named(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return { ...first };
  return Object.fromEntries(NAMES.map((name, index) => [name, args[index]]));
}

function readText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number') return '';
  return String(given).toWellFormed().trim().slice(0, MAX_TEXT).toWellFormed();
}

function readFlag(given: unknown): boolean {
  return given === true || (typeof given === 'string' && given.toLowerCase() === 'true');
}

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
