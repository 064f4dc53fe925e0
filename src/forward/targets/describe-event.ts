import { CLOSED_CALL } from '../../events/catalogue/calls.ts';
import type { PushEventData, PushEventType } from '../../events/catalogue/catalogue.ts';
import { normalise } from '../../events/normalise.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { OutgoingEvent } from '../delivery.ts';

/** What an event is about, by which its message is coloured. */
export type EventKind = 'alarm' | 'emergency' | 'call' | 'unit' | 'record' | 'alert' | 'account' | 'over' | 'other';

/** One line of an event's message: a name of ours and a text of theirs. Left out when it says nothing. */
type DraftField = readonly [name: string, value: string | number | undefined];

/** What a message says, before it is escaped and cut: texts as typed. */
export interface EmbedDraft {
  readonly kind: EventKind;
  readonly title: string;
  readonly description?: string | undefined;
  readonly fields: readonly DraftField[];
}

/** The fields of a message, in order. */
type Fields = Readonly<Record<string, DraftField[1]>>;

/** What the community calls things. */
export interface CommunityTerms {
  /** The names of the unit statuses, by the CAD's numbers. */
  readonly statusLabels: readonly string[];
  /** Who a unit is that an event only gives the number of; undefined for one that is not known. */
  unit?(ident: number): UnitChange | undefined;
}

type Unit = PushEventData<'EVENT_UNIT_LOGIN'>['unit'];
type UnitChange = PushEventData<'EVENT_UNIT_UPDATE'>['units'][number];

const ORIGINS = ['caller', 'radio dispatch', 'observed', 'walk-up'];
const CALL_STATUSES = ['pending', 'active', 'closed'];
const TONE_RECEIVERS = ['all', 'call', 'agency', 'department', 'subdivision', 'unit', 'unit group'];
/** Said by a field of its own, or of no use to a reader. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['x', 'y', 'z', 'postal', 'callerPlayerId', 'createdFromId']);
/** Longer texts without a space are sound as base64. */
const LONGEST_SPOKEN = 2_000;

const listed = (values: readonly (string | number)[]): string => values.join(', ');

/** "Unit" or "Units", for example. */
const counted = (one: string, values: readonly unknown[]): string => (values.length === 1 ? one : `${one}s`);

/** The field that lists units, calls or signs. */
const list = (one: string, values: readonly (string | number)[]): Fields => ({
  [counted(one, values)]: listed(values),
});

/** The parts that say something, in one line. */
const joined = (separator: string, parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join(separator);

const statusText = (status: number | undefined, { statusLabels }: CommunityTerms): string | undefined =>
  status === undefined ? undefined : (statusLabels[status] ?? String(status));

/** A unit that an event only gives the number of: with its call sign and name, where they are known. */
function unitText(ident: number, { unit }: CommunityTerms): string | number {
  const known = unit?.(ident);
  const name = joined(' · ', [known?.data.unitNum, known?.data.name]);
  return name === '' ? ident : `${name} (${ident})`;
}

/** The field that lists units. */
const unitList = (idents: readonly number[], terms: CommunityTerms): Fields =>
  list(
    'Unit',
    idents.map((ident) => unitText(ident, terms)),
  );

const unitOrNone = (ident: number | undefined, terms: CommunityTerms): DraftField[1] =>
  ident === undefined ? undefined : unitText(ident, terms);

const nameOf = ({ id, data }: Unit | UnitChange): string => joined(' · ', [data.unitNum, data.name]) || `Unit ${id}`;

const unitLines = (units: readonly UnitChange[], terms: CommunityTerms): string =>
  units
    .map((unit) => {
      const panic = unit.isPanic ? 'PANIC' : undefined;
      return joined(' · ', [`${nameOf(unit)} (${unit.id})`, statusText(unit.status, terms), panic, unit.location]);
    })
    .join('\n');

const noteText = ({ time, label, content }: PushEventData<'EVENT_DISPATCH_NOTE'>['note']): string =>
  `${joined(' ', [time, label])}: ${content}`;

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

function coordinatesOf({ x, y, z }: Readonly<Record<string, unknown>> = {}): string | undefined {
  return x === undefined || y === undefined ? undefined : joined(', ', [x, y, z].map(asText));
}

/** What the script that placed the call attached to it, such as a plate. */
function detailsOf(metaData: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(metaData)
    .filter(([name, value]) => !TOLD_OTHERWISE.has(name) && (asText(value) ?? '').trim() !== '')
    .map(([name, value]) => `${name}: ${asText(value)}`)
    .join('\n');
}

const draft = (kind: EventKind, title: string, fields: Fields, description?: string): EmbedDraft => ({
  kind,
  title,
  description,
  fields: Object.entries(fields),
});

function describeDispatch(
  data: PushEventData<'EVENT_DISPATCH_NEW'>,
  happened: string,
  terms: CommunityTerms,
): EmbedDraft {
  const { eventOriginIdent, dispatch: call } = data;
  const title = `Call ${call.callId} ${happened}: ${joined(' · ', [call.code, call.title]) || 'no title'}`;
  const fields = {
    Location: joined(' ', [call.block, call.address]),
    Postal: call.postal || call.metaData?.postal,
    Priority: call.priority,
    Status: CALL_STATUSES[call.status] ?? call.status,
    Origin: ORIGINS[call.origin] ?? call.origin,
    ...unitList(call.idents, terms),
    'Primary unit': unitOrNone(call.primary, terms),
    'By unit': unitOrNone(eventOriginIdent, terms),
    '911 call': call.metaData?.createdFromId,
    Coordinates: coordinatesOf(call.metaData),
    Details: detailsOf(call.metaData),
    Notes: call.notes.map(noteText).join('\n'),
  };
  return draft(call.status === CLOSED_CALL ? 'over' : 'call', title, fields, call.description);
}

function describeAssignment(
  data: PushEventData<'EVENT_DISPATCH_UNIT_ATTACH'>,
  happened: string,
  terms: CommunityTerms,
): EmbedDraft {
  const { callId, idents, eventOriginIdent } = data;
  const title = `${counted('Unit', idents)} ${happened} call ${callId}`;
  return draft('call', title, { ...unitList(idents, terms), 'By unit': unitOrNone(eventOriginIdent, terms) });
}

/** Sections can have the same label, or a number as one. */
function describeRecord({ record }: PushEventData<'EVENT_RECORD_ADD'>, happened: string): EmbedDraft {
  const sections = record.sections.map(({ label, fields }): DraftField => {
    const filled = fields.filter(({ value }) => value.trim() !== '');
    const lines = filled.map(({ label: name, value }) => `${name}: ${value}`);
    return [label.trim() === '' ? 'Section' : label, lines.join('\n')];
  });
  return { kind: 'record', title: `Record ${happened}: ${record.name}`, fields: [['Record', record.id], ...sections] };
}

type Describe<Type extends PushEventType> = (data: PushEventData<Type>, terms: CommunityTerms) => EmbedDraft;

const descriptions: { readonly [Type in PushEventType]: Describe<Type> } = {
  EVENT_UNIT_UPDATE({ units }, terms) {
    const kind = units.some(({ isPanic }) => isPanic) ? 'alarm' : 'unit';
    return draft(kind, `${counted('Unit', units)} changed`, {}, unitLines(units, terms));
  },
  EVENT_UNIT_STATUS: ({ identIds, status, units = [] }, terms) =>
    draft('unit', `Unit status: ${statusText(status, terms)}`, unitList(identIds, terms), unitLines(units, terms)),
  EVENT_UNIT_LOGIN: ({ unit, isDispatch, selfDispatch }, terms) =>
    draft('unit', `${isDispatch ? 'Dispatcher' : 'Unit'} signed in: ${nameOf(unit)}`, {
      Unit: unit.id,
      Status: statusText(unit.status, terms),
      Rank: unit.data.rank,
      Department: joined(' · ', [unit.data.department, unit.data.subdivision]),
      District: unit.data.district,
      Group: unit.data.group,
      Location: unit.location,
      'Area of play': unit.aop,
      Dispatch: selfDispatch ? 'dispatches itself' : undefined,
      Panic: unit.isPanic ? 'pressed' : undefined,
    }),
  EVENT_UNIT_LOGOUT: ({ identId }, terms) => draft('over', 'Unit signed out', { Unit: unitText(identId, terms) }),
  EVENT_UNIT_PANIC: ({ identIds, isPanic }, terms) =>
    isPanic
      ? draft('alarm', 'Panic button pressed', unitList(identIds, terms))
      : draft('over', 'Panic button reset', unitList(identIds, terms)),
  EVENT_UNIT_GROUP_ADD: ({ identIds, groupName }, terms) =>
    draft('unit', 'Joined a unit group', { Group: groupName, ...unitList(identIds, terms) }),
  EVENT_UNIT_GROUP_REMOVE: ({ identIds, groupName }, terms) =>
    draft('unit', 'Left a unit group', { Group: groupName, ...unitList(identIds, terms) }),
  EVENT_UNIT_GROUP_CHANGE_NAME: ({ oldName, newName, identIds }, terms) =>
    draft('unit', 'Unit group renamed', { 'Old name': oldName, 'New name': newName, ...unitList(identIds, terms) }),
  EVENT_DISPATCH_NEW: (data, terms) => describeDispatch(data, 'created', terms),
  EVENT_DISPATCH_EDIT: (data, terms) => describeDispatch(data, 'changed', terms),
  EVENT_DISPATCH_CLOSED: ({ callIds, eventOriginIdent }, terms) =>
    draft('over', `${counted('Call', callIds)} closed`, {
      ...list('Call', callIds),
      'By unit': unitOrNone(eventOriginIdent, terms),
    }),
  EVENT_DISPATCH_NOTE: ({ callId, note }) =>
    draft('call', `Note on call ${callId}`, { By: note.label, Time: note.time }, note.content),
  EVENT_DISPATCH_UNIT_ATTACH: (data, terms) => describeAssignment(data, 'attached to', terms),
  EVENT_DISPATCH_UNIT_DETACH: (data, terms) => describeAssignment(data, 'detached from', terms),
  EVENT_DISPATCH_TOGGLE_BODYCAM: ({ state, ident }, terms) =>
    draft('call', `Body camera switched ${state ? 'on' : 'off'}`, { Unit: unitText(ident, terms) }),
  // Without the caller's identities: a channel's members have no business with them.
  EVENT_911({ call }) {
    const title = `${call.isEmergency ? '911' : 'Non-emergency'} call ${call.callId}`;
    const fields = {
      Caller: call.caller,
      Location: call.location,
      Postal: call.metaData?.postal,
      Coordinates: coordinatesOf(call.metaData),
      Details: detailsOf(call.metaData),
    };
    return draft(call.isEmergency ? 'emergency' : 'call', title, fields, call.description);
  },
  EVENT_REMOVE_911: ({ callIds }) => draft('over', `911 ${counted('call', callIds)} removed`, list('Call', callIds)),
  EVENT_STREETSIGN_UPDATED: ({ signData: { ids, text1, text2, text3 } }) =>
    draft('alert', 'Street signs changed', list('Sign', ids), joined('\n', [text1, text2, text3])),
  EVENT_RECORD_ADD: (data) => describeRecord(data, 'created'),
  EVENT_RECORD_EDIT: (data) => describeRecord(data, 'changed'),
  EVENT_RECORD_REMOVE: (data) => describeRecord(data, 'removed'),
  EVENT_TONE({ url, playTonesTo }) {
    const receivers = playTonesTo.map(({ type, value, label }) =>
      joined(' ', [TONE_RECEIVERS[type] ?? String(type), label || String(value)]),
    );
    return draft('alert', 'Tone played', { To: receivers.join('\n'), Sound: url });
  },
  EVENT_CHAR_SELECTED: ({ id, accId }) => draft('account', 'Character selected', { Character: id, Account: accId }),
  EVENT_COMMUNITY_LINK_VERIFIED: ({ communityUserId, accountUuid }) =>
    draft('account', 'Account linked', { Player: communityUserId, Account: accountUuid }),
  // Its one field is a key for the CAD's support, which has no place in a channel.
  GET_LOGS: () => draft('other', 'Logs requested by the CAD support', {}),
  EVENT_NEW_CALLOUT: ({ callout }) =>
    draft('alert', 'Callout', {
      Where: callout.calloutLocations.map(({ x, y, z }) => listed([x, y, z])).join('\n'),
      Weapons: listed(callout.pedWeaponData),
      'Without other action': callout.pedActionOnNoActionFound,
      Flees: `${callout.pedChanceToFleeFromPlayer} %`,
      'Obtains weapons': `${callout.pedChanceToObtainWeapons} %`,
      Attacks: `${callout.pedChanceToAttackPlayer} %`,
      Surrenders: `${callout.pedChanceToSurrender} %`,
    }),
  EVENT_PRINT_RECORD: ({ identId, url }, terms) =>
    draft('record', 'Record to be printed', { Unit: unitOrNone(identId, terms), Document: url }),
  EVENT_PAGER_REBORN({ nature, body, addresses, identIds }, terms) {
    const fields = { Nature: nature, Pagers: listed(addresses), ...unitList(identIds, terms) };
    return draft(nature === 'Emergency' ? 'emergency' : 'alert', 'Page', fields, body);
  },
  EVENT_STATION_ALERT({ locations, message, colors, tone }) {
    const stations = locations.map(({ name, open, close }) => {
      const opens = open.length > 0 ? `opens ${listed(open)}` : undefined;
      return joined(' · ', [name, opens, close.length > 0 ? `closes ${listed(close)}` : undefined]);
    });
    const fields = { [counted('Station', locations)]: stations.join('\n'), Colours: listed(colors), Tone: tone };
    const isSpoken = message.length <= LONGEST_SPOKEN || message.includes(' ');
    return draft('alert', 'Station alert', fields, isSpoken ? message : undefined);
  },
};

/** What a message about the event says: of types that are not known, only their name. */
export function describeEvent(event: PushEvent, terms: CommunityTerms): EmbedDraft {
  const { type, data } = event;
  if (!Object.hasOwn(descriptions, type)) return draft('other', type, {});
  if (!event.valid) return draft('other', type, {}, 'Its data could not be understood.');
  // TypeScript cannot see that `data` belongs to `type` once both are taken out of the union.
  const describe = descriptions[type as PushEventType] as (data: unknown, terms: CommunityTerms) => EmbedDraft;
  return describe(data, terms);
}

/** @returns an event as subscribers in the game get it */
export function readEvent({ id, type, receivedAt, body }: OutgoingEvent): PushEvent {
  const envelope: unknown = JSON.parse(body.toString());
  const normalised = normalise(type, typeof envelope === 'object' && envelope !== null ? { ...envelope } : {});
  // `type` and `data` belong together: `normalise` has just brought the one into the shape of the other.
  return { id, type, receivedAt, source: 'http', ...normalised } as PushEvent;
}
