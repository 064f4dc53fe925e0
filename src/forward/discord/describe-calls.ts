import { CLOSED_CALL } from '../../push-events/catalogue/calls.ts';
import type { PushEventData } from '../../push-events/catalogue/catalogue.ts';
import { counted, type DraftField, type EmbedDraft, joined, listed } from './embed-draft.ts';

type DispatchData = PushEventData<'EVENT_DISPATCH_NEW'>;
type Assignment = PushEventData<'EVENT_DISPATCH_UNIT_ATTACH'>;
type Note = PushEventData<'EVENT_DISPATCH_NOTE'>['note'];

const ORIGINS = ['caller', 'radio dispatch', 'observed', 'walk-up'];
const STATUSES = ['pending', 'active', 'closed'];
/** Said by a field of its own, or of no use to a reader. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['x', 'y', 'z', 'postal', 'callerPlayerId', 'createdFromId']);

const noteText = ({ time, label, content }: Note): string => `${joined(' ', [time, label])}: ${content}`;

function coordinatesOf({ x, y, z }: Readonly<Record<string, unknown>>): string | undefined {
  return x === undefined || y === undefined ? undefined : joined(', ', [x, y, z].map(asText));
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** What the script that placed the call attached to it, such as a plate. */
function detailsOf(metaData: Readonly<Record<string, unknown>>): string {
  return Object.entries(metaData)
    .filter(([name, value]) => !TOLD_OTHERWISE.has(name) && (asText(value) ?? '').trim() !== '')
    .map(([name, value]) => `${name}: ${asText(value)}`)
    .join('\n');
}

function describeDispatch({ eventOriginIdent, dispatch: call }: DispatchData, happened: string): EmbedDraft {
  return {
    kind: call.status === CLOSED_CALL ? 'over' : 'call',
    title: `Call ${call.callId} ${happened}: ${joined(' · ', [call.code, call.title]) || 'no title'}`,
    description: call.description,
    fields: [
      ['Location', joined(' ', [call.block, call.address])],
      ['Postal', call.postal || call.metaData.postal],
      ['Priority', call.priority],
      ['Status', STATUSES[call.status] ?? call.status],
      ['Origin', ORIGINS[call.origin] ?? call.origin],
      [counted('Unit', call.idents), listed(call.idents)],
      ['Primary unit', call.primary],
      ['By unit', eventOriginIdent],
      ['911 call', call.metaData.createdFromId],
      ['Coordinates', coordinatesOf(call.metaData)],
      ['Details', detailsOf(call.metaData)],
      ['Notes', call.notes.map(noteText).join('\n')],
    ],
  };
}

export const describeDispatchNew = (data: DispatchData): EmbedDraft => describeDispatch(data, 'created');

export const describeDispatchEdit = (data: DispatchData): EmbedDraft => describeDispatch(data, 'changed');

export function describeDispatchClosed(data: PushEventData<'EVENT_DISPATCH_CLOSED'>): EmbedDraft {
  const { callIds, eventOriginIdent } = data;
  return {
    kind: 'over',
    title: `${counted('Call', callIds)} closed`,
    fields: [
      [counted('Call', callIds), listed(callIds)],
      ['By unit', eventOriginIdent],
    ],
  };
}

export function describeDispatchNote({ callId, note }: PushEventData<'EVENT_DISPATCH_NOTE'>): EmbedDraft {
  return {
    kind: 'call',
    title: `Note on call ${callId}`,
    description: note.content,
    fields: [
      ['By', note.label],
      ['Time', note.time],
    ],
  };
}

function describeAssignment({ callId, idents, eventOriginIdent }: Assignment, happened: string): EmbedDraft {
  const fields: DraftField[] = [
    [counted('Unit', idents), listed(idents)],
    ['By unit', eventOriginIdent],
  ];
  return { kind: 'call', title: `${counted('Unit', idents)} ${happened} call ${callId}`, fields };
}

export const describeUnitAttach = (data: Assignment): EmbedDraft => describeAssignment(data, 'attached to');

export const describeUnitDetach = (data: Assignment): EmbedDraft => describeAssignment(data, 'detached from');

export function describeToggleBodycam(data: PushEventData<'EVENT_DISPATCH_TOGGLE_BODYCAM'>): EmbedDraft {
  return { kind: 'call', title: `Body camera switched ${data.state ? 'on' : 'off'}`, fields: [['Unit', data.ident]] };
}

/** Without the caller's identities: a channel's members have no business with them. */
export function describe911({ call }: PushEventData<'EVENT_911'>): EmbedDraft {
  return {
    kind: call.isEmergency ? 'emergency' : 'call',
    title: `${call.isEmergency ? '911' : 'Non-emergency'} call ${call.callId}`,
    description: call.description,
    fields: [
      ['Caller', call.caller],
      ['Location', call.location],
      ['Postal', call.metaData.postal],
      ['Coordinates', coordinatesOf(call.metaData)],
      ['Details', detailsOf(call.metaData)],
    ],
  };
}

export function describeRemove911({ callIds }: PushEventData<'EVENT_REMOVE_911'>): EmbedDraft {
  return {
    kind: 'over',
    title: `911 ${counted('call', callIds)} removed`,
    fields: [[counted('Call', callIds), listed(callIds)]],
  };
}
