import type { Payload } from './samples.ts';

/** The players of the game whom the story is about. Their ids are those in the sample events, too. */
export const STORY_PLAYERS = [
  { id: 7, name: 'Lamar Davis' },
  { id: 12, name: 'Jim Reed' },
  { id: 18, name: 'Pete Malloy' },
].map((player) => ({ ...player, identifiers: [identityOf(player.id)] }));

/** By what the CAD and the game know a player. */
function identityOf(id: number): string {
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

function login(id: number, unitNum: string, name: string) {
  const data = {
    ...{ apiIds: [identityOf(id)], communityUserId: identityOf(id), unitNum, name, district: 'Central' },
    ...{ department: 'LSPD', subdivision: 'Patrol', rank: 'Officer', group: '', page: 0 },
  };
  const accId = `7d0c1a2e-0000-4000-8000-${String(id).padStart(12, '0')}`;
  const place = { location: 'Mission Row', aop: 'Los Santos' };
  const unit = { id, accId, status: AVAILABLE, isPanic: false, ...place, isDispatch: false, data };
  return { unit, isDispatch: false, selfDispatch: true };
}

const statusOf = (id: number, status: number) => ({ identIds: [id], status });
const panicOf = (isPanic: boolean) => ({ identIds: [REED], isPanic });
const onCall = (...idents: number[]) => ({ eventOriginIdent: DISPATCHER, idents, callId: CALL });
const note = { time: '21:09:00', label: 'DISPATCH', type: 'text', content: 'Suspect has a crowbar' };

const STEPS: readonly (readonly [type: string, about: string, data: object])[] = [
  ['EVENT_UNIT_LOGIN', '1-ADAM-12, Jim Reed, signs in', login(REED, '1-ADAM-12', 'Jim Reed')],
  ['EVENT_UNIT_LOGIN', '1-KING-18, Pete Malloy, signs in', login(MALLOY, '1-KING-18', 'Pete Malloy')],
  [
    'EVENT_911',
    'Lamar Davis calls 911',
    {
      call: {
        ...{ callId: EMERGENCY, isEmergency: true, caller: 'Lamar Davis', location: 'Forum Dr / Strawberry Ave' },
        ...{ description: 'Someone is breaking into my car!', metaData: PLACE },
      },
      apiIds: [identityOf(7)],
    },
  ],
  ['EVENT_DISPATCH_NEW', 'the dispatcher makes a call of it', { eventOriginIdent: DISPATCHER, dispatch }],
  ['EVENT_REMOVE_911', 'and takes the 911 call off the list', { callIds: [EMERGENCY] }],
  ['EVENT_DISPATCH_UNIT_ATTACH', '1-ADAM-12 is sent', onCall(REED)],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is on the way', statusOf(REED, EN_ROUTE)],
  ['EVENT_DISPATCH_NOTE', 'the dispatcher notes what the caller says', { callId: CALL, note }],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is on scene', statusOf(REED, ON_SCENE)],
  ['EVENT_UNIT_PANIC', '1-ADAM-12 presses the panic button', panicOf(true)],
  ['EVENT_DISPATCH_UNIT_ATTACH', '1-KING-18 is sent, too', onCall(MALLOY)],
  [
    'EVENT_DISPATCH_EDIT',
    'the call becomes urgent',
    { eventOriginIdent: DISPATCHER, dispatch: { ...dispatch, priority: 1, notes: [note], idents: [REED, MALLOY] } },
  ],
  ['EVENT_UNIT_STATUS', '1-KING-18 is on scene', statusOf(MALLOY, ON_SCENE)],
  ['EVENT_UNIT_PANIC', '1-ADAM-12 is safe', panicOf(false)],
  ['EVENT_DISPATCH_UNIT_DETACH', '1-KING-18 is released', onCall(MALLOY)],
  ['EVENT_UNIT_STATUS', '1-KING-18 is available', statusOf(MALLOY, AVAILABLE)],
  ['EVENT_DISPATCH_CLOSED', 'the call is over', { eventOriginIdent: DISPATCHER, callIds: [CALL] }],
  ['EVENT_UNIT_STATUS', '1-ADAM-12 is available', statusOf(REED, AVAILABLE)],
  ['EVENT_UNIT_LOGOUT', '1-KING-18 signs out', { identId: MALLOY }],
  ['EVENT_UNIT_LOGOUT', '1-ADAM-12 signs out', { identId: REED }],
];

/** A shift: two units sign in, are sent to a call, and sign out. */
export const STORY: readonly Payload[] = STEPS.map(([type, about, data]) => ({ type, about, body: { type, data } }));
