import { randomUUID } from 'node:crypto';
import { describePlace, readFields, readId, readPlace } from '../../api/export-calls.ts';
import { createLegacyInput } from '../../cad/api/legacy-requests.ts';
import { type CallRequest, type EmergencyCalls, HelpLimits, isTrue, readCallText } from './call-911.ts';
import type { NetHandler, PlayerParts } from './player-requests.ts';

const PREFIX = 'SonoranCAD::callcommands:';
/** The official resource removes an unanswered 911 call after this time, too. */
const DELETE_AFTER_MINUTES = 30;
const DISPATCH_DEFAULTS = { origin: 0, status: 1, priority: 2, address: '', title: '', description: '' };
const toDispatchInput = createLegacyInput('NEW_DISPATCH', 'createDispatch');

/**
 * Handles the official resource's events about 911 calls and panic buttons, and triggers its events about their
 * results:
 *
 * - `SendCallApi` (emergency, caller, location, description, source, silentAlert, useCallLocation, type) from games
 *   and resources makes a 911 call. Triggers `cadIncomingCall` (emergency, caller, location, description, source,
 *   uid, type) and, once the CAD has the call, `EmergencyCallAdd` (source, callId). The caller of a game's call is
 *   always the game's player.
 * - `SendPanicApi` from games and resources, and `SendPanic` (source) from resources, set the panic of a player's
 *   unit. Triggers `PanicSent` (source).
 * - `CreateCall` (data) from resources makes a dispatch call. Triggers `CallCreated` (callId).
 */
export class CallCommands {
  /** Handlers of events that games may trigger, by event name. */
  readonly net: Readonly<Record<string, NetHandler>> = {
    [`${PREFIX}SendCallApi`]: (source, args) => this.#sendCall(source, args),
    [`${PREFIX}SendPanicApi`]: (source, args) => this.#sendPanicApi(source, args),
  };
  /** Handlers of events that only resources may trigger, by event name. */
  readonly local: Readonly<Record<string, (...args: readonly unknown[]) => void>> = {
    [`${PREFIX}SendPanic`]: (source) => this.#setPanic(this.#readPlayer(source), null),
    [`${PREFIX}CreateCall`]: (data) => this.#createCall(data),
  };

  readonly #parts: PlayerParts & { readonly calls: EmergencyCalls };
  readonly #panicLimits: HelpLimits;

  constructor(parts: PlayerParts & { readonly calls: EmergencyCalls }) {
    this.#parts = parts;
    this.#panicLimits = new HelpLimits(parts, {
      notAllowed: "A panic from a player's game was not sent: call911FromClients does not allow it.",
      tooMany: "A panic from a player's game was not sent: there were too many in the last minute.",
    });
  }

  /** Sets the panic of a player's unit, within the rate limits. */
  panic(source: number): void {
    if (this.#panicLimits.isAllowed(source)) this.#setPanic(source, source);
  }

  #sendCall(requester: number | null, args: readonly unknown[]): void {
    const { calls, log } = this.#parts;
    const sent = readSentCall(args);
    if (sent === null) {
      log.debug('A 911 call by SendCallApi was not made: it has no description.', { source: requester });
      return;
    }
    if (requester !== null && !calls.isAllowed(requester)) return;

    const caller = requester ?? this.#readPlayer(args[4]);
    const { call, type, uid } = sent;
    this.#emit('cadIncomingCall', call.isEmergency, call.caller, call.location, call.description, caller, uid, type);
    calls.make(call, caller, requester, (callId) => {
      if (callId !== null) this.#emit('EmergencyCallAdd', caller, callId);
    });
  }

  #sendPanicApi(requester: number | null, [source]: readonly unknown[]): void {
    if (requester === null) this.#setPanic(this.#readPlayer(source), null);
    else this.panic(requester);
  }

  /** @param requester the player whose game asked for the panic; null for a resource */
  #setPanic(source: number | null, requester: number | null): void {
    const { request, state, texts, tell, log } = this.#parts;
    const ident = source === null ? undefined : state.unitOfPlayer(source)?.id;
    if (ident === undefined) {
      log.debug('A panic was not sent: the player has no unit.', { source });
      if (requester !== null) tell(requester, texts().notOnDuty);
      return;
    }

    void request('setUnitPanic', { identIds: [ident], isPanic: true }).then((result) => {
      if (result.ok) {
        this.#emit('PanicSent', source);
        return;
      }
      log.coalesce({ reason: result.error.message }).warn('A panic did not reach the CAD.', { source });
      if (requester !== null) tell(requester, texts().refused);
    });
  }

  #createCall(data: unknown): void {
    const { request, log } = this.#parts;
    const fields = readFields(data);
    if (Object.keys(fields).length === 0) return;

    void request('createDispatch', toDispatchInput({ ...DISPATCH_DEFAULTS, ...fields })).then((result) => {
      if (result.ok) this.#emit('CallCreated', result.data.callId);
      else log.coalesce({ reason: result.error.message }).warn('A dispatch call did not reach the CAD.');
    });
  }

  /** Reads the server id of a connected player; null for anything else. */
  #readPlayer(given: unknown): number | null {
    const source = readId(given);
    return source !== undefined && this.#parts.players.sessionOf(source) !== null ? source : null;
  }

  #emit(name: string, ...args: readonly unknown[]): void {
    this.#parts.emit(PREFIX + name, ...args);
  }
}

interface SentCall {
  readonly call: CallRequest;
  /** The script's word for the kind of call, such as `911`; null for none. */
  readonly type: string | null;
  /** A new id by which other resources recognise the call. */
  readonly uid: string;
}

/**
 * Reads the arguments of `SendCallApi`, which can have any type. The location is text or a vector.
 *
 * @returns null for a call without a description
 */
function readSentCall(args: readonly unknown[]): SentCall | null {
  const [emergency, caller, location, givenDescription, , silentAlert, useCallLocation, givenType] = args;
  const description = readCallText(givenDescription);
  if (description === '') return null;

  const place = readPlace(location);
  const type = readCallText(givenType) || null;
  const uid = randomUUID();
  const call: CallRequest = {
    isEmergency: emergency === undefined || emergency === null || isTrue(emergency),
    caller: readCallText(caller),
    location: place === null ? readCallText(location) : describePlace(place),
    description,
    deleteAfterMinutes: DELETE_AFTER_MINUTES,
    metaData: {
      uuid: uid,
      silentAlert: String(isTrue(silentAlert)),
      useCallLocation: String(isTrue(useCallLocation)),
      ...(type !== null && { type }),
      ...(place !== null && { x: String(place.x), y: String(place.y), z: String(place.z) }),
    },
  };
  return { call, type, uid };
}
