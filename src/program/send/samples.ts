import { readFileSync } from 'node:fs';
import { findType } from '../../events/push-event.ts';
import { errorCodeOf } from '../../lib/text.ts';
import { ProgramFault } from '../arguments.ts';

/** A push event to send: a JSON object with a `type`. The API key is added when the event is sent. */
export interface Payload {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** A short description of what happens in the game, which is printed beside the answer. */
  readonly about?: string;
}

/** Sample events by their type, one for each type. */
export type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The types in the order in which they occur during a shift. Types that are missing here are sent last. */
const SHIFT_ORDER: readonly string[] = [
  ...['EVENT_COMMUNITY_LINK_VERIFIED', 'EVENT_CHAR_SELECTED', 'EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE'],
  ...['EVENT_UNIT_GROUP_ADD', 'EVENT_UNIT_GROUP_CHANGE_NAME', 'EVENT_UNIT_GROUP_REMOVE'],
  ...['EVENT_STREETSIGN_UPDATED', 'EVENT_911', 'EVENT_DISPATCH_NEW', 'EVENT_REMOVE_911'],
  ...['EVENT_TONE', 'EVENT_PAGER_REBORN', 'EVENT_STATION_ALERT', 'EVENT_NEW_CALLOUT'],
  ...['EVENT_DISPATCH_UNIT_ATTACH', 'EVENT_UNIT_STATUS', 'EVENT_DISPATCH_TOGGLE_BODYCAM', 'EVENT_DISPATCH_NOTE'],
  ...['EVENT_DISPATCH_EDIT', 'EVENT_UNIT_PANIC', 'EVENT_RECORD_ADD', 'EVENT_RECORD_EDIT', 'EVENT_PRINT_RECORD'],
  ...['EVENT_RECORD_REMOVE', 'EVENT_DISPATCH_UNIT_DETACH', 'EVENT_DISPATCH_CLOSED', 'GET_LOGS', 'EVENT_UNIT_LOGOUT'],
];

/** Lists every sample in the order of a shift. */
export function listSamples(samples: Samples): Payload[] {
  const ordered = SHIFT_ORDER.filter((type) => type in samples);
  const others = Object.keys(samples).filter((type) => !ordered.includes(type));
  return [...ordered, ...others.sort()].map((type) => ({ type, body: samples[type] ?? {} }));
}

/**
 * Finds the sample of one type.
 *
 * @param type in any case, with or without `EVENT_`
 * @throws a ProgramFault that lists the existing types if there is no such sample
 */
export function findSample(samples: Samples, type: string): Payload {
  const upperCased = type.toUpperCase();
  const name = [upperCased, `EVENT_${upperCased}`].find((candidate) => Object.hasOwn(samples, candidate));
  const body = name === undefined ? undefined : samples[name];
  if (name !== undefined && body !== undefined) return { type: name, body };

  const types = Object.keys(samples).sort().join(', ');
  const found = findType(type, 1);
  const [nearest] = 'nearest' in found ? found.nearest : [];
  const hint = nearest === undefined ? '.' : `; did you mean ${nearest}?`;
  throw new ProgramFault(`There is no sample of "${type}"${hint} The samples are: ${types}.`);
}

/**
 * Reads an event from a JSON file.
 *
 * @throws a ProgramFault if the file cannot be read or contains no JSON object
 */
export function readPayload(path: string): Payload {
  const body = parseJson(path, readPayloadFile(path));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProgramFault(`${path} contains no JSON object.`);
  }
  const type = 'type' in body && typeof body.type === 'string' ? body.type : '(no type)';
  return { type, body: { ...body } };
}

function readPayloadFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ProgramFault(`--file: ${path} cannot be read (${errorCodeOf(error)}).`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProgramFault(`${path} contains no valid JSON: ${(error as Error).message}`);
  }
}

/** The players of the story, with the ids that they also have in the sample events. */
export const STORY_PLAYERS = [
  { id: 7, name: 'Lamar Davis' },
  { id: 12, name: 'Jim Reed' },
  { id: 18, name: 'Pete Malloy' },
].map((player) => ({ ...player, identifiers: [createIdentifier(player.id)] }));

/** Creates a license identifier, by which both the CAD and the game know a player. */
function createIdentifier(id: number): string {
  return `license:${id.toString(16).padStart(40, '0')}`;
}

const [REED, MALLOY, DISPATCHER] = [12, 18, 40];
const [EMERGENCY, CALL] = [302, 501];
const [AVAILABLE, EN_ROUTE, ON_SCENE] = [2, 3, 4];
const PLACE = { postal: '8042', x: '402.5', y: '-981.1', z: '29.4', callerPlayerId: '7', silentAlert: 'false' };

const dispatch = {
  ...{ callId: CALL, origin: 0, status: 1, priority: 2, block: '300', address: 'Vespucci Blvd', postal: '8042' },
  ...{ title: 'Vehicle break-in', code: '10-31', description: 'Someone is breaking into my car!', notes: [] },
  ...{ idents: [] as number[], primary: REED, trackPrimary: false },
  metaData: { ...PLACE, createdFromId: String(EMERGENCY) },
};

function createLogin(id: number, unitNum: string, name: string) {
  const data = {
    ...{ apiIds: [createIdentifier(id)], communityUserId: createIdentifier(id), unitNum, name, district: 'Central' },
    ...{ department: 'LSPD', subdivision: 'Patrol', rank: 'Officer', group: '', page: 0 },
  };
  const accId = `7d0c1a2e-0000-4000-8000-${String(id).padStart(12, '0')}`;
  const place = { location: 'Mission Row', aop: 'Los Santos' };
  const unit = { id, accId, status: AVAILABLE, isPanic: false, ...place, isDispatch: false, data };
  return { unit, isDispatch: false, selfDispatch: true };
}

const createStatus = (id: number, status: number) => ({ identIds: [id], status });
const createPanic = (isPanic: boolean) => ({ identIds: [REED], isPanic });
const createAssignment = (...idents: number[]) => ({ eventOriginIdent: DISPATCHER, idents, callId: CALL });
const note = { time: '21:09:00', label: 'DISPATCH', type: 'text', content: 'Suspect has a crowbar' };

/** The story's events, each with its description and its data. */
const STORY_EVENTS: readonly (readonly [type: string, about: string, data: object])[] = [
  ['EVENT_UNIT_LOGIN', '1-ADAM-12, Jim Reed, signs in', createLogin(REED, '1-ADAM-12', 'Jim Reed')],
  ['EVENT_UNIT_LOGIN', '1-KING-18, Pete Malloy, signs in', createLogin(MALLOY, '1-KING-18', 'Pete Malloy')],
  [
    'EVENT_911',
    'Lamar Davis calls 911',
    {
      call: {
        ...{ callId: EMERGENCY, isEmergency: true, caller: 'Lamar Davis', location: 'Forum Dr / Strawberry Ave' },
        ...{ description: 'Someone is breaking into my car!', metaData: PLACE },
      },
      apiIds: [createIdentifier(7)],
    },
  ],
  ['EVENT_DISPATCH_NEW', 'the dispatcher makes a call of it', { eventOriginIdent: DISPATCHER, dispatch }],
  ['EVENT_REMOVE_911', 'and takes the 911 call off the list', { callIds: [EMERGENCY] }],
  ['EVENT_DISPATCH_UNIT_ATTACH', '1-ADAM-12 is sent', createAssignment(REED)],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is on the way', createStatus(REED, EN_ROUTE)],
  ['EVENT_DISPATCH_NOTE', 'the dispatcher notes what the caller says', { callId: CALL, note }],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is on scene', createStatus(REED, ON_SCENE)],
  ['EVENT_UNIT_PANIC', '1-ADAM-12 presses the panic button', createPanic(true)],
  ['EVENT_DISPATCH_UNIT_ATTACH', '1-KING-18 is sent, too', createAssignment(MALLOY)],
  [
    'EVENT_DISPATCH_EDIT',
    'the call becomes urgent',
    { eventOriginIdent: DISPATCHER, dispatch: { ...dispatch, priority: 1, notes: [note], idents: [REED, MALLOY] } },
  ],
  ['EVENT_UNIT_STATUS', '1-KING-18 is on scene', createStatus(MALLOY, ON_SCENE)],
  ['EVENT_UNIT_PANIC', '1-ADAM-12 is safe', createPanic(false)],
  ['EVENT_DISPATCH_UNIT_DETACH', '1-KING-18 is released', createAssignment(MALLOY)],
  ['EVENT_UNIT_STATUS', '1-KING-18 is available', createStatus(MALLOY, AVAILABLE)],
  ['EVENT_DISPATCH_CLOSED', 'the call is over', { eventOriginIdent: DISPATCHER, callIds: [CALL] }],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is available', createStatus(REED, AVAILABLE)],
  ['EVENT_UNIT_LOGOUT', '1-KING-18 signs out', { identId: MALLOY }],
  ['EVENT_UNIT_LOGOUT', '1-ADAM-12 signs out', { identId: REED }],
];

/** A shift as a sequence of events: two units sign in, take a 911 call, and sign out. */
export const STORY: readonly Payload[] = STORY_EVENTS.map(([type, about, data]) => ({
  type,
  about,
  body: { type, data },
}));
