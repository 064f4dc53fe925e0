import { needed, optional, shape } from '../fields.ts';
import { flag, neededIds, type OutputOf, whole } from '../kinds.ts';
import { type Fields, without } from '../read-values.ts';
import { CLOSED_CALL, coordinatesOf, dispatchCall, metaDataLines, note, sampleMetaData } from './calls.ts';
import {
  callName,
  counted,
  type Description,
  enumerated,
  joined,
  listDetail,
  type NameLookup,
  unitDetail,
  unitNames,
  unitsDetail,
  withQuote,
} from './description.ts';
import { entry, MADE_UP } from './entry.ts';
import { cacheUpdates, dispatchEvents, type LegacyEvents, legacyEvent, withEachUnit } from './legacy-events.ts';

const eventOriginIdent = optional(whole, { says: 'The unit that did it', client: true });

// The call is the event; of the call only its id is demanded.
const dispatchData = shape(
  'DispatchData',
  { eventOriginIdent, dispatch: needed(dispatchCall, { says: 'All of the call', client: true }) },
  {
    prepare(data) {
      const isBare = data.dispatch === undefined && data.callId !== undefined;
      if (!isBare) return data;
      return { eventOriginIdent: data.eventOriginIdent, dispatch: without(data, 'eventOriginIdent') };
    },
  },
);

const ORIGINS = ['caller', 'radio dispatch', 'observed', 'walk-up'];
const CALL_STATUSES = ['pending', 'active', 'closed'];

function describeDispatch(data: DispatchData, happened: string, names: NameLookup): Description {
  const { eventOriginIdent, dispatch: call } = data;
  const about = joined(' · ', [call.code, call.title]);
  const address = joined(' ', [call.block, call.address]);
  return {
    kind: call.status === CLOSED_CALL ? 'over' : 'call',
    sentence: withQuote(`Call ${call.callId} ${happened}`, about || 'no title', address),
    text: call.description,
    details: [
      ['Location', address],
      ['Postal', call.postal || call.metaData?.postal],
      ['Priority', call.priority],
      ['Status', CALL_STATUSES[call.status] ?? call.status],
      ['Origin', ORIGINS[call.origin] ?? call.origin],
      unitsDetail(call.idents, names),
      unitDetail('Primary unit', call.primary, names),
      unitDetail('By unit', eventOriginIdent, names),
      ['911 call', call.metaData?.createdFromId],
      ['Coordinates', coordinatesOf(call.metaData)],
      ['Details', metaDataLines(call.metaData)],
      ['Notes', call.notes.map(({ time, label, content }) => `${joined(' ', [time, label])}: ${content}`).join('\n')],
    ],
  };
}

const sampleCall = {
  callId: MADE_UP.call,
  status: 1,
  priority: 2,
  address: 'Vespucci Blvd',
  postal: '8042',
  title: 'Test call',
  code: '10-50',
  description: 'This call was made by the command test.',
  notes: [{ time: '21:04:10', label: 'TEST-12', type: 'text', content: 'Lane two blocked' }],
  idents: [MADE_UP.unit],
  primary: MADE_UP.unit,
  metaData: sampleMetaData,
};

type DispatchData = OutputOf<typeof dispatchData>;

/** What differs between the events that carry a whole call. */
interface WholeCall<Type extends string> {
  readonly type: Type;
  readonly description: string;
  readonly sample: Fields;
  /** What has happened to the call, for its sentence. */
  readonly happened: string;
  readonly legacyEvents: LegacyEvents<DispatchData>;
}

const wholeCall = <const Type extends string>({ sample, happened, ...more }: WholeCall<Type>) =>
  entry({
    ...more,
    data: dispatchData,
    sample: { eventOriginIdent: MADE_UP.unit, dispatch: sample },
    accepts: [
      '`dispatch.notes` may be text (empty for none) or a list of texts',
      '`dispatch.metaData` may be missing or null',
      'The call itself as `data`, without `dispatch` around it',
    ],
    concerns: { idents: ({ dispatch }) => dispatch.idents, calls: ({ dispatch }) => [dispatch.callId] },
    isIdempotent: true,
    netEvent: 'involved',
    describe: (data, names) => describeDispatch(data, happened, names),
  });

export const dispatchNew = wholeCall({
  type: 'EVENT_DISPATCH_NEW',
  description: 'A dispatch call has been created.',
  sample: sampleCall,
  happened: 'created',
  legacyEvents: {
    after: (_data, changed, known) => [
      ...dispatchEvents(changed),
      ...changed.calls.flatMap(({ entry: call }) => withEachUnit('UnitAttach', call, call.dispatch.idents, known)),
    ],
  },
});

export const dispatchEdit = wholeCall({
  type: 'EVENT_DISPATCH_EDIT',
  description: 'A dispatch call has been changed; the event carries all of it.',
  sample: { ...sampleCall, priority: 1, postal: '8050' },
  happened: 'changed',
  legacyEvents: {
    before: (data, known) => [legacyEvent('DispatchEdit', known.call(data.dispatch.callId) ?? null, data)],
    after: (_data, changed) => dispatchEvents(changed),
  },
});

export const dispatchClosed = entry({
  type: 'EVENT_DISPATCH_CLOSED',
  description: 'One or more dispatch calls have been closed.',
  // Which calls is the event.
  data: shape('DispatchClosedData', {
    eventOriginIdent,
    callIds: needed(neededIds, { says: 'Dispatch calls that are over', formerly: 'callId', client: true }),
  }),
  sample: { eventOriginIdent: MADE_UP.unit, callIds: [MADE_UP.call] },
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { calls: ({ callIds }) => callIds },
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: { after: (_data, changed) => dispatchEvents(changed) },
  describe: ({ callIds, eventOriginIdent }, names) => ({
    kind: 'over',
    sentence: `${counted('Call', callIds)} ${enumerated(callIds.map((id) => callName(id, names)))} closed`,
    details: [listDetail('Call', callIds), unitDetail('By unit', eventOriginIdent, names)],
  }),
});

export const dispatchNote = entry({
  type: 'EVENT_DISPATCH_NOTE',
  description: 'A note has been added to a dispatch call.',
  // Which call, and what was noted.
  data: shape('DispatchNoteData', {
    callId: needed(whole, { says: 'The dispatch call', client: true }),
    note: needed(note, { says: 'The note that was added', client: true }),
  }),
  sample: {
    callId: MADE_UP.call,
    note: { time: '21:09:00', label: 'DISPATCH', type: 'text', content: 'Tow on the way' },
  },
  accepts: ['`note` may be plain text'],
  concerns: { calls: ({ callId }) => [callId] },
  netEvent: 'involved',
  legacyEvents: {
    before: (data, known) => [legacyEvent('DispatchNote', known.call(data.callId) ?? null, data)],
    after: (_data, changed) => cacheUpdates(changed),
  },
  describe: ({ callId, note: { label, time, content } }, names) => ({
    kind: 'call',
    sentence: withQuote(`Note on call ${callName(callId, names)}`, content),
    text: content,
    details: [
      ['By', label],
      ['Time', time],
    ],
  }),
});

// Which call and which units: the change is nothing else.
const assignmentData = shape('DispatchAssignmentData', {
  eventOriginIdent,
  callId: needed(whole, { says: 'The dispatch call', client: true }),
  idents: needed(neededIds, { says: 'Units that are concerned', formerly: 'ident', client: true }),
});

/** What differs between the events about units that come to a call or leave it. */
interface Assignment<Type extends string> {
  readonly type: Type;
  readonly description: string;
  /** What has happened to the units, for their sentence. */
  readonly happened: string;
  readonly legacyName: string;
}

const assignment = <const Type extends string>({ type, description, happened, legacyName }: Assignment<Type>) =>
  entry({
    type,
    description,
    data: assignmentData,
    sample: { eventOriginIdent: MADE_UP.unit, idents: [MADE_UP.otherUnit], callId: MADE_UP.call },
    accepts: ['`idents` may be a single number, or come under its old name `ident`; the list wins when both are there'],
    concerns: { idents: ({ idents }) => idents, calls: ({ callId }) => [callId] },
    isIdempotent: true,
    netEvent: 'involved',
    legacyEvents: {
      before: (data, known) => withEachUnit(legacyName, known.call(data.callId), data.idents, known),
      after: (_data, changed) => cacheUpdates(changed),
    },
    describe: (data, names) => ({
      kind: 'call',
      sentence: `${unitNames(data.idents, names)} ${happened} call ${callName(data.callId, names)}`,
      details: [unitsDetail(data.idents, names), unitDetail('By unit', data.eventOriginIdent, names)],
    }),
  });

export const dispatchUnitAttach = assignment({
  type: 'EVENT_DISPATCH_UNIT_ATTACH',
  description: 'One or more units have been attached to a dispatch call.',
  happened: 'attached to',
  legacyName: 'UnitAttach',
});

export const dispatchUnitDetach = assignment({
  type: 'EVENT_DISPATCH_UNIT_DETACH',
  description: 'One or more units have been detached from a dispatch call.',
  happened: 'detached from',
  legacyName: 'UnitDetach',
});

export const dispatchToggleBodycam = entry({
  type: 'EVENT_DISPATCH_TOGGLE_BODYCAM',
  description: "A dispatcher has switched a unit's body camera on or off.",
  // Whose, and to what: neither can be guessed.
  data: shape('DispatchToggleBodycamData', {
    ident: needed(whole, { says: 'The unit', client: true }),
    state: needed(flag, { says: 'Whether its camera is on now', client: true }),
  }),
  sample: { ident: MADE_UP.unit, state: true },
  accepts: ['`ident` as text', '`state` as the text "true" or "false"'],
  concerns: { idents: ({ ident }) => [ident] },
  isIdempotent: true,
  netEvent: 'involved',

  describe: ({ state, ident }, names) => ({
    kind: 'call',
    sentence: `Body camera of ${unitNames([ident], names)} switched ${state ? 'on' : 'off'}`,
    details: [unitDetail('Unit', ident, names)],
  }),
});
