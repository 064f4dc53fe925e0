import { randomUUID } from 'node:crypto';
import { describePlace, readFields, readId, readPlace } from '../../api/export-calls.ts';
import { createLegacyInput } from '../../cad/api/legacy-requests.ts';
import { type CallMaker, type CallRequest, createHelpLimits, readFlag, readText } from './call-911.ts';
import type { NetHandler, PlayerParts } from './player-requests.ts';

const PREFIX = 'SonoranCAD::callcommands:';
/** As the official resource has it: a 911 call that no dispatcher answers goes by itself. */
const DELETE_AFTER_MINUTES = 30;
const USUAL_DISPATCH = { origin: 0, status: 1, priority: 2, address: '', title: '', description: '' };
const newDispatch = createLegacyInput('NEW_DISPATCH', 'createDispatch');

/**
 * Reads (emergency, caller, location, description, source, silentAlert, useCallLocation, type), each of which may be anything. The
 * location is text or a vector.
 *
 * @returns the call, and what other resources are told of it: the kind of call it is to the script, as `911` (null for none), and an
 *   id of its own; null when it describes nothing
 */
function readSentCall([emergency, caller, location, given, , silentAlert, useCallLocation, kind]: readonly unknown[]) {
  const description = readText(given);
  if (description === '') return null;
  const place = readPlace(location);
  const [type, uid] = [readText(kind) || null, randomUUID()];
  const call: CallRequest = {
    isEmergency: emergency === undefined || emergency === null || readFlag(emergency),
    caller: readText(caller),
    location: place === null ? readText(location) : describePlace(place),
    description,
    deleteAfterMinutes: DELETE_AFTER_MINUTES,
    metaData: {
      uuid: uid,
      silentAlert: String(readFlag(silentAlert)),
      useCallLocation: String(readFlag(useCallLocation)),
      ...(type !== null && { type }),
      ...(place !== null && { x: String(place.x), y: String(place.y), z: String(place.z) }),
    },
  };
  return { call, type, uid };
}

/**
 * Does what scripts made for the official resource ask of its 911 calls and panic buttons, and triggers the events by which it tells
 * of them:
 *
 * - `SendCallApi` (emergency, caller, location, description, source, silentAlert, useCallLocation, type), from games and resources,
 *   makes a 911 call. It triggers `cadIncomingCall` (emergency, caller, location, description, source, uid, type) and, when the CAD
 *   has it, `EmergencyCallAdd` (source, callId). From a game the caller is its player, whatever the arguments say.
 * - `SendPanicApi`, from games and resources, and `SendPanic` (source), from resources, set a unit's panic: of the player whose game
 *   sent it, or whom the resource names. Triggers `PanicSent` (source).
 * - `CreateCall` (data), from resources, makes a dispatch call and triggers `CallCreated` (callId).
 *
 * @returns by the name of the event what is done for it: `net` those that games may send, `local` those of resources alone; and
 *   `panic`, the same for a player's command
 */
export function createCallCommands(parts: PlayerParts & { readonly calls: CallMaker }) {
  const { request, state, players, calls, texts, tell, log } = parts;
  const mayPanic = createHelpLimits(parts, 'A panic');

  const emit = (name: string, ...args: readonly unknown[]) => parts.emit(PREFIX + name, ...args);

  /** Whom a resource names: a player who is connected. */
  function playerFrom(given: unknown): number | null {
    const source = readId(given);
    return source !== undefined && players.sessionOf(source) !== null ? source : null;
  }

  function sendCall(asking: number | null, args: readonly unknown[]): void {
    const sent = readSentCall(args);
    if (sent === null) {
      log.debug('A 911 call was not made: it says nothing about what has happened.', { source: asking });
      return;
    }
    if (asking !== null && !calls.isAllowed(asking)) return;
    const source = asking ?? playerFrom(args[4]);
    const { call, type, uid } = sent;
    emit('cadIncomingCall', call.isEmergency, call.caller, call.location, call.description, source, uid, type);
    calls.make(call, source, asking, (callId) => {
      if (callId !== null) emit('EmergencyCallAdd', source, callId);
    });
  }

  function panic(source: number | null, asking: number | null): void {
    const ident = source === null ? undefined : state.unitOfPlayer(source)?.id;
    if (ident === undefined) {
      log.debug('A panic was not sent: the player is no unit.', { source });
      if (asking !== null) tell(asking, texts().notOnDuty);
      return;
    }
    void request('setUnitPanic', { identIds: [ident], isPanic: true }).then((result) => {
      if (result.ok) return emit('PanicSent', source);
      log.coalesce({ reason: result.error.message }).warn('A panic did not reach the CAD.', { source });
      if (asking !== null) tell(asking, texts().refused);
    });
  }

  function createCall(data: unknown): void {
    const given = readFields(data);
    if (Object.keys(given).length === 0) return;
    void request('createDispatch', newDispatch({ ...USUAL_DISPATCH, ...given })).then((result) => {
      if (result.ok) emit('CallCreated', result.data.callId);
      else log.coalesce({ reason: result.error.message }).warn('A dispatch call did not reach the CAD.');
    });
  }

  const askedPanic: NetHandler = (asking, [named]) => {
    if (asking === null || mayPanic(asking)) panic(asking ?? playerFrom(named), asking);
  };
  const net: Readonly<Record<string, NetHandler>> = {
    [`${PREFIX}SendCallApi`]: sendCall,
    [`${PREFIX}SendPanicApi`]: askedPanic,
  };
  const local: Readonly<Record<string, (...args: readonly unknown[]) => void>> = {
    [`${PREFIX}SendPanic`]: (source) => panic(playerFrom(source), null),
    [`${PREFIX}CreateCall`]: createCall,
  };
  return { net, local, panic: (source: number) => askedPanic(source, []) };
}
