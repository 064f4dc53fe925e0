import { expect } from '@jest/globals';
import { ACCOUNT, PLAYER } from './cad-system.ts';

/** A call of the client as the documentation shows it, and what the CAD answers to it. */
export type ClientCall = readonly [name: string, args: readonly unknown[], data: unknown];

const like = (fields: object) => expect.objectContaining(fields);
const owner = { communityUserId: PLAYER };
const unit12 = like({ id: 12 });
const place = { x: 425.1, y: -979.2, z: 30.7, w: 0 };
const server = { id: 2, name: 'Second Server' };
const template = { templateId: 1 };
const secretUuid = '22222222-2222-4222-8222-222222222222';

/** In their order: what one makes, a later one changes. A dispatch call is 1002, a record 2, a blip 3. */
export const clientCalls: readonly ClientCall[] = [
  ['getVersionV2', [], { version: 4, name: 'PRO' }],
  ['getInfoV2', [], like({ community: like({ comId: 'mycommunity' }), codes: [] })],
  ['getLoginPageV2', [{ communityId: 'mycommunity' }], like({ comId: 'mycommunity' })],
  ['getTurnCredentialsV2', [{ userId: 'unit-1' }], like({ iceServers: [like({ username: 'fakecad' })] })],
  ['getServersV2', [], { servers: [like({ id: 1 }), like(server)] }],
  ['setServersV2', [[{ id: 1 }, server], true], { servers: [{ id: 1 }, server] }],
  ['heartbeatV2', [1, 64], like({ serverId: 1, playerCount: 64 })],
  ['authorizeStreetSignsV2', [1], null],
  ['setPostalsV2', [[{ code: '100', x: 425.1, y: -979.2 }]], { updated: 1 }],
  ['setPenalCodesV2', [[{ title: 'Speeding', code: '22350' }]], { updated: 1 }],
  ['getPenalCodesV2', [], [{ title: 'Speeding', code: '22350' }]],
  ['getAccountV2', [{ accountUuid: ACCOUNT }], like({ username: 'Reed' })],
  [
    'getAccountsV2',
    [{ limit: 25, offset: 0, username: 'ree' }],
    like({ pagination: { limit: 25, offset: 0, total: 1 } }),
  ],
  ['setAccountPermissionsV2', [{ accountUuid: ACCOUNT, add: ['DISPATCH'] }], null],
  ['applyPermissionKeyV2', [{ apiId: PLAYER, permissionKey: 'DISPATCH' }], null],
  ['banUserV2', [{ accountUuid: ACCOUNT, isBan: true, isKick: true }], null],
  ['sendPhotoV2', [{ apiId: PLAYER, url: 'https://example.com/mugshot.png' }], null],
  ['verifySecretV2', [secretUuid], { [secretUuid]: ACCOUNT }],
  ['createCommunityLinkV2', [{ communityUserId: 'player_12345' }], like({ expiresInSeconds: 600 })],
  ['checkCommunityLinkV2', [owner], { ...owner, linked: true, accountUuid: ACCOUNT }],
  [
    'setCommunityLinkV2',
    [{ accountUuid: ACCOUNT, secretUuid, ...owner }],
    { linked: true, accountUuid: ACCOUNT, ...owner },
  ],
  ['getTemplatesV2', [5], like({ recordTypeId: 5 })],
  [
    'createRecordV2',
    [{ ...owner, useDictionary: true, recordTypeId: 7, replaceValues: { first: 'John' } }],
    like({ id: 1 }),
  ],
  ['createRecordV2', [{ apiId: PLAYER, recordTypeId: 5, replaceValues: { plate: 'ABC123' } }], like({ id: 2 })],
  ['updateRecordV2', [2, { templateId: 5, replaceValues: { plate: 'XYZ987' } }], like({ id: 2, type: 5 })],
  ['lookupV2', [{ plate: 'XYZ987', types: [5], partial: true }], [like({ id: 2 })]],
  ['lookupByValueV2', [{ searchType: 'plate', value: 'XYZ987', types: [5] }], [like({ id: 2 })]],
  ['lookupCustomV2', [{ map: 'plate', value: 'XYZ987', types: [5], partial: true }], [like({ id: 2 })]],
  ['sendRecordDraftV2', [{ recordTypeId: 5, replaceValues: {}, apiId: PLAYER }], like({ id: 0, recordTypeId: 5 })],
  ['removeRecordV2', [2], { recordId: 2 }],
  ['getCharactersV2', [owner], [like({ id: 1, type: 7 })]],
  [
    'addCharacterLinkV2',
    ['CHAR_123', { accountUuid: ACCOUNT }],
    { accountUuid: ACCOUNT, syncId: 'CHAR_123', action: 'ADD' },
  ],
  ['getCharacterLinksV2', [{ accountUuid: ACCOUNT }], ['CHAR_123']],
  ['setSelectedCharacterV2', [{ characterId: '1', accountUuid: ACCOUNT }], { accountUuid: ACCOUNT, characterId: '1' }],
  ['removeCharacterLinkV2', ['CHAR_123', { accountUuid: ACCOUNT }], like({ action: 'REMOVE' })],
  ['removeCharacterV2', [99], null],
  ['getUnitsV2', [{ serverId: 1, includeOffline: false, onlyUnits: true, limit: 100, offset: 0 }], [unit12]],
  ['getAccountUnitsV2', [{ serverId: 1, accountUuid: ACCOUNT, onlyOnline: true }], { Units: [unit12] }],
  ['setUnitStatusV2', [{ serverId: 1, apiId: PLAYER, status: 3 }], { updated: 1, status: 'ENROUTE' }],
  ['setUnitPanicV2', [{ apiId: PLAYER, isPanic: true }], { updated: 1, isPanic: true }],
  ['updateUnitLocationsV2', [{ updates: [{ ...owner, location: 'Mission Row', coordinates: place }] }], { updated: 1 }],
  ['getIdentifiersV2', [ACCOUNT], { SelectedIdent: 12, Identifiers: [unit12] }],
  ['selectIdentifierV2', [ACCOUNT, 12], like({ serverId: 1, identifier: unit12 })],
  ['createIdentifierV2', [ACCOUNT, { unitNum: '1A-01', status: 0 }], { identId: 13 }],
  ['updateIdentifierV2', [ACCOUNT, 13, { name: 'John Doe' }], like({ identId: 13, identifier: like({ id: 13 }) })],
  ['deleteIdentifierV2', [ACCOUNT, 13], { identId: 13, serverId: 1 }],
  ['addIdentifiersToGroupV2', [{ serverId: 1, groupName: 'CAR-51', identIds: [12] }], { ok: true }],
  [
    'createEmergencyCallV2',
    [{ isEmergency: true, caller: 'John Doe', location: '101 Alta Street', description: 'Fire', metaData: { x: 1 } }],
    like({ callId: 1001, metaData: { x: '1' } }),
  ],
  ['deleteEmergencyCallV2', [1001, 1], { callId: 1001, serverId: 1 }],
  [
    'createDispatchCallV2',
    [{ origin: 1, status: 1, priority: 1, title: 'Fire', communityUserIds: [] }],
    like({ callId: 1002, title: 'Fire' }),
  ],
  ['getDispatchTemplatesV2', [1], like(template)],
  ['createCustomDispatchCallV2', [{ ...template, values: {}, communityUserIds: [PLAYER] }], like({ callId: 1003 })],
  ['updateDispatchCallV2', [1002, { serverId: 1, postal: '100' }], like({ callId: 1002, postal: '100' })],
  ['attachUnitsToDispatchCallV2', [1002, { serverId: 1, apiIds: [PLAYER] }], { callId: 1002, identIds: [12] }],
  ['getCurrentCallV2', [ACCOUNT], { IdentId: 12, CallId: 1002 }],
  ['setDispatchPostalV2', [1002, '200', 1], { callId: 1002, postal: '200' }],
  ['setDispatchPrimaryV2', [1002, 12, true, 1], { identId: 12, trackPrimary: true }],
  [
    'addDispatchNoteV2',
    [1002, { note: 'Armed', noteType: 'text', label: 'A' }],
    like({ note: like({ content: 'Armed' }) }),
  ],
  ['detachUnitsFromDispatchCallV2', [{ serverId: 1, apiIds: [PLAYER] }], { identIds: [12] }],
  ['getCallsV2', [{ serverId: 1, type: 100 }], like({ ActiveCalls: [like({ callId: 1002 }), like({ callId: 1003 })] })],
  ['closeDispatchCallsV2', [[1002], 1], { callIds: [1002] }],
  [
    'createBlipV2',
    [{ coordinates: place, subType: 'radius', icon: 'fire', color: '#ff0000', tooltip: 'Fire' }],
    like({ id: 3 }),
  ],
  ['updateBlipV2', [3, { serverId: 1, color: '#ffaa00' }], { id: 3 }],
  ['getBlipsV2', [1], [like({ id: 3, color: '#ffaa00' })]],
  ['deleteBlipsV2', [[3], 1], { ids: [3] }],
  ['updateStreetSignsV2', [{ ids: [1], text1: 'ALTA' }], { ids: [1] }],
  ['setStreetSignConfigV2', [[{ id: 1, label: 'Alta St' }], 1], { serverId: 1, signs: 1 }],
  ['setAvailableCalloutsV2', [[{ id: 'armed_suspect', data: { a: 1 } }], 1], { serverId: 1, callouts: 1 }],
  ['setStationsV2', [{ locations: [{ name: 'A' }], tones: ['a.mp3'], unitColors: ['#fff'] }, 1], { serverId: 1 }],
  ['setPagerConfigV2', [{ serverId: 1, maxAddresses: 4 }], { serverId: 1 }],
  ['getPagerConfigV2', [1], like({ maxAddresses: 4 })],
  ['kickUnitV2', [{ serverId: 1, apiId: PLAYER, reason: 'Restart' }], like({ reason: 'Restart' })],
];
