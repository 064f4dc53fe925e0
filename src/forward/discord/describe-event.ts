import type { PushEventData, PushEventType } from '../../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import * as alerts from './describe-alerts.ts';
import * as calls from './describe-calls.ts';
import * as records from './describe-records.ts';
import * as units from './describe-units.ts';
import type { EmbedDraft, Wording } from './embed-draft.ts';

type Describe<Type extends PushEventType> = (data: PushEventData<Type>, wording: Wording) => EmbedDraft;

const descriptions: { readonly [Type in PushEventType]: Describe<Type> } = {
  EVENT_UNIT_UPDATE: units.describeUnitUpdate,
  EVENT_UNIT_STATUS: units.describeUnitStatus,
  EVENT_UNIT_LOGIN: units.describeUnitLogin,
  EVENT_UNIT_LOGOUT: units.describeUnitLogout,
  EVENT_UNIT_PANIC: units.describeUnitPanic,
  EVENT_UNIT_GROUP_ADD: units.describeGroupAdd,
  EVENT_UNIT_GROUP_REMOVE: units.describeGroupRemove,
  EVENT_UNIT_GROUP_CHANGE_NAME: units.describeGroupChangeName,
  EVENT_DISPATCH_NEW: calls.describeDispatchNew,
  EVENT_DISPATCH_EDIT: calls.describeDispatchEdit,
  EVENT_DISPATCH_CLOSED: calls.describeDispatchClosed,
  EVENT_DISPATCH_NOTE: calls.describeDispatchNote,
  EVENT_DISPATCH_UNIT_ATTACH: calls.describeUnitAttach,
  EVENT_DISPATCH_UNIT_DETACH: calls.describeUnitDetach,
  EVENT_DISPATCH_TOGGLE_BODYCAM: calls.describeToggleBodycam,
  EVENT_911: calls.describe911,
  EVENT_REMOVE_911: calls.describeRemove911,
  EVENT_STREETSIGN_UPDATED: alerts.describeStreetsign,
  EVENT_RECORD_ADD: records.describeRecordAdd,
  EVENT_RECORD_EDIT: records.describeRecordEdit,
  EVENT_RECORD_REMOVE: records.describeRecordRemove,
  EVENT_TONE: alerts.describeTone,
  EVENT_CHAR_SELECTED: ({ id, accId }) => ({
    kind: 'account',
    title: 'Character selected',
    fields: [
      ['Character', id],
      ['Account', accId],
    ],
  }),
  EVENT_COMMUNITY_LINK_VERIFIED: ({ communityUserId, accountUuid }) => ({
    kind: 'account',
    title: 'Account linked',
    fields: [
      ['Player', communityUserId],
      ['Account', accountUuid],
    ],
  }),
  // Its one field is a key for the CAD's support, which has no place in a channel.
  GET_LOGS: () => ({ kind: 'other', title: 'Logs requested by the CAD support', fields: [] }),
  EVENT_NEW_CALLOUT: alerts.describeCallout,
  EVENT_PRINT_RECORD: records.describePrintRecord,
  EVENT_PAGER_REBORN: alerts.describePager,
  EVENT_STATION_ALERT: alerts.describeStationAlert,
};

/** What a message about the event says. Of types that are not known, only their name: what their data is nobody knows. */
export function describeEvent(event: PushEvent, wording: Wording): EmbedDraft {
  const { type, data } = event;
  if (!Object.hasOwn(descriptions, type)) return { kind: 'other', title: type, fields: [] };
  if (!event.valid) {
    return { kind: 'other', title: type, description: 'Its data could not be understood.', fields: [] };
  }
  // TypeScript cannot see that `data` belongs to `type` once both are taken out of the union.
  const describe = descriptions[type as PushEventType] as (data: unknown, wording: Wording) => EmbedDraft;
  return describe(data, wording);
}
