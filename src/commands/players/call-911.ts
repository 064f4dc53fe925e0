import { callBack, findCallback } from '../../api/export-calls.ts';
import { reasonOf } from '../../lib/text.ts';
import type { AccountLinks } from './linking.ts';
import { type NetHandler, type PlayerParts, RequestLimits } from './player-requests.ts';

/** A 911 call that a script or a player's game asks for. */
export interface CallRequest {
  readonly isEmergency: boolean;
  readonly caller: string;
  readonly location: string;
  readonly description: string;
  readonly metaData: Readonly<Record<string, string>>;
  /** Minutes until the CAD removes the call. */
  readonly deleteAfterMinutes?: number;
}

const NO_DESCRIPTION = 'A 911 call was not made: it has no description.';

/**
 * Creates the handler of `SonoranScripts::Call911`, an event by which players' games and other resources make 911
 * calls.
 */
export function createCall911Handler(
  calls: EmergencyCalls,
  { log, caller }: Pick<PlayerParts, 'log' | 'caller'>,
): NetHandler {
  return (source, args) => {
    const call = readCallRequest(args);
    const callback = source === null ? findCallback(args) : undefined;
    const origin = { log, name: 'SonoranScripts::Call911', caller: caller() };
    if (call === null) {
      log.debug(NO_DESCRIPTION, { source, resource: origin.caller });
      callBack(callback, [NO_DESCRIPTION, false], origin);
      return;
    }

    if (source !== null && !calls.isAllowed(source)) return;
    calls.make(call, source, source, (callId, reason) => {
      const result = callId === null ? reason : `EMERGENCY CALL ADDED ID: ${callId}`;
      callBack(callback, [result, callId !== null], origin);
    });
  };
}

/** Makes 911 calls in the CAD, and adds the facts that the server knows about the calling player. */
export class EmergencyCalls {
  readonly #parts: Pick<PlayerParts, 'request' | 'players' | 'identityOf' | 'texts' | 'tell' | 'log'> & {
    readonly links: Pick<AccountLinks, 'formToWrite'>;
  };
  readonly #limits: HelpLimits;

  constructor(
    parts: Pick<
      PlayerParts,
      'config' | 'request' | 'players' | 'hasAce' | 'identityOf' | 'texts' | 'tell' | 'clock' | 'log'
    > & { readonly links: Pick<AccountLinks, 'formToWrite'> },
  ) {
    this.#parts = parts;
    this.#limits = new HelpLimits(parts, {
      notAllowed: "A 911 call from a player's game was not made: call911FromClients does not allow it.",
      tooMany: "A 911 call from a player's game was not made: there were too many in the last minute.",
    });
  }

  /** Counts one call of a player's game. @returns whether the game may make the call */
  isAllowed(source: number): boolean {
    return this.#limits.isAllowed(source);
  }

  /**
   * Makes a 911 call.
   *
   * @param caller the player who calls; null when unknown
   * @param requester the player whose game asked for the call and is notified of a failure; null for a resource
   * @param answer receives the call's id, or null and the reason
   */
  make(
    call: CallRequest,
    caller: number | null,
    requester: number | null,
    answer: (callId: number | null, reason: string) => void,
  ): void {
    const { request, texts, tell, log } = this.#parts;
    const fail = (reason: string) => {
      answer(null, reason);
      log.coalesce({ reason }).warn('A 911 call did not reach the CAD.', { source: requester });
      if (requester !== null) tell(requester, texts().callFailed);
    };

    request('create911', caller === null ? call : this.#addCaller(call, caller))
      .then(
        (result) => {
          if (result.ok) answer(result.data.callId, '');
          else fail(result.error.message);
        },
        (thrown: unknown) => fail(reasonOf(thrown)),
      )
      .catch((thrown: unknown) =>
        log
          .coalesce({ reason: reasonOf(thrown) })
          .error('A player could not be notified of the result of their 911 call.', { source: requester }),
      );
  }

  /** Overwrites the caller's data in a call: data from a player's game is not trusted. */
  #addCaller(call: CallRequest, source: number): CallRequest {
    const { players, identityOf, links } = this.#parts;
    const place = players.coordinatesOf(source);
    const ownIdentity = identityOf(source);
    const identity = players.linkedIdentityOf(source) ?? (ownIdentity && links.formToWrite(ownIdentity));
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
}

/** The permission that players need when `call911FromClients` is `ace`. */
const PERMISSION = 'sonorancad.call911';
/** Calls for help of one player in a minute. */
const MOST_EACH_PER_MINUTE = 2;
/** Calls for help of all players in a minute. The CAD takes 10 of a whole community, so that 2 are left for scripts. */
const MOST_IN_ALL_PER_MINUTE = 8;

/** Limits the calls for help of players' games by `call911FromClients` and by a rate limit. */
export class HelpLimits {
  readonly #parts: Pick<PlayerParts, 'config' | 'hasAce' | 'texts' | 'tell' | 'log'>;
  readonly #limits: RequestLimits;
  readonly #messages: { readonly notAllowed: string; readonly tooMany: string };

  /** @param messages the log lines about a refused call */
  constructor(
    parts: Pick<PlayerParts, 'config' | 'hasAce' | 'texts' | 'tell' | 'clock' | 'log'>,
    messages: { readonly notAllowed: string; readonly tooMany: string },
  ) {
    this.#parts = parts;
    this.#limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, parts.clock);
    this.#messages = messages;
  }

  /** Counts one call for help of a player's game. @returns whether the call may be made */
  isAllowed(source: number): boolean {
    const { config, hasAce, texts, tell, log } = this.#parts;
    const setting = config().call911FromClients;
    if (setting === 'off' || (setting === 'ace' && !hasAce(source, PERMISSION))) {
      log.debug(this.#messages.notAllowed, { source });
      return false;
    }

    const decision = this.#limits.take(source);
    if (decision === 'refused') {
      log.coalesce({ source }).warn(this.#messages.tooMany);
      tell(source, texts().tooMany);
    }
    return decision === 'granted';
  }
}

/** Longer times until the CAD removes a call are shortened to a day. */
const MAX_DELETE_AFTER_MINUTES = 24 * 60;

/**
 * Reads the arguments of `SonoranScripts::Call911`: either (caller, location, description, postal, plate, callback,
 * silenceAlert, useCallLocation, deleteAfter), or one table with these names. Arguments from a player's game can have
 * any type.
 *
 * @returns null for a call without a description
 */
function readCallRequest(args: readonly unknown[]): CallRequest | null {
  const given = nameArguments(args);
  const description = readCallText(given.description);
  if (description === '') return null;

  const metaData: Record<string, string> = {};
  for (const name of ['postal', 'plate']) {
    const value = readCallText(given[name]);
    if (value !== '') metaData[name] = value;
  }
  // Responding units are announced to the caller only when this field is present and false.
  metaData.silentAlert = String(isTrue(given.silenceAlert ?? given.silentAlert));
  metaData.useCallLocation = String(isTrue(given.useCallLocation));

  const minutes = Number(readCallText(given.deleteAfter ?? given.deleteAfterMinutes));
  const hasMinutes = Number.isInteger(minutes) && minutes > 0;
  return {
    isEmergency: given.isEmergency === undefined || given.isEmergency === null || isTrue(given.isEmergency),
    caller: readCallText(given.caller),
    location: readCallText(given.location),
    description,
    metaData,
    ...(hasMinutes && { deleteAfterMinutes: Math.min(minutes, MAX_DELETE_AFTER_MINUTES) }),
  };
}

const ARGUMENT_NAMES = [
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

function nameArguments(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return { ...first };

  const withLocation = lacksLocation(args) ? [first, '', ...args.slice(1)] : args;
  return Object.fromEntries(ARGUMENT_NAMES.map((name, index) => [name, withLocation[index]]));
}

const POSTAL_CODE = /^\d{1,6}[a-z]?$/i;

/**
 * Whether a script left the location out and called with (caller, description, postal). The third argument, otherwise
 * the description, is then missing or a postal code, and there is no fourth argument.
 */
function lacksLocation([, second, third, fourth]: readonly unknown[]): boolean {
  const isMissing = third === undefined || third === null;
  const isPostalCode = POSTAL_CODE.test(readCallText(third));
  return readCallText(second) !== '' && readCallText(fourth) === '' && (isMissing || isPostalCode);
}

/** Longer texts of a 911 call are truncated to this many characters. */
const MAX_TEXT_LENGTH = 500;

/** Reads a text of a 911 call. Numbers become text, and any other value becomes the empty string. */
export function readCallText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number') return '';
  return String(given).toWellFormed().trim().slice(0, MAX_TEXT_LENGTH).toWellFormed();
}

/** Whether a script's argument is `true` or the text "true". */
export function isTrue(given: unknown): boolean {
  return given === true || (typeof given === 'string' && given.toLowerCase() === 'true');
}
