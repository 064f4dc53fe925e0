import { type Fields, readObject, without } from '../../events/read-values.ts';
import type { DispatchFields } from './endpoints.ts';
import type { ServerEntry } from './general-endpoints.ts';
import {
  accountOf,
  flagOf,
  type LegacyRequest,
  legacyRequest,
  listOf,
  metaDataOf,
  sentWithAccount,
  serverOf,
  textOf,
  unitListsOf,
  unitsOf,
  wholeOf,
  wholesOf,
  withoutUnits,
} from './legacy-fields.ts';

const setUnitStatus = legacyRequest('setUnitStatus', (data) => ({
  ...serverOf(data),
  ...unitsOf(data),
  status: wholeOf(data.status),
}));
const setUnitPanic = legacyRequest('setUnitPanic', (data) => ({
  ...serverOf(data),
  ...unitsOf(data),
  isPanic: flagOf(data.isPanic) ?? true,
}));
const authorizeStreetSigns = legacyRequest('authorizeStreetSigns', serverOf);

/** The community, its servers, accounts and units by their old names. */
export const legacyGeneral = {
  GET_VERSION: legacyRequest(
    'getVersion',
    () => ({}),
    ({ version }) => String(version),
  ),
  GET_SERVERS: legacyRequest('getServers', () => ({})),
  SET_SERVERS: legacyRequest(
    'setServers',
    (data) => ({ servers: listOf(data.servers) as readonly ServerEntry[] | undefined }),
    () => 'Server config updated',
  ),
  HEARTBEAT: legacyRequest('heartbeat', (data) => ({ ...serverOf(data), playerCount: wholeOf(data.playerCount) })),
  AUTH_STREETSIGNS: authorizeStreetSigns,
  AUTHORIZE_STREET_SIGNS: authorizeStreetSigns,
  GET_ACCOUNT: legacyRequest('getAccount', accountOf),
  GET_ACCOUNTS: legacyRequest('getAccounts', (data) => ({
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
    status: wholeOf(data.status),
    username: textOf(data.username),
  })),
  CHECK_APIID: legacyRequest('getAccount', accountOf, ({ username }) => textOf(username) ?? ''),
  VERIFY_SECRET: legacyRequest(
    'verifySecret',
    (data) => ({ secret: textOf(data.secret) }),
    ({ accountUuid }) => accountUuid ?? '',
  ),
  CREATE_COMMUNITY_LINK: legacyRequest('createLink', (data) => ({ communityUserId: accountOf(data).communityUserId })),
  CHECK_COMMUNITY_LINK: legacyRequest('checkLink', (data) => ({ communityUserId: accountOf(data).communityUserId })),
  GET_ACTIVE_UNITS: legacyRequest('getUnits', (data) => ({
    ...serverOf(data),
    includeOffline: flagOf(data.includeOffline),
    onlyUnits: flagOf(data.onlyUnits),
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
  })),
  GET_ACCOUNT_UNITS: legacyRequest('getAccountUnits', (data) => ({
    ...serverOf(data),
    accountUuid: accountOf(data).accountUuid,
    onlyOnline: flagOf(data.onlyOnline),
    onlyUnits: flagOf(data.onlyUnits),
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
  })),
  GET_CURRENT_CALL: legacyRequest('getCurrentCall', (data) => ({ accountUuid: accountOf(data).accountUuid })),
  GET_IDENTIFIERS: legacyRequest('getIdentifiers', (data) => ({ accountUuid: accountOf(data).accountUuid })),
  SET_UNIT_STATUS: setUnitStatus,
  UNIT_STATUS: setUnitStatus,
  SET_UNIT_PANIC: setUnitPanic,
  UNIT_PANIC: setUnitPanic,
  PANIC: setUnitPanic,
  KICK_UNIT: legacyRequest('kickUnit', (data) => ({
    ...serverOf(data),
    ...unitsOf(data),
    reason: textOf(data.reason) ?? '',
  })),
};

const NUMBERED = ['id', 'recordId', 'recordID'] as const;

/** Version 1 told a lookup whom to show what it found by `apiId`. */
function lookupFields(data: Fields): Record<string, unknown> {
  const notify = textOf(data.apiId ?? data.communityUserId);
  return { ...without(data, 'apiId', 'communityUserId'), ...(notify && { notifyCommunityUserId: notify }) };
}

/** A blip is the data itself, or the only one in `blip` or `blips`. */
function blipFields(data: Fields): Record<string, unknown> {
  const inside = readObject(data.blip) ?? readObject(data.blips);
  return { ...(inside ?? without(data)), ...serverOf(data) };
}

const lookupByValue = legacyRequest('lookupByValue', lookupFields);
const createRecord = legacyRequest('createRecord', sentWithAccount);
const createBlip = legacyRequest('createBlip', (data) => without(blipFields(data), 'id'));
const updateBlip = legacyRequest('updateBlip', (data) => {
  const blip = blipFields(data);
  return { ...without(blip, 'id'), blipId: wholeOf(blip.blipId ?? blip.id) };
});
const deleteBlips = legacyRequest('deleteBlips', (data) => ({
  ...serverOf(data),
  ids: wholesOf(data.ids) ?? wholesOf(data.id ?? data.blipId) ?? [],
}));

/** @returns the record's number, wherever the script put it */
const recordIdOf = (data: Fields) =>
  [...NUMBERED.map((name) => data[name]), readObject(data.record)?.id].map(wholeOf).find((id) => id !== undefined);

/** Records, the map and administration by their old names. */
export const legacyOthers = {
  LOOKUP: legacyRequest('lookup', lookupFields),
  LOOKUP_BY_VALUE: lookupByValue,
  LOOKUP_VALUE: lookupByValue,
  LOOKUP_INT: lookupByValue,
  CREATE_RECORD: createRecord,
  NEW_RECORD: createRecord,
  EDIT_RECORD: legacyRequest('updateRecord', (data) => ({
    ...without(sentWithAccount(data), ...NUMBERED),
    recordId: recordIdOf(data),
  })),
  REMOVE_RECORD: legacyRequest('removeRecord', (data) => ({ recordId: recordIdOf(data) })),
  GET_TEMPLATES: legacyRequest('getTemplates', (data) => ({ recordTypeId: wholeOf(data.recordTypeId) })),
  GET_CHARACTERS: legacyRequest('getCharacters', (data) => without({ ...accountOf(data) }, 'username', 'discord')),
  SEND_PHOTO: legacyRequest('sendPhoto', sentWithAccount),
  SET_ACCOUNT_PERMISSIONS: legacyRequest('setAccountPermissions', sentWithAccount),
  APPLY_PERMISSION_KEY: legacyRequest('applyPermissionKey', sentWithAccount),
  BAN_USER: legacyRequest('banAccount', sentWithAccount),
  GET_BLIPS: legacyRequest('getBlips', serverOf),
  CREATE_BLIPS: createBlip,
  ADD_BLIP: createBlip,
  UPDATE_BLIPS: updateBlip,
  MODIFY_BLIP: updateBlip,
  DELETE_BLIPS: deleteBlips,
  REMOVE_BLIP: deleteBlips,
  SET_POSTALS: legacyRequest('setPostals', (data, whole) => ({
    postals: Array.isArray(whole) ? whole : listOf(data.postals),
  })),
  SET_STREETSIGN_CONFIG: legacyRequest('setStreetSignConfig', (data, whole) => ({
    ...serverOf(data),
    signs: Array.isArray(whole) ? whole : listOf(data.signs ?? data.signConfig),
  })),
  UPDATE_STREETSIGN: legacyRequest('updateStreetSigns', (data) => ({ ...without(data), ...serverOf(data) })),
  SET_STATIONS: legacyRequest('setStations', (data) => ({
    ...serverOf(data),
    config: data.config ?? without(data, 'serverId'),
  })),
};

const ofCall = (data: Fields) => ({ ...serverOf(data), callId: wholeOf(data.callId) });

function dispatchFields(data: Fields): DispatchFields {
  const changes = withoutUnits(data, 'callId', 'metaData');
  const metaData = metaDataOf(data.metaData);
  return { ...changes, ...(metaData !== undefined && { metaData }) };
}

const create911 = legacyRequest(
  'create911',
  (data) => ({
    ...without(data, 'deleteAfterMinutes', 'metaData'),
    ...serverOf(data),
    isEmergency: flagOf(data.isEmergency) ?? false,
    caller: textOf(data.caller) ?? '',
    location: textOf(data.location) ?? '',
    description: textOf(data.description) ?? '',
    ...(data.deleteAfterMinutes !== undefined && { deleteAfterMinutes: wholeOf(data.deleteAfterMinutes) }),
    ...(data.metaData !== undefined && { metaData: metaDataOf(data.metaData) }),
  }),
  ({ callId }) => `EMERGENCY CALL ADDED ID: ${callId}`,
);
const remove911 = legacyRequest('remove911', ofCall);
const createDispatch = legacyRequest(
  'createDispatch',
  (data) => ({ ...dispatchFields(data), ...serverOf(data), ...unitListsOf(data) }),
  ({ callId }) => `NEW DISPATCH CREATED - ID: ${callId}`,
);
const updateDispatch = legacyRequest('updateDispatch', (data) => ({ ...ofCall(data), changes: dispatchFields(data) }));
const addNote = legacyRequest('addNote', (data) => ({
  ...ofCall(data),
  note: textOf(data.note),
  noteType: textOf(data.noteType),
  label: textOf(data.label),
}));

/** Calls by their old names. */
export const legacyCalls = {
  GET_CALLS: legacyRequest('getCalls', (data) => ({
    ...serverOf(data),
    closedLimit: wholeOf(data.closedLimit),
    closedOffset: wholeOf(data.closedOffset),
  })),
  CREATE_EMERGENCY_CALL: create911,
  CREATE_911_CALL: create911,
  CALL_911: create911,
  DELETE_EMERGENCY_CALL: remove911,
  DELETE_911_CALL: remove911,
  REMOVE_911: remove911,
  CREATE_DISPATCH_CALL: createDispatch,
  CREATE_CALL: createDispatch,
  NEW_DISPATCH: createDispatch,
  UPDATE_DISPATCH_CALL: updateDispatch,
  EDIT_DISPATCH: updateDispatch,
  CLOSE_CALL: legacyRequest('closeCalls', (data) => ({
    ...serverOf(data),
    callIds: wholesOf(data.callIds) ?? wholesOf(data.callId) ?? [],
  })),
  ATTACH_UNIT: legacyRequest('attachUnits', (data) => ({ ...ofCall(data), ...unitsOf(data) })),
  DETACH_UNIT: legacyRequest('detachUnits', (data) => ({ ...serverOf(data), ...unitsOf(data) })),
  ADD_DISPATCH_NOTE: addNote,
  ADD_CALL_NOTE: addNote,
  SET_CALL_POSTAL: legacyRequest('setPostal', (data) => ({ ...ofCall(data), postal: textOf(data.postal) })),
  SET_CALL_PRIMARY: legacyRequest('setPrimary', (data) => ({
    ...ofCall(data),
    identId: wholeOf(data.identId ?? data.primary),
    trackPrimary: flagOf(data.trackPrimary),
  })),
  SET_AVAILABLE_CALLOUTS: legacyRequest('setAvailableCallouts', (data, whole) => ({
    ...serverOf(data),
    callouts: Array.isArray(whole) ? whole : listOf(data.callouts),
  })),
};

const byName = new Map<string, LegacyRequest>(Object.entries({ ...legacyGeneral, ...legacyCalls, ...legacyOthers }));

/**
 * What a script means by a type that it gives to the export `performApiRequest`: those of the official resource's version 4, and
 * those of version 1 that scripts still send.
 *
 * @param type in any case
 * @returns null for a name that stands for nothing here
 */
export function legacyRequestOf(type: string): LegacyRequest | null {
  return byName.get(type.trim().toUpperCase()) ?? null;
}
