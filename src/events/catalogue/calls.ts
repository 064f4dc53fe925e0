import * as v from 'valibot';
import { entry, filled, MADE_UP, needed, optional, shape } from '../fields.ts';
import { anything, flag, ids, listOf, neededIds, type OutputOf, text, texts, whole } from '../kinds.ts';
import { type Fields, readObject, readText, readTexts, readWhole, without } from '../read-values.ts';

// Who called stays on the server: a game client learns where, not whose number or player id it is.
/** What the caller, or the script that placed the call, noted on it. */
export const metaData = shape(
  'CallMetaData',
  {
    createdFromId: optional(text, { says: 'The 911 call that the dispatch call was made from', client: true }),
    origin911: optional(text, { says: 'Whether it came from a 911 call, as text' }),
    callerPlayerId: optional(text, { says: 'Server id of the player who called' }),
    x: optional(text, { says: 'Where it is, east, as text', client: true }),
    y: optional(text, { says: 'Where it is, north, as text', client: true }),
    z: optional(text, { says: 'Height, as text', client: true }),
    postal: optional(text, { says: 'Postal code of the place', client: true }),
    silentAlert: optional(text, { says: 'Whether the caller is told nothing, as text' }),
    silenceAlert: optional(text, { says: 'As silentAlert, in another spelling' }),
    useCallLocation: optional(text, { says: 'Whether the place of the caller is used, as text', client: true }),
    trackPrimary: optional(text, { says: 'Whether the call follows its first unit, as text', client: true }),
  },
  {
    description:
      'What the caller attached to the call. Values are text, booleans as "true" or "False"; a script that places calls can add names of its own.',
    rest: (given) => (given === null ? undefined : (readText(given) ?? given)),
  },
);

/** A note on a dispatch call; also from the plain text that it once was, but not from an empty one. */
export const note = shape(
  'CallNote',
  {
    time: filled(text, '', { says: 'When it was written, as the CAD shows it', client: true }),
    label: filled(text, '', { says: 'Who wrote it', client: true }),
    type: filled(text, 'text', { says: 'Kind of note', client: true }),
    content: filled(text, '', { says: 'What the note says', client: true }),
  },
  {
    description: 'A note on a dispatch call.',
    find(given) {
      const content = readText(given);
      return readObject(given) ?? (content ? { content } : undefined);
    },
  },
);

// Only the id is needed to follow a call. An emergency is not turned away because its address is of the wrong type.
const callId = needed(whole, { says: 'Number of the call', client: true });

/** A dispatch call. */
export const dispatchCall = shape(
  'DispatchCall',
  {
    callId,
    origin: filled(whole, 0, { says: '0 caller, 1 radio dispatch, 2 observed, 3 walk-up', client: true }),
    status: filled(whole, 1, {
      says: '0 pending, 1 active, 2 closed; when it is missing: 1 with units attached, else 0',
      client: true,
    }),
    priority: filled(whole, 2, { says: '1 to 3', client: true }),
    block: filled(text, '', { says: 'Block of the address', client: true }),
    address: filled(text, '', { says: 'Address', client: true }),
    postal: filled(text, '', { says: 'Postal code', client: true }),
    title: filled(text, '', { says: 'What the call is about, in some words', client: true }),
    code: filled(text, '', { says: 'Ten-code', client: true }),
    description: filled(text, '', { says: 'What happened', client: true }),
    notes: filled(listOf(note), [], { says: 'Notes on the call, newest first', client: true }),
    idents: filled(ids, [], { says: 'Units attached to the call', client: true }),
    primary: optional(whole, { says: 'The unit in charge', client: true }),
    trackPrimary: filled(flag, false, { says: 'Whether the call moves with the unit in charge', client: true }),
    metaData: optional(metaData, { says: 'Absent where none was sent', client: true }),
    updated: optional(text, { says: 'ISO 8601', client: true }),
    template: optional(anything, { says: 'Of custom dispatch templates' }),
    values: optional(anything, { says: 'Of custom dispatch templates' }),
    statusId: optional(anything, { says: 'Of custom dispatch templates' }),
  },
  {
    description: 'A call that units are attached to.',
    finish(call, given) {
      if (readWhole(given.status) === undefined) call.status = call.idents.length > 0 ? 1 : 0;
    },
  },
);

export type DispatchCall = OutputOf<typeof dispatchCall>;

/** The CAD's number for a dispatch call that is over (0 is a pending call, 1 an active one). */
export const CLOSED_CALL = 2;

/** A 911 call. */
export const emergencyCall = shape(
  'EmergencyCall',
  {
    callId,
    isEmergency: filled(flag, true, { says: 'false for a non-emergency (311) call', client: true }),
    caller: filled(text, '', { says: 'Name of the caller', client: true }),
    location: filled(text, '', { says: 'Where the caller is, in words', client: true }),
    description: filled(text, '', { says: 'What the caller says', client: true }),
    metaData: optional(metaData, { says: 'Absent where none was sent', client: true }),
    updated: optional(text, { says: 'ISO 8601', client: true }),
  },
  { description: 'A 911 call, waiting for a dispatcher.' },
);

export type EmergencyCall = OutputOf<typeof emergencyCall>;

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

const sampleMetaData = { postal: '8042', x: '402.5', y: '-981.1', z: '29.4' };

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

/** An event that carries a whole call. */
const wholeCall = <const Type extends string>(type: Type, description: string, dispatch = sampleCall) =>
  entry({
    type,
    description,
    data: dispatchData,
    sample: { eventOriginIdent: MADE_UP.unit, dispatch },
    accepts: [
      '`dispatch.notes` may be text (empty for none) or a list of texts',
      '`dispatch.metaData` may be missing or null',
      'The call itself as `data`, without `dispatch` around it',
    ],
    concerns: { idents: ({ dispatch }) => dispatch.idents, calls: ({ dispatch }) => [dispatch.callId] },
  });

export const dispatchNew = wholeCall('EVENT_DISPATCH_NEW', 'A dispatch call has been created.');
export const dispatchEdit = wholeCall(
  'EVENT_DISPATCH_EDIT',
  'A dispatch call has been changed; the event carries all of it.',
  { ...sampleCall, priority: 1, postal: '8050' },
);

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
});

// Which call and which units: the change is nothing else.
const assignmentData = shape('DispatchAssignmentData', {
  eventOriginIdent,
  callId: needed(whole, { says: 'The dispatch call', client: true }),
  idents: needed(neededIds, { says: 'Units that are concerned', formerly: 'ident', client: true }),
});

const assignment = <const Type extends string>(type: Type, description: string) =>
  entry({
    type,
    description,
    data: assignmentData,
    sample: { eventOriginIdent: MADE_UP.unit, idents: [MADE_UP.otherUnit], callId: MADE_UP.call },
    accepts: ['`idents` may be a single number, or come under its old name `ident`; the list wins when both are there'],
    concerns: { idents: ({ idents }) => idents, calls: ({ callId }) => [callId] },
  });

export const dispatchUnitAttach = assignment(
  'EVENT_DISPATCH_UNIT_ATTACH',
  'One or more units have been attached to a dispatch call.',
);
export const dispatchUnitDetach = assignment(
  'EVENT_DISPATCH_UNIT_DETACH',
  'One or more units have been detached from a dispatch call.',
);

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
});

/** In the order in which the official resource prefers them, the scalar it forgot after its plural. */
const IDENTITY_FIELDS = ['identities', 'communityUserIds', 'communityUserId', 'apiIds'];

export const emergencyNew = entry({
  type: 'EVENT_911',
  description: 'A person has called 911 (or 311).',
  // The call is the event, and only its id is demanded: an emergency is not turned away for a missing text.
  data: shape(
    'EmergencyData',
    {
      call: needed(emergencyCall, { says: 'The 911 call', client: true }),
      identities: filled(texts, [], { says: 'Who called: every identity that the CAD gave, without doubles' }),
      metaData: optional(metaData, { says: 'As that of the call, where the CAD sends it beside the call' }),
    },
    {
      prepare(data) {
        const identities = identitiesOf(data);
        if (data.call === undefined && data.callId !== undefined) {
          return { call: withMetaData(without(data, ...IDENTITY_FIELDS), undefined), identities };
        }
        return { ...data, call: withMetaData(data.call, data.metaData) ?? data.call, identities };
      },
    },
  ),
  sample: {
    call: {
      callId: MADE_UP.emergencyCall,
      isEmergency: true,
      caller: 'Test Caller',
      location: 'Forum Dr / Strawberry Ave',
      description: 'This call was made by the command test.',
      metaData: sampleMetaData,
    },
    apiIds: [MADE_UP.identity],
  },
  accepts: [
    '`metaData` beside the call, in it, in both or missing: `call.metaData` has all of it, and what the call says wins',
    '`identities`, `communityUserIds`, `communityUserId` and `apiIds` all end up in `identities`',
    'The call itself as `data`, without `call` around it',
  ],
  concerns: { emergencyCalls: ({ call }) => [call.callId], identities: ({ identities }) => identities },
});

/** metaData that lies beside a 911 call goes into it; what the call itself says wins. */
function withMetaData(call: unknown, beside: unknown): unknown {
  const fields = readObject(call);
  const [outer, inner] = [beside, fields?.metaData].map(metaDataOf);
  return outer === undefined && inner === undefined
    ? fields
    : fields && { ...fields, metaData: { ...outer, ...inner } };
}

function metaDataOf(given: unknown): Fields | undefined {
  const object = readObject(given);
  return object && v.parse(metaData.read, object);
}

function identitiesOf(data: Fields): string[] {
  const given = IDENTITY_FIELDS.filter((name) => data[name] !== undefined);
  return [...new Set(given.flatMap((name) => readTexts(data[name])))];
}

export const emergencyRemoved = entry({
  type: 'EVENT_REMOVE_911',
  description: 'One or more 911 calls have been answered or dismissed.',
  // Which calls is the event.
  data: shape('EmergencyRemovedData', {
    callIds: needed(neededIds, { says: '911 calls that are over', formerly: 'callId', client: true }),
  }),
  sample: { callIds: [MADE_UP.emergencyCall] },
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { emergencyCalls: ({ callIds }) => callIds },
});
