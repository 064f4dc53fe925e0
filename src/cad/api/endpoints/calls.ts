import { dispatchCall, emergencyCall } from '../../../events/catalogue/calls.ts';
import { readFlag, readText, readWhole, without } from '../../../events/read-values.ts';
import { listOrNone, loose, mapped, neededList, neededWhole, only, wholeOrNull, wholes } from '../answers.ts';
import { type AsSent, endpoint, type OnServer, type Optional, takes } from '../endpoint.ts';
import type { DispatchFields, MetaData, OfCall, UnitSelector } from '../inputs.ts';
import {
  callOf,
  dispatchFields,
  emergencyMetaData,
  readTextOrEmpty,
  unitListsOf,
  unitsOf,
  wholesOf,
} from '../legacy-fields.ts';

/** A call in an answer. Only its id is required. */
const call = loose({ callId: neededWhole });

/** Endpoints about 911 calls and dispatch calls. */
export const calls = {
  getCalls: endpoint('GET /v2/emergency/servers/{serverId}/calls', {
    says: 'The dispatch calls and 911 calls',
    client: ['getCallsV2', '...'],
    input: takes<OnServer & Optional<{ closedLimit: number; closedOffset: number; type: number }>>(),
    // Type 100 requests calls of all types.
    presets: { type: 100 },
    perMinute: 5,
    mustBeNew: true,
    output: mapped(
      only({
        activeCalls: neededList(dispatchCall),
        emergencyCalls: neededList(emergencyCall),
        closedCalls: listOrNone(dispatchCall),
        closedCallCount: wholeOrNull,
      }),
      (answer) => ({ ...answer, closedCallCount: answer.closedCallCount ?? answer.closedCalls.length }),
    ),
    legacy: { GET_CALLS: { reads: [{ closedLimit: readWhole, closedOffset: readWhole, type: readWhole }] } },
  }),
  create911: endpoint('POST /v2/emergency/servers/{serverId}/calls/911', {
    says: 'Places a 911 call',
    client: ['createEmergencyCallV2', '...'],
    input: takes<
      OnServer & { isEmergency: boolean; caller: string; location: string; description: string } & Optional<{
          deleteAfterMinutes: number;
          metaData: MetaData;
        }>
    >(),
    output: call,
    legacy: {
      'CREATE_EMERGENCY_CALL CREATE_911_CALL CALL_911': {
        reads: [
          (data) => without(data, 'deleteAfter', 'coords'),
          {
            isEmergency: (given) => readFlag(given) ?? false,
            caller: readTextOrEmpty,
            location: (given) => readText(given) ?? 'Unknown',
            description: readTextOrEmpty,
          },
          (data) => ({
            deleteAfterMinutes: readWhole(data.deleteAfterMinutes ?? data.deleteAfter),
            metaData: emergencyMetaData(data),
          }),
        ],
      },
    },
  }),
  remove911: endpoint('DELETE /v2/emergency/servers/{serverId}/calls/911/{callId}', {
    says: 'Removes a 911 call',
    client: ['deleteEmergencyCallV2', 'callId', 'serverId'],
    input: takes<OfCall>(),
    legacy: { 'DELETE_EMERGENCY_CALL DELETE_911_CALL REMOVE_911*': { reads: [callOf] } },
  }),
  createDispatch: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls', {
    says: 'Creates a dispatch call',
    client: ['createDispatchCallV2', '...'],
    input: takes<OnServer & DispatchFields & UnitSelector & Optional<{ deleteAfterMinutes: number }>>(),
    body({ serverId: _, ...fields }) {
      const { communityUserIds, accounts, roblox, discord } = fields;
      const namesUnits = [communityUserIds, accounts, roblox, discord].some((named) => named !== undefined);
      // The CAD refuses a call without a field that names its units, even when the call has none.
      return { ...fields, ...(!namesUnits && { communityUserIds: [] }) };
    },
    perMinute: 20,
    output: call,
    legacy: {
      'CREATE_DISPATCH_CALL CREATE_CALL NEW_DISPATCH*': {
        reads: [dispatchFields, unitListsOf],
        toText: (output) => `NEW DISPATCH CREATED - ID: ${output.callId}`,
      },
    },
  }),
  createCustomDispatch: endpoint('POST /v2/emergency/servers/{serverId}/custom-dispatch-calls', {
    says: 'Creates a dispatch call from a template',
    client: ['createCustomDispatchCallV2', '...'],
    input: takes<OnServer & UnitSelector & { templateId: number; values: AsSent }>(),
    about: 'template',
    output: call,
  }),
  getDispatchTemplates: endpoint('GET /v2/emergency/dispatch-templates/{templateId?}', {
    says: 'The templates of dispatch calls',
    client: ['getDispatchTemplatesV2', 'templateId'],
    input: takes<Optional<{ templateId: number }>>(),
    about: 'template',
  }),
  updateDispatch: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}', {
    says: 'Changes a dispatch call',
    client: ['updateDispatchCallV2', 'callId', '...changes'],
    input: takes<OfCall & { changes: DispatchFields }>(),
    body: ({ changes }) => changes,
    output: call,
    legacy: {
      'UPDATE_DISPATCH_CALL EDIT_DISPATCH*': {
        reads: [callOf, (data) => ({ changes: without(dispatchFields(data), 'id') })],
      },
    },
  }),
  attachUnits: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/attachments', {
    says: 'Attaches units to a call',
    client: ['attachUnitsToDispatchCallV2', 'callId', '...'],
    input: takes<OfCall & UnitSelector>(),
    about: 'call or unit',
    output: loose({ callId: wholeOrNull, identIds: wholes }),
    legacy: { ATTACH_UNIT: { reads: [{ callId: readWhole }, unitsOf] } },
  }),
  detachUnits: endpoint('DELETE /v2/emergency/servers/{serverId}/dispatch-calls/attachments', {
    says: 'Detaches units from their calls',
    client: ['detachUnitsFromDispatchCallV2', '...'],
    input: takes<OnServer & UnitSelector>(),
    about: 'unit',
    output: loose({ identIds: wholes }),
    legacy: { DETACH_UNIT: { reads: [unitsOf] } },
  }),
  closeCalls: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/close', {
    says: 'Closes dispatch calls',
    client: ['closeDispatchCallsV2', 'callIds', 'serverId'],
    input: takes<OnServer & { callIds: readonly number[] }>(),
    perMinute: 20,
    about: 'call',
    legacy: {
      'CLOSE_CALL*': { reads: [(data) => ({ callIds: wholesOf(data.callIds) ?? wholesOf(data.callId) ?? [] })] },
    },
  }),
  addNote: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/notes', {
    says: 'Adds a note to a dispatch call',
    client: ['addDispatchNoteV2', 'callId', '...'],
    // `label` is the author of the note.
    input: takes<OfCall & { note: string } & Optional<{ noteType: string; label: string }>>(),
    presets: { noteType: 'text' },
    perMinute: 60,
    legacy: {
      'ADD_DISPATCH_NOTE ADD_CALL_NOTE': {
        reads: [{ callId: readWhole, note: readText, noteType: readText, label: readText }],
      },
    },
  }),
  setPostal: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/postal', {
    says: 'Sets the postal code of a call',
    client: ['setDispatchPostalV2', 'callId', 'postal', 'serverId'],
    input: takes<OfCall & { postal: string }>(),
    perMinute: 20,
    legacy: { SET_CALL_POSTAL: { reads: [{ callId: readWhole, postal: readText }] } },
  }),
  setPrimary: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/primary', {
    says: 'Sets the primary unit of a call',
    client: ['setDispatchPrimaryV2', 'callId', 'identId', 'trackPrimary', 'serverId'],
    input: takes<OfCall & { identId: number } & Optional<{ trackPrimary: boolean }>>(),
    presets: { trackPrimary: false },
    legacy: {
      'SET_CALL_PRIMARY*': {
        reads: [
          { callId: readWhole, trackPrimary: readFlag },
          ({ identId, primary }) => ({ identId: readWhole(identId ?? primary) }),
        ],
      },
    },
  }),
};
