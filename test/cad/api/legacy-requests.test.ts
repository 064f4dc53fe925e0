import { describe, expect, it } from '@jest/globals';
import { endpoints } from '../../../src/cad/api/endpoints.ts';
import { findLegacyRequest } from '../../../src/cad/api/legacy-requests.ts';

const uuid = '00000000-0000-4000-8000-000000000001';

function asked(type: string, data: Parameters<NonNullable<ReturnType<typeof findLegacyRequest>>['toInput']>[0]) {
  const legacy = findLegacyRequest(type);
  if (legacy === null) return null;
  const input = legacy.toInput(data);
  // JSON drops undefined members, like the request does.
  return [legacy.endpoint, JSON.parse(JSON.stringify(input))];
}

describe('findLegacyRequest', () => {
  it.each([
    ['GET_VERSION', {}, 'getVersion', {}],
    ['GET_SERVERS', {}, 'getServers', {}],
    ['SET_SERVERS', { servers: [{ Id: 1 }], deployMap: true }, 'setServers', { servers: [{ Id: 1 }] }],
    ['HEARTBEAT', { playerCount: '5' }, 'heartbeat', { playerCount: 5 }],
    ['GET_ACTIVE_UNITS', { serverId: '1', onlyUnits: false }, 'getUnits', { serverId: 1, onlyUnits: false }],
    ['GET_CALLS', { serverId: 1, closedLimit: 5, type: 0 }, 'getCalls', { serverId: 1, closedLimit: 5, type: 0 }],
    ['GET_IDENTIFIERS', { account: uuid }, 'getIdentifiers', { accountUuid: uuid }],
    ['CHECK_APIID', { apiId: 'license:1' }, 'getAccount', { communityUserId: 'license:1' }],
    ['GET_ACCOUNT', { username: 'u' }, 'getAccount', { username: 'u' }],
    ['VERIFY_SECRET', { secret: 's' }, 'verifySecret', { secret: 's' }],
    ['CHECK_COMMUNITY_LINK', { communityUserId: 'a' }, 'checkLink', { communityUserId: 'a' }],
    [
      'UNIT_STATUS',
      { apiId: 'a', status: '2', serverId: 1 },
      'setUnitStatus',
      { communityUserId: 'a', status: 2, serverId: 1 },
    ],
    ['UNIT_STATUS', { account: uuid, status: 2 }, 'setUnitStatus', { accountUuid: uuid, status: 2 }],
    ['SET_UNIT_STATUS', { identIds: [4], status: 2 }, 'setUnitStatus', { identIds: [4], status: 2 }],
    ['UNIT_PANIC', { apiIds: ['a'], isPanic: 'true' }, 'setUnitPanic', { communityUserIds: ['a'], isPanic: true }],
    ['PANIC', { account: 'license:1' }, 'setUnitPanic', { communityUserId: 'license:1', isPanic: true }],
    ['KICK_UNIT', { apiId: 'a', reason: 'r' }, 'kickUnit', { communityUserId: 'a', reason: 'r' }],
    [
      'CALL_911',
      {
        serverId: '1',
        isEmergency: 'True',
        caller: 'a',
        location: 'b',
        description: 'c',
        metaData: { x: 1.5, y: null },
      },
      'create911',
      {
        ...{ serverId: 1, isEmergency: true, caller: 'a', location: 'b', description: 'c' },
        metaData: { x: '1.5', plate: '', postal: '', silentAlert: 'false', useCallLocation: 'false' },
      },
    ],
    [
      'CREATE_EMERGENCY_CALL',
      { description: 'c', coords: { x: 1, y: 2 }, deleteAfter: '5', metaData: { silenceAlert: true, plate: 'ABC' } },
      'create911',
      {
        ...{ isEmergency: false, caller: '', location: 'Unknown', description: 'c', deleteAfterMinutes: 5 },
        metaData: { plate: 'ABC', postal: '', silentAlert: 'true', useCallLocation: 'false', x: '1', y: '2' },
      },
    ],
    ['DELETE_911_CALL', { id: '7' }, 'remove911', { callId: 7 }],
    ['DELETE_911_CALL', { callId: 7 }, 'remove911', { callId: 7 }],
    ['SET_STATIONS', { serverId: 2, locations: [] }, 'setStations', { serverId: 2, config: { locations: [] } }],
    ['SET_STATIONS', { config: '{"locations":[]}' }, 'setStations', { config: { locations: [] } }],
    ['LOOKUP', { plate: 'p' }, 'lookup', { plate: 'p', types: [2, 3, 4, 5] }],
    ['REMOVE_911', { serverId: 1, callId: '7' }, 'remove911', { serverId: 1, callId: 7 }],
    [
      'NEW_DISPATCH',
      { serverId: 1, origin: 0, title: 't', units: ['a', 'b'], metaData: { postal: 42 } },
      'createDispatch',
      { serverId: 1, origin: 0, title: 't', communityUserIds: ['a', 'b'], metaData: { postal: '42' } },
    ],
    [
      'NEW_DISPATCH',
      { origin: '0', status: '1', priority: 'high', title: 911, postal: 42, code: null },
      'createDispatch',
      { origin: 0, status: 1, priority: 'high', title: '911', postal: '42' },
    ],
    ['CREATE_CALL', { title: 't', account: uuid }, 'createDispatch', { title: 't', accounts: [uuid] }],
    ['CREATE_DISPATCH_CALL', { title: 't', apiId: 'a' }, 'createDispatch', { title: 't', communityUserIds: ['a'] }],
    [
      'EDIT_DISPATCH',
      { callId: 7, serverId: 2, title: 't' },
      'updateDispatch',
      { callId: 7, serverId: 2, changes: { title: 't' } },
    ],
    ['EDIT_DISPATCH', { callId: 7, postal: 42 }, 'updateDispatch', { callId: 7, changes: { postal: '42' } }],
    ['CLOSE_CALL', { callId: 7 }, 'closeCalls', { callIds: [7] }],
    ['ATTACH_UNIT', { callId: 7, units: ['a'] }, 'attachUnits', { callId: 7, communityUserIds: ['a'] }],
    ['ATTACH_UNIT', { callId: 7, groupName: 'CAR 51' }, 'attachUnits', { callId: 7, groupName: 'CAR 51' }],
    ['DETACH_UNIT', { identIds: 4 }, 'detachUnits', { identIds: [4] }],
    ['ADD_CALL_NOTE', { callId: 7, note: 'n' }, 'addNote', { callId: 7, note: 'n' }],
    ['SET_CALL_POSTAL', { callId: 7, postal: 42 }, 'setPostal', { callId: 7, postal: '42' }],
    [
      'SET_CALL_PRIMARY',
      { callId: 7, primary: 4, trackPrimary: 'False' },
      'setPrimary',
      { callId: 7, identId: 4, trackPrimary: false },
    ],
    [
      'LOOKUP',
      { plate: 'p', types: [5], apiId: 'a' },
      'lookup',
      { plate: 'p', types: [5], notifyCommunityUserId: 'a' },
    ],
    ['LOOKUP_INT', { searchType: 1, value: 'v' }, 'lookupByValue', { searchType: 1, value: 'v' }],
    ['NEW_RECORD', { user: 'a', record: { id: 1 } }, 'createRecord', { communityUserId: 'a', record: { id: 1 } }],
    [
      'EDIT_RECORD',
      { user: uuid, record: { id: 5 } },
      'updateRecord',
      { accountUuid: uuid, record: { id: 5 }, recordId: 5 },
    ],
    ['REMOVE_RECORD', { id: '5' }, 'removeRecord', { recordId: 5 }],
    ['ADD_BLIP', { serverId: 1, blip: { id: -1, icon: 'i' } }, 'createBlip', { serverId: 1, icon: 'i' }],
    [
      'MODIFY_BLIP',
      { serverId: 1, blips: [{ id: 2, icon: 'i' }] },
      'updateBlip',
      { serverId: 1, icon: 'i', blipId: 2 },
    ],
    ['REMOVE_BLIP', { id: 2 }, 'deleteBlips', { ids: [2] }],
    ['SET_POSTALS', [{ code: '1' }, { code: '2' }], 'setPostals', { postals: [{ code: '1' }, { code: '2' }] }],
    [
      'SET_STREETSIGN_CONFIG',
      { serverId: 1, signConfig: [{ id: 1 }] },
      'setStreetSignConfig',
      { serverId: 1, signs: [{ id: 1 }] },
    ],
    [
      'UPDATE_STREETSIGN',
      { serverId: 1, ids: [1], text1: 'a' },
      'updateStreetSigns',
      { serverId: 1, ids: [1], text1: 'a' },
    ],
  ] as [string, Parameters<typeof asked>[1], string, object][])(
    'translates %s with %j to %s',
    (type, data, endpoint, input) => {
      expect(asked(type, data)).toEqual([endpoint, input]);
    },
  );

  it('finds a type in any casing', () => {
    expect(findLegacyRequest(' Call_911 ')?.endpoint).toBe('create911');
  });

  it.each(['', 'SET_API_ID', 'UPLOAD_LOGS', 'toString', '__proto__', 'DROP_TABLES'])(
    'returns null for the unknown type %j',
    (type) => {
      expect(findLegacyRequest(type)).toBeNull();
    },
  );

  it('translates a new dispatch with several or no units to their lists', () => {
    const input = findLegacyRequest('NEW_DISPATCH')?.toInput({ title: 't' });
    expect(endpoints.createDispatch.body?.(input as object)).toEqual({ title: 't', communityUserIds: [] });
  });

  it.each([
    ['NEW_DISPATCH', { callId: 7 }, 'NEW DISPATCH CREATED - ID: 7'],
    ['CHECK_APIID', { username: 'u' }, 'u'],
  ])('%s formats the answer %j like version 1 of the API', (type, output, text) => {
    expect(findLegacyRequest(type)?.row.toText?.(output)).toBe(text);
  });

  it.each([
    ['SET_POSTALS', [{ code: '1' }], [{ code: '1' }]],
    ['SET_POSTALS', [{ postals: [{ code: '1' }] }], { postals: [{ code: '1' }] }],
    ['SET_STREETSIGN_CONFIG', [{ serverId: 1, signConfig: [] }], { serverId: 1, signConfig: [] }],
    ['CALL_911', [{ caller: 'a' }], { caller: 'a' }],
    ['CALL_911', 'nonsense', {}],
  ])('%s unwraps the data %j', (type, given, whole) => {
    expect(findLegacyRequest(type)?.unwrap(given)).toEqual(whole);
  });

  it.each([
    ['CREATE_BLIPS', [{ icon: 'a' }, { icon: 'b' }], [{ icon: 'a' }, { icon: 'b' }]],
    ['MODIFY_BLIP', { serverId: 2, blips: [{ id: 1 }] }, [{ serverId: 2, id: 1 }]],
    ['ADD_BLIP', { blip: { icon: 'a' } }, [{ blip: { icon: 'a' } }]],
  ])('%s splits %j into one request for each entry', (type, whole, entries) => {
    expect(findLegacyRequest(type)?.row.entries?.(whole)).toEqual(entries);
  });
});
