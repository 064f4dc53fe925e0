import { expect } from '@jest/globals';

/** What the exports gave, in words that are the same in both languages. */
export interface Caches {
  readonly units: string;
  readonly place: number | 'none';
  readonly calls: readonly string[];
  readonly emergencies: readonly string[];
}

/** An event that must be heard: its name, its arguments, and how the caches differ from `worldCaches` while its handlers run. */
export type Expected = readonly [name: string, args: readonly unknown[], caches?: Partial<Caches>];

/** A push event, and what its consumers hear when it arrives after `world`. */
export interface EventType {
  readonly type: string;
  readonly data: unknown;
  readonly heard: readonly Expected[];
}

/** The identity of the player on the server, who is nobody in the CAD yet. */
export const PLAYER = 'license:00000000000000000000000000000000000000aa';

/** What the CAD has said before each event. */
export const world: readonly (readonly [type: string, data: unknown])[] = [
  ...[12, 18].map((id) => ['EVENT_UNIT_LOGIN', { unit: unit(id) }] as const),
  ['EVENT_DISPATCH_NEW', { dispatch: call(501, { idents: [12] }) }],
  ['EVENT_911', { call: { callId: 302, caller: 'A' } }],
];

export const worldCaches: Caches = {
  units: '12:2 18:2',
  place: 1,
  calls: ['501 CALL_NEW 1 units 12 notes 0'],
  emergencies: ['302 A'],
};

function unit(id: number, more: object = {}) {
  return { id, status: 2, data: { apiIds: [`license:${id}`], unitNum: `U-${id}` }, ...more };
}

function call(callId: number, more: object = {}) {
  return { callId, status: 1, title: 'old', notes: [], idents: [], metaData: { x: '1.5' }, ...more };
}

const push = (name: string) => `SonoranCAD::pushevents:${name}`;
const like = (fields: object) => expect.objectContaining(fields);
const entry = (type: string, fields: object) => ({ dispatch_type: type, dispatch: like(fields) });
/** Types of which everything is handed on. */
const whole = (type: string, name: string, data: unknown, arg: unknown = data): EventType => ({
  type,
  data,
  heard: [[push(name), [arg]]],
});
const other = (type: string, data: unknown, ...more: Expected[]): EventType => ({
  type,
  data,
  heard: [[push('OtherEvent'), [type, data]], ...more],
});

const withStatus = { units: '12:2 18:4' };
const signedIn = { units: '12:2 18:2 20:3' };
const added = { calls: ['501 CALL_NEW 1 units 12 notes 0', '502 CALL_NEW 1 units 12,99,18 notes 0'] };
const edited = { calls: ['501 CALL_EDIT 1 units 12 notes 0'] };
const closed = { calls: ['501 CALL_CLOSE 2 units 12 notes 0'] };
const noted = { calls: ['501 CALL_EDIT 1 units 12 notes 1'] };
const attached = { calls: ['501 CALL_EDIT 1 units 12,18,99 notes 0'] };
const detached = { calls: ['501 CALL_EDIT 1 units  notes 0'] };
const waiting = { emergencies: ['302 A', '303 B'] };
const answered = { emergencies: [] };
const record = { id: 5, name: 'Ticket', type: 1, sections: [{ category: 1, label: 'a', fields: [] }] };
const note = { time: '1', label: 'a', type: 'text', content: 'b' };

/**
 * The official resource's events with their arguments, in order, for an example of each type of push event. All tests of these
 * events take them from here. `sonorancad:pushEvent:…` stands beside the two types that the official resource has no event for.
 */
export const eventTypes: readonly EventType[] = [
  {
    type: 'EVENT_UNIT_UPDATE',
    data: { units: [{ id: 18, status: 4 }] },
    heard: [
      [push('UnitUpdate'), [like({ id: 18, status: 4 }), 4], withStatus],
      [push('UnitStatusUpdate'), [like({ id: 18, status: 4 }), 4], withStatus],
    ],
  },
  {
    type: 'EVENT_UNIT_STATUS',
    data: { identIds: [99, 18], status: 4 },
    heard: [
      [push('UnitUpdate'), [like({ id: 18, status: 4 }), 4], withStatus],
      [push('UnitStatusUpdate'), [like({ id: 18, status: 4 }), 4], withStatus],
    ],
  },
  {
    type: 'EVENT_UNIT_LOGIN',
    data: { unit: unit(20, { status: 3, data: { communityUserId: PLAYER } }), isDispatch: true },
    heard: [
      [
        push('UnitLogin'),
        [like({ id: 20, isDispatch: true, data: like({ apiIds: [], communityUserId: PLAYER }) })],
        signedIn,
      ],
      ['SonoranCAD::core:AddPlayer', ['1', like({ id: 20 })], signedIn],
    ],
  },
  { type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 }, heard: [[push('UnitLogout'), [12]]] },
  {
    type: 'EVENT_UNIT_PANIC',
    data: { identIds: [12, 99], isPanic: true },
    heard: [[push('UnitPanic'), [like({ id: 12, isPanic: true }), 12, true]]],
  },
  {
    type: 'EVENT_UNIT_GROUP_ADD',
    data: { identId: 12, groupName: 'A' },
    heard: [[push('UnitGroupAdd'), [{ groupName: 'A', idents: [12] }]]],
  },
  {
    type: 'EVENT_UNIT_GROUP_REMOVE',
    data: { identId: 12, groupName: 'A' },
    heard: [[push('UnitGroupRemove'), [{ identId: 12, identIds: [12], groupName: 'A' }]]],
  },
  whole('EVENT_UNIT_GROUP_CHANGE_NAME', 'UnitGroupRename', { identIds: [12], oldName: 'A', newName: 'B' }),
  {
    type: 'EVENT_DISPATCH_NEW',
    data: { eventOriginIdent: 40, dispatch: call(502, { idents: [12, 99, 18] }) },
    heard: [
      [push('CallCacheUpdated'), [], added],
      [push('DispatchEvent'), [entry('CALL_NEW', { callId: 502, metaData: { x: '1.5' } })], added],
      [push('UnitAttach'), [entry('CALL_NEW', { callId: 502 }), like({ id: 12 })], added],
      [push('UnitAttach'), [entry('CALL_NEW', { callId: 502 }), like({ id: 18 })], added],
    ],
  },
  {
    type: 'EVENT_DISPATCH_EDIT',
    data: { eventOriginIdent: 40, dispatch: call(501, { idents: [12], title: 'new' }) },
    heard: [
      [
        push('DispatchEdit'),
        [entry('CALL_NEW', { title: 'old' }), { eventOriginIdent: 40, dispatch: like({ callId: 501, title: 'new' }) }],
      ],
      [push('CallCacheUpdated'), [], edited],
      [push('DispatchEvent'), [entry('CALL_EDIT', { callId: 501, title: 'new' })], edited],
    ],
  },
  {
    type: 'EVENT_DISPATCH_CLOSED',
    data: { eventOriginIdent: 40, callIds: [9, 501] },
    heard: [
      [push('CallCacheUpdated'), [], closed],
      [push('DispatchEvent'), [entry('CALL_CLOSE', { callId: 501, status: 2 })], closed],
    ],
  },
  {
    type: 'EVENT_DISPATCH_NOTE',
    data: { callId: 501, note },
    heard: [
      [push('DispatchNote'), [entry('CALL_NEW', { callId: 501 }), { callId: 501, note }]],
      [push('CallCacheUpdated'), [], noted],
    ],
  },
  {
    type: 'EVENT_DISPATCH_UNIT_ATTACH',
    data: { callId: 501, idents: [18, 99] },
    heard: [
      [push('UnitAttach'), [entry('CALL_NEW', { callId: 501, idents: [12] }), like({ id: 18 })]],
      // One for each unit.
      [push('CallCacheUpdated'), [], attached],
      [push('CallCacheUpdated'), [], attached],
    ],
  },
  {
    type: 'EVENT_DISPATCH_UNIT_DETACH',
    data: { callId: 501, ident: 12 },
    heard: [
      [push('UnitDetach'), [entry('CALL_NEW', { callId: 501, idents: [12] }), like({ id: 12 })]],
      [push('CallCacheUpdated'), [], detached],
    ],
  },
  other('EVENT_DISPATCH_TOGGLE_BODYCAM', { ident: '12', state: true }, [
    'sonorancad:pushEvent:EVENT_DISPATCH_TOGGLE_BODYCAM',
    [{ ident: 12, state: true }, like({ type: 'EVENT_DISPATCH_TOGGLE_BODYCAM', source: 'http', valid: true })],
  ]),
  {
    type: 'EVENT_911',
    data: { call: { callId: 303, caller: 'B', metaData: { x: '1.5' } }, apiIds: ['license:b'] },
    heard: [
      [push('EmergencyCacheUpdated'), [], waiting],
      [push('IncomingCadCall'), [like({ callId: 303, caller: 'B' }), { x: '1.5' }, ['license:b']], waiting],
    ],
  },
  {
    type: 'EVENT_REMOVE_911',
    data: { callIds: [302, 9] },
    heard: [302, 9].flatMap((callId): Expected[] => [
      [push('EmergencyCacheUpdated'), [], answered],
      [push('CadCallRemoved'), [callId], answered],
    ]),
  },
  {
    type: 'EVENT_STREETSIGN_UPDATED',
    data: { signData: { ids: [1, 2], text1: 'a', text2: 'b', text3: 'c' } },
    heard: [[push('SmartSignUpdate'), [{ ids: [1, 2], text1: 'a', text2: 'b', text3: 'c' }]]],
  },
  whole('EVENT_RECORD_ADD', 'RecordAdded', { record }, record),
  whole('EVENT_RECORD_EDIT', 'RecordEdited', { record }, record),
  whole('EVENT_RECORD_REMOVE', 'RecordRemoved', { record }, record),
  whole('EVENT_TONE', 'Tone', { url: 'https://a.example/b.mp3', playTonesTo: [{ type: 5, value: 12, label: 'a' }] }),
  whole('EVENT_CHAR_SELECTED', 'CharacterSelected', { accId: 'a', id: 7 }),
  whole('EVENT_COMMUNITY_LINK_VERIFIED', 'CommunityLinkVerified', { communityUserId: 'abc', accountUuid: 'def' }),
  whole('GET_LOGS', 'SendSupportLogs', { logKey: '123' }, '123'),
  other('EVENT_NEW_CALLOUT', { callout: { calloutLocations: [{ x: 1.5, y: 2.5, z: 3.5 }] } }, [
    'sonorancad:pushEvent:EVENT_NEW_CALLOUT',
    [{ callout: like({ pedActionOnNoActionFound: 'none' }) }, like({ type: 'EVENT_NEW_CALLOUT' })],
  ]),
  other('EVENT_PRINT_RECORD', { identId: 12, url: 'https://a.example/b.pdf' }),
  other('EVENT_PAGER_REBORN', { addresses: ['1'], identIds: [12], nature: 'Emergency', body: 'a' }),
  other('EVENT_STATION_ALERT', { locations: [{ name: 'a', open: ['b'] }], message: 'c', tone: 'd' }),
  other('EVENT_SOMETHING_NEW', { any: 'thing' }),
];

/** Events that no push event raises by itself, or that are raised for players only. */
const OTHER_NAMES = [
  'SonoranCAD::core:RemovePlayer',
  ...['cadIncomingCall', 'EmergencyCallAdd', 'CallCreated', 'PanicSent'].map(
    (name) => `SonoranCAD::callcommands:${name}`,
  ),
];

/** The names of all events that consumers of the official resource listen to. */
export const eventNames: readonly string[] = [
  ...new Set(eventTypes.flatMap(({ heard }) => heard.map(([name]) => name))),
  ...OTHER_NAMES,
];
