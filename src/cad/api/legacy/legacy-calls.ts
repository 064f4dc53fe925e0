import { type Fields, without } from '../../../push-events/catalogue/read-values.ts';
import type { DispatchFields } from '../endpoints/calls.ts';
import {
  flagOf,
  listOf,
  metaDataOf,
  serverOf,
  textOf,
  unitListsOf,
  unitsOf,
  wholeOf,
  wholesOf,
  withoutUnits,
} from './legacy-fields.ts';
import { legacyRequest } from './legacy-request.ts';

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
