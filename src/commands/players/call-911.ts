import { callBack, findCallback } from '../../api/export-calls.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits, type NetHandler, type PlayerParts } from './player-requests.ts';

/** A 911 call as a script or a player's game asks for it. */
export interface CallRequest {
  readonly isEmergency: boolean;
  readonly caller: string;
  readonly location: string;
  readonly description: string;
  readonly metaData: Readonly<Record<string, string>>;
  /** Minutes after which the CAD removes it. */
  readonly deleteAfterMinutes?: number;
}

/** Longer texts are cut. */
const MAX_TEXT = 500;
const MAX_MINUTES = 24 * 60;

/**
 * Reads the arguments of `SonoranScripts::Call911`: (caller, location, description, postal, plate, callback, silenceAlert,
 * useCallLocation, deleteAfter), or one table with the same names; the location may have been left out. They may come from a
 * player's game, so that each may be anything.
 *
 * @returns null when it describes nothing
 */
function readCall(args: readonly unknown[]): CallRequest | null {
  const given = named(args);
  const description = readText(given.description);
  if (description === '') return null;
  const minutes = Number(readText(given.deleteAfter ?? given.deleteAfterMinutes));
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

const NAMES = 'caller location description postal plate callback silenceAlert useCallLocation deleteAfter'.split(' ');

function named(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return { ...first };
  const places = lacksLocation(args) ? [first, '', ...args.slice(1)] : args;
  return Object.fromEntries(NAMES.map((name, index) => [name, places[index]]));
}

const POSTAL = /^\d{1,6}[a-z]?$/i;

/**
 * Whether a script has left the location out, as some do: (caller, description, postal). What stands in the place of the description
 * is a postal code then, or nothing at all.
 */
function lacksLocation([, second, third, fourth]: readonly unknown[]): boolean {
  const isNothing = third === undefined || third === null;
  return readText(second) !== '' && readText(fourth) === '' && (isNothing || POSTAL.test(readText(third)));
}

/** Text or a number as text, cut to a length; empty for anything else. */
export function readText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number') return '';
  return String(given).toWellFormed().trim().slice(0, MAX_TEXT).toWellFormed();
}

/** Whether something says yes. */
export function readFlag(given: unknown): boolean {
  return given === true || (typeof given === 'string' && given.toLowerCase() === 'true');
}

/** The permission that `call911FromClients: ace` asks for. */
const ACE = 'sonorancad.call911';
const MOST_EACH = 2;
/** The CAD takes 10 a minute of all servers of a community: scripts are to have some of them. */
const MOST_IN_ALL = 8;

/**
 * Says whether a player's game may ask for help: as `call911FromClients` says, and not too often.
 *
 * @param what for the log, as `A 911 call`
 */
export function createHelpLimits(
  parts: Pick<PlayerParts, 'config' | 'hasAce' | 'texts' | 'tell' | 'clock' | 'log'>,
  what: string,
): (source: number) => boolean {
  const { config, hasAce, texts, tell, log } = parts;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);
  return (source) => {
    const allowed = config().call911FromClients;
    if (allowed === 'off' || (allowed === 'ace' && !hasAce(source, ACE))) {
      log.debug(`${what} from a player's game was not made: call911FromClients does not allow it.`, { source });
      return false;
    }
    const taken = limits.take(source);
    if (taken === 'refused') {
      log
        .coalesce({ source })
        .warn(`${what} from a player's game was not made: there were too many in the last minute.`);
      tell(source, texts().tooMany);
    }
    return taken === 'granted';
  };
}

/** Makes 911 calls, with what the server knows of the player who calls. */
export type CallMaker = ReturnType<typeof createCallMaker>;

export function createCallMaker(
  parts: Pick<
    PlayerParts,
    'config' | 'request' | 'players' | 'hasAce' | 'identityOf' | 'texts' | 'tell' | 'clock' | 'log'
  > & { readonly linking: Pick<Linking, 'formToWrite'> },
) {
  const { players, log, tell, texts } = parts;

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

  return {
    /** Says whether a player's game may make one, and counts it. */
    isAllowed: createHelpLimits(parts, 'A 911 call'),
    /**
     * Makes one.
     *
     * @param caller the player who calls; null when none is known
     * @param asking the player whose game asked, who is told when it fails; null for a resource
     * @param answer gets the call's id, or null and the reason
     */
    make(
      call: CallRequest,
      caller: number | null,
      asking: number | null,
      answer: (callId: number | null, reason: string) => void,
    ): void {
      const failed = (reason: string) => {
        answer(null, reason);
        log.coalesce({ reason }).warn('A 911 call did not reach the CAD.', { source: asking });
        if (asking !== null) tell(asking, texts().callFailed);
      };
      parts
        .request('create911', caller === null ? call : withCaller(call, caller))
        .then(
          (result) => (result.ok ? answer(result.data.callId, '') : failed(result.error.message)),
          (thrown: unknown) => failed(reasonOf(thrown)),
        )
        .catch((thrown: unknown) =>
          log
            .coalesce({ reason: reasonOf(thrown) })
            .error('A player could not be notified of their 911 call.', { source: asking }),
        );
    },
  };
}

const SAYS_NOTHING = 'A 911 call was not made: it says nothing about what has happened.';

/**
 * Makes 911 calls for `SonoranScripts::Call911`, which players' games and other resources trigger.
 *
 * @returns to be called with the player whose game asks (null for a resource) and the arguments
 */
export function createCall911Receiver(
  { make, isAllowed }: CallMaker,
  { log, caller }: Pick<PlayerParts, 'log' | 'caller'>,
): NetHandler {
  return (source, args) => {
    const call = readCall(args);
    const callback = source === null ? findCallback(args) : undefined;
    const told = { log, name: 'SonoranScripts::Call911', caller: caller() };
    if (call === null) {
      log.debug(SAYS_NOTHING, { source, resource: told.caller });
      return callBack(callback, [SAYS_NOTHING, false], told);
    }
    if (source !== null && !isAllowed(source)) return;
    make(call, source, source, (callId, reason) => {
      const result = callId === null ? reason : `EMERGENCY CALL ADDED ID: ${callId}`;
      callBack(callback, [result, callId !== null], told);
    });
  };
}
