import { type Fields, readObject, without } from '../../../push-events/catalogue/read-values.ts';
import { accountOf, listOf, sentWithAccount, serverOf, textOf, wholeOf, wholesOf } from './legacy-fields.ts';
import { legacyRequest } from './legacy-request.ts';

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
