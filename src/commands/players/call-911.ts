import { findCallback } from '../../api/arguments.ts';
import { callBack } from '../../api/cad-answers.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits, type PlayerParts } from './player-requests.ts';

/** A 911 call as a script or a player's game asks for it. */
type CallRequest = NonNullable<ReturnType<typeof readCall>>;

/** Longer texts are cut. */
const MAX_TEXT = 500;
const MAX_MINUTES = 24 * 60;

/**
 * Reads the arguments of `SonoranScripts::Call911`: (caller, location, description, postal, plate, callback, silenceAlert,
 * useCallLocation, deleteAfter), or one table with the same names. They may come from a player's game, so that each may be anything.
 *
 * @returns null when it describes nothing
 */
function readCall(args: readonly unknown[]) {
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
    /** Minutes after which the CAD removes it. */
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

/** The permission that `call911FromClients: ace` asks for. */
const ACE = 'sonorancad.call911';
const MOST_EACH = 2;
/** The CAD takes 10 a minute of all servers of a community: scripts are to have some of them. */
const MOST_IN_ALL = 8;

/**
 * Makes 911 calls for `SonoranScripts::Call911`, which players' games and other resources trigger.
 *
 * @returns to be called with the player whose game asks (null for a resource) and the arguments
 */
export function createCall911Receiver(
  parts: Pick<
    PlayerParts,
    'config' | 'request' | 'players' | 'hasAce' | 'identityOf' | 'texts' | 'tell' | 'clock' | 'log'
  > & { readonly linking: Pick<Linking, 'formToWrite'> },
): (source: number | null, args: readonly unknown[]) => void {
  const { players, log, tell, texts } = parts;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);

  function isAllowed(source: number): boolean {
    const allowed = parts.config().call911FromClients;
    if (allowed === 'off' || (allowed === 'ace' && !parts.hasAce(source, ACE))) {
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

  /** The caller is the sender as the server knows them, whatever the call says. */
  function withCaller(call: CallRequest, source: number): CallRequest {
    const place = players.coordinatesOf(source);
    const own = parts.identityOf(source);
    const identity = players.linkedIdentityOf(source) ?? (own && parts.linking.formToWrite(own));
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
    const call = readCall(args);
    if (call === null) {
      log.debug('A 911 call was not made: it says nothing about what has happened.', { source });
      return;
    }
    if (source !== null && !isAllowed(source)) return;
    const callback = source === null ? findCallback(args) : undefined;
    const answer = (text: string, ok: boolean) => {
      callBack(callback, [text, ok], { log, name: 'SonoranScripts::Call911', caller: null });
      if (ok) return;
      log.warn('A 911 call did not reach the CAD.', { source, reason: text });
      if (source !== null) tell(source, texts().callFailed);
    };
    parts
      .request('create911', source === null ? call : withCaller(call, source))
      .then(
        (result) =>
          result.ok
            ? answer(`EMERGENCY CALL ADDED ID: ${result.data.callId}`, true)
            : answer(result.error.message, false),
        (thrown: unknown) => answer(reasonOf(thrown), false),
      )
      .catch((thrown: unknown) =>
        log.error('A player could not be told of their 911 call.', { source, reason: reasonOf(thrown) }),
      );
  };
}
