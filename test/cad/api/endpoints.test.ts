import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { type ApiInput, type EndpointName, endpoints } from '../../../src/cad/api/endpoints.ts';
import { type PlannedRequest, planRequest } from '../../../src/cad/api/plan-request.ts';

type Asked = readonly [name: EndpointName, input: object, what: string, perMinute: number, body?: unknown];

function asked<Name extends EndpointName>(
  name: Name,
  input: ApiInput<Name>,
  what: string,
  perMinute: number,
  body?: unknown,
): Asked {
  return [name, input, what, perMinute, body];
}

const server = '/v2/emergency/servers/3';
const units = { communityUserIds: ['license:1'] };

const all: readonly Asked[] = [
  asked('getVersion', {}, 'GET /v2/general/version', 10),
  asked('getCommunity', {}, 'GET /v2/general/info', 10),
  asked('getServers', {}, 'GET /v2/general/servers', 10),
  asked('setServers', { servers: [{ id: 1 }] }, 'PUT /v2/general/servers', 10, {
    deployMap: false,
    servers: [{ id: 1 }],
  }),
  asked('heartbeat', { playerCount: 5 }, 'POST /v2/general/servers/3/heartbeat', 10, { playerCount: 5 }),
  asked('authorizeStreetSigns', {}, 'POST /v2/general/servers/3/street-sign-auth', 10),
  asked('createLink', { communityUserId: 'a' }, 'POST /v2/general/links', 30, { communityUserId: 'a' }),
  asked('checkLink', { communityUserId: 'a' }, 'POST /v2/general/links/check', 30, { communityUserId: 'a' }),
  asked('setLink', { accountUuid: 'u', secretUuid: 's', communityUserId: 'a' }, 'POST /v2/general/links/set', 30, {
    accountUuid: 'u',
    secretUuid: 's',
    communityUserId: 'a',
  }),
  asked('getAccount', { communityUserId: 'a' }, 'GET /v2/general/accounts/account', 10),
  asked('getAccounts', { limit: 5 }, 'GET /v2/general/accounts', 10),
  asked('verifySecret', { secret: 's' }, 'POST /v2/general/secrets/verify', 10, { secret: 's' }),
  asked('getUnits', { limit: 100, offset: 0 }, `GET ${server}/units`, 3),
  asked('getAccountUnits', { accountUuid: 'u' }, `GET ${server}/accounts/u/units`, 10),
  asked('getCurrentCall', { accountUuid: 'u' }, 'GET /v2/emergency/accounts/u/current-call', 10),
  asked('getIdentifiers', { accountUuid: 'u' }, 'GET /v2/emergency/accounts/u/identifiers', 10),
  asked(
    'setSelectedIdentifier',
    { accountUuid: 'u', identId: 4 },
    'PUT /v2/emergency/accounts/u/selected-identifier',
    10,
    { identId: 4 },
  ),
  asked('setIdentifierGroup', { groupName: 'g', identIds: [1] }, `PUT ${server}/identifier-groups/g`, 10, {
    identIds: [1],
  }),
  asked('setUnitStatus', { ...units, status: 2 }, `PATCH ${server}/units/status`, 30, { ...units, status: 2 }),
  asked('setUnitPanic', { ...units, isPanic: true }, `PATCH ${server}/units/panic`, 20, { ...units, isPanic: true }),
  asked('kickUnit', { communityUserId: 'a', reason: 'r' }, `POST ${server}/units/kick`, 20, {
    communityUserId: 'a',
    reason: 'r',
  }),
  asked('updateUnitLocations', { updates: [] }, `PATCH ${server}/unit-locations`, 12, { updates: [] }),
  asked('getCalls', {}, `GET ${server}/calls`, 5),
  asked(
    'create911',
    { serverId: 3, isEmergency: true, caller: 'a', location: 'b', description: 'c', metaData: { x: '1' } },
    `POST ${server}/calls/911`,
    10,
    { isEmergency: true, caller: 'a', location: 'b', description: 'c', metaData: { x: '1' } },
  ),
  asked('remove911', { callId: 7 }, `DELETE ${server}/calls/911/7`, 10),
  asked('createDispatch', { title: 't', ...units }, `POST ${server}/dispatch-calls`, 20, { title: 't', ...units }),
  asked('createDispatch', { title: 't' }, `POST ${server}/dispatch-calls`, 20, { title: 't', communityUserIds: [] }),
  asked('createCustomDispatch', { templateId: 1, values: {} }, `POST ${server}/custom-dispatch-calls`, 10, {
    templateId: 1,
    values: {},
  }),
  asked('getDispatchTemplates', {}, 'GET /v2/emergency/dispatch-templates', 10),
  asked('updateDispatch', { callId: 7, changes: { title: 't' } }, `PATCH ${server}/dispatch-calls/7`, 10, {
    title: 't',
  }),
  asked('attachUnits', { callId: 7, ...units }, `POST ${server}/dispatch-calls/7/attachments`, 10, units),
  asked('detachUnits', { identIds: [1] }, `DELETE ${server}/dispatch-calls/attachments`, 10, { identIds: [1] }),
  asked('closeCalls', { callIds: [7] }, `POST ${server}/dispatch-calls/close`, 20, { callIds: [7] }),
  asked('addNote', { callId: 7, note: 'n', label: 'l' }, `POST ${server}/dispatch-calls/7/notes`, 60, {
    note: 'n',
    noteType: 'text',
    label: 'l',
  }),
  asked('setPostal', { callId: 7, postal: '42' }, `PATCH ${server}/dispatch-calls/7/postal`, 20, { postal: '42' }),
  asked('setPrimary', { callId: 7, identId: 1 }, `PATCH ${server}/dispatch-calls/7/primary`, 10, {
    identId: 1,
    trackPrimary: false,
  }),
  asked('lookup', { plate: 'p' }, 'POST /v2/general/lookups', 30, { plate: 'p' }),
  asked('lookupByValue', { value: 'v' }, 'POST /v2/general/lookups/by-value', 30, { value: 'v' }),
  asked('createRecord', { recordTypeId: 1 }, 'POST /v2/general/records', 30, { recordTypeId: 1 }),
  asked('updateRecord', { recordId: 5, record: {} }, 'PATCH /v2/general/records/5', 10, { record: {} }),
  asked('removeRecord', { recordId: 5 }, 'DELETE /v2/general/records/5', 10),
  asked('getTemplates', {}, 'GET /v2/general/templates', 10),
  asked('getTemplates', { recordTypeId: 9 }, 'GET /v2/general/templates/9', 10),
  asked('getCharacters', { accountUuid: 'u' }, 'GET /v2/civilian/characters', 10),
  asked('sendPhoto', { url: 'u' }, 'POST /v2/general/photos', 10, { url: 'u' }),
  asked('setAccountPermissions', { add: [] }, 'PATCH /v2/general/accounts/permissions', 10, { add: [] }),
  asked('applyPermissionKey', { key: 'k' }, 'POST /v2/general/permission-keys/applications', 10, { key: 'k' }),
  asked('banAccount', { accountUuid: 'u' }, 'POST /v2/general/account-bans', 10, { accountUuid: 'u' }),
  asked('getLoginPage', { communityId: 'c' }, 'GET /v2/general/login-page', 10),
  asked('getTurnCredentials', { userId: 'u' }, 'GET /v2/general/turn', 20),
  asked('getPenalCodes', {}, 'GET /v2/general/penal-codes', 4),
  asked('setPenalCodes', { codes: [{ title: 'a' }] }, 'PUT /v2/general/penal-codes', 4, { codes: [{ title: 'a' }] }),
  asked('lookupCustom', { map: 'm' }, 'POST /v2/general/lookups/custom', 30, { map: 'm' }),
  asked('sendRecordDraft', { recordTypeId: 1 }, 'POST /v2/general/record-drafts', 10, { recordTypeId: 1 }),
  asked('removeCharacter', { characterId: 5 }, 'DELETE /v2/civilian/characters/5', 10),
  asked('setSelectedCharacter', { characterId: 'c' }, 'PUT /v2/civilian/selected-character', 10, { characterId: 'c' }),
  asked('getCharacterLinks', { discord: 'd' }, 'GET /v2/civilian/character-links', 10),
  asked('addCharacterLink', { syncId: 'a:1', roblox: 1 }, 'PUT /v2/civilian/character-links/a%3A1', 10, { roblox: 1 }),
  asked('removeCharacterLink', { syncId: 'a', roblox: 1 }, 'DELETE /v2/civilian/character-links/a', 10, { roblox: 1 }),
  asked('createIdentifier', { accountUuid: 'u', name: 'n' }, 'POST /v2/emergency/accounts/u/identifiers', 10, {
    name: 'n',
  }),
  asked(
    'updateIdentifier',
    { accountUuid: 'u', identId: 4, name: 'n' },
    'PATCH /v2/emergency/accounts/u/identifiers/4',
    10,
    { name: 'n' },
  ),
  asked('deleteIdentifier', { accountUuid: 'u', identId: 4 }, 'DELETE /v2/emergency/accounts/u/identifiers/4', 10),
  asked('getDispatchTemplates', { templateId: 2 }, 'GET /v2/emergency/dispatch-templates/2', 10),
  asked('getPagerConfig', {}, `GET ${server}/pager-config`, 2),
  asked('setPagerConfig', { maxAddresses: 4 }, `PUT ${server}/pager-config`, 2, { maxAddresses: 4 }),
  asked('getBlips', {}, `GET ${server}/blips`, 10),
  asked('createBlip', { serverId: 3, icon: 'i' }, `POST ${server}/blips`, 30, { icon: 'i' }),
  asked('updateBlip', { blipId: 2, icon: 'i' }, `PATCH ${server}/blips/2`, 30, { icon: 'i' }),
  asked('deleteBlips', { ids: [2] }, `POST ${server}/blips/delete`, 30, { ids: [2] }),
  asked('setPostals', { postals: [{ id: 1 }] }, 'PUT /v2/general/postals', 10, { postals: [{ id: 1 }] }),
  asked('setStreetSignConfig', { signs: [] }, `PUT ${server}/street-sign-config`, 2, { signs: [] }),
  asked('updateStreetSigns', { ids: [1] }, `PATCH ${server}/street-signs`, 10, { ids: [1] }),
  asked('setStations', { config: { locations: [] } }, `PUT ${server}/stations`, 2, { locations: [] }),
  asked('setAvailableCallouts', { callouts: [] }, `PUT ${server}/callouts`, 2, { callouts: [] }),
];

function plan(name: EndpointName, input: object): PlannedRequest {
  const planned = planRequest(endpoints[name], input, { apiUrl: '', mode: 'production', serverId: 3 });
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan;
}

describe('Endpoint', () => {
  it.each(all)('%s with %j sends %s, at most %i times a minute', (name, input, what, perMinute, body) => {
    const planned = plan(name, input);
    expect(`${planned.method} ${new URL(planned.url).pathname}`).toBe(what);
    expect(endpoints[name].perMinute).toBe(perMinute);
    expect(planned.body === null ? undefined : JSON.parse(planned.body)).toEqual(body);
  });

  it('uses another server than the configured one when the request names it', () => {
    expect(plan('getUnits', { serverId: 9 }).url).toMatch(/\/v2\/emergency\/servers\/9\/units$/);
    expect(plan('heartbeat', { serverId: 9 }).url).toMatch(/\/v2\/general\/servers\/9\/heartbeat$/);
  });

  it.each([
    ['getUnits', { limit: 100, offset: 0, includeOffline: false }, 'limit=100&offset=0&includeOffline=false'],
    ['getCalls', { closedLimit: 5 }, 'type=100&closedLimit=5'],
    ['getCharacters', { accountUuid: 'u', communityUserId: undefined }, 'accountUuid=u'],
    ['getTemplates', { recordTypeId: 9 }, ''],
  ] as [EndpointName, object, string][])('%s with %j puts its input into the query %s', (name, input, query) => {
    expect(new URL(plan(name, input).url).searchParams.toString()).toBe(query);
  });

  it.each([
    ['getVersion', { version: '2', name: 'PLUS' }, { version: 2, name: 'PLUS' }],
    [
      'getCommunity',
      { uuid: 'u', community: { comId: 'c', name: 'n', timezone: 't', customLoginUrl: null }, codes: [] },
      { uuid: 'u', comId: 'c', name: 'n', timezone: 't' },
    ],
    ['createLink', { code: 'AB12', expiresInSeconds: 300, expiresAt: 'x' }, { code: 'AB12', expiresInSeconds: 300 }],
    ['createLink', { code: 'AB12' }, { code: 'AB12', expiresInSeconds: 600 }],
    ['checkLink', { linked: 'False', accountUuid: null, communityUserId: 'a' }, { linked: false, accountUuid: null }],
    ['getAccounts', { pagination: { total: 40 }, accounts: [{}] }, { accounts: [{}], total: 40 }],
    ['verifySecret', { 'the-secret': 'the-account' }, { accountUuid: 'the-account' }],
    ['verifySecret', {}, { accountUuid: null }],
    ['setLink', { linked: true }, { linked: true, accountUuid: null, communityUserId: '' }],
    ['getCurrentCall', {}, { identId: null, callId: null }],
    ['setUnitStatus', {}, { updated: null, status: '' }],
    ['attachUnits', {}, { callId: null, identIds: [] }],
    ['getAccounts', {}, { accounts: [], total: 0 }],
    [
      'getCalls',
      { activeCalls: null, emergencyCalls: [] },
      { activeCalls: [], emergencyCalls: [], closedCalls: [], closedCallCount: 0 },
    ],
    ['getAccountUnits', { units: [{ id: 1 }] }, [{ id: 1 }]],
    ['getCurrentCall', { identId: 1, callId: null }, { identId: 1, callId: null }],
    ['getIdentifiers', { selectedIdent: 1, identifiers: [] }, { selectedIdent: 1, identifiers: [] }],
    ['create911', { callId: '7', caller: 'a' }, { callId: 7, caller: 'a' }],
    ['attachUnits', { callId: 7, identIds: [1, '2', null] }, { callId: 7, identIds: [1, 2] }],
  ] as [EndpointName, unknown, unknown][])('%s reads the answer %j', (name, given, read) => {
    expect(v.parse(endpoints[name].output.schema, given)).toEqual(read);
  });

  it.each([
    ['getUnits', {}],
    ['getServers', { servers: ['a'] }],
    ['getServers', { servers: [[]] }],
    ['create911', {}],
    ['getCommunity', { uuid: 'u' }],
    ['createLink', { code: '' }],
    ['checkLink', {}],
  ] as [EndpointName, unknown][])('%s refuses the answer %j', (name, given) => {
    expect(v.is(endpoints[name].output.schema, given)).toBe(false);
  });
});
