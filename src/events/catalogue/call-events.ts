import { filled, flag, needed, neededIds, type OutputOf, optional, shape, texts, whole } from '../fields.ts';
import { type Fields, readTexts, without } from '../read-values.ts';
import { dispatchCall, emergencyCall, metaData, note, withMetaData } from './calls.ts';
import { entry } from './entry.ts';

const eventOriginIdent = optional(whole, { says: 'The unit that did it', client: true });

// The call is the event; of the call only its id is demanded.
const dispatchData = shape(
  'DispatchData',
  { eventOriginIdent, dispatch: needed(dispatchCall, { client: true }) },
  {
    prepare(data) {
      const isBare = data.dispatch === undefined && data.callId !== undefined;
      if (!isBare) return data;
      return { eventOriginIdent: data.eventOriginIdent, dispatch: without(data, 'eventOriginIdent') };
    },
  },
);

type Dispatched = OutputOf<typeof dispatchData>;

/** What events that carry a whole call have in common. */
const wholeCall = {
  data: dispatchData,
  accepts: [
    '`dispatch.notes` may be text (empty for none) or a list of texts',
    '`dispatch.metaData` may be missing or null',
    'The call itself as `data`, without `dispatch` around it',
  ],
  concerns: {
    idents: ({ dispatch }: Dispatched) => dispatch.idents,
    calls: ({ dispatch }: Dispatched) => [dispatch.callId],
  },
};

export const dispatchNew = entry({
  type: 'EVENT_DISPATCH_NEW',
  description: 'A dispatch call has been created.',
  ...wholeCall,
});

export const dispatchEdit = entry({
  type: 'EVENT_DISPATCH_EDIT',
  description: 'A dispatch call has been changed; the event carries all of it.',
  ...wholeCall,
});

export const dispatchClosed = entry({
  type: 'EVENT_DISPATCH_CLOSED',
  description: 'One or more dispatch calls have been closed.',
  // Which calls is the event.
  data: shape('DispatchClosedData', {
    eventOriginIdent,
    callIds: needed(neededIds, { formerly: 'callId', client: true }),
  }),
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { calls: ({ callIds }) => callIds },
});

export const dispatchNote = entry({
  type: 'EVENT_DISPATCH_NOTE',
  description: 'A note has been added to a dispatch call.',
  // Which call, and what was noted.
  data: shape('DispatchNoteData', {
    callId: needed(whole, { client: true }),
    note: needed(note, { client: true }),
  }),
  accepts: ['`note` may be plain text'],
  concerns: { calls: ({ callId }) => [callId] },
});

// Which call and which units: the change is nothing else.
const assignmentData = shape('DispatchAssignmentData', {
  eventOriginIdent,
  callId: needed(whole, { client: true }),
  idents: needed(neededIds, { formerly: 'ident', client: true }),
});

type Assigned = OutputOf<typeof assignmentData>;

/** What events that attach and detach units have in common. */
const assignment = {
  data: assignmentData,
  accepts: ['`idents` may be a single number, or come under its old name `ident`; the list wins when both are there'],
  concerns: {
    idents: ({ idents }: Assigned) => idents,
    calls: ({ callId }: Assigned) => [callId],
  },
};

export const dispatchUnitAttach = entry({
  type: 'EVENT_DISPATCH_UNIT_ATTACH',
  description: 'One or more units have been attached to a dispatch call.',
  ...assignment,
});

export const dispatchUnitDetach = entry({
  type: 'EVENT_DISPATCH_UNIT_DETACH',
  description: 'One or more units have been detached from a dispatch call.',
  ...assignment,
});

export const dispatchToggleBodycam = entry({
  type: 'EVENT_DISPATCH_TOGGLE_BODYCAM',
  description: "A dispatcher has switched a unit's body camera on or off.",
  // Whose, and to what: neither can be guessed.
  data: shape('DispatchToggleBodycamData', {
    ident: needed(whole, { client: true }),
    state: needed(flag, { client: true }),
  }),
  accepts: ['`ident` as text', '`state` as the text "true" or "false"'],
  concerns: { idents: ({ ident }) => [ident] },
});

/** In the order in which the official resource prefers them, the scalar it forgot after its plural. */
const IDENTITY_FIELDS = ['identities', 'communityUserIds', 'communityUserId', 'apiIds'];

export const emergencyNew = entry({
  type: 'EVENT_911',
  description: 'Somebody has called 911 (or 311).',
  // The call is the event, and only its id is demanded: an emergency is not turned away for a missing text.
  data: shape(
    'EmergencyData',
    {
      call: needed(emergencyCall, { client: true }),
      identities: filled(texts, [], { says: 'Who called: every identity that the CAD gave, without doubles' }),
      metaData: filled(metaData, {}),
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
  accepts: [
    '`metaData` beside the call, in it, in both or missing: `call.metaData` has all of it, and what the call says wins',
    '`identities`, `communityUserIds`, `communityUserId` and `apiIds` all end up in `identities`',
    'The call itself as `data`, without `call` around it',
  ],
  concerns: {
    emergencyCalls: ({ call }) => [call.callId],
    identities: ({ identities }) => identities,
  },
});

function identitiesOf(data: Fields): string[] {
  const given = IDENTITY_FIELDS.filter((name) => data[name] !== undefined);
  return [...new Set(given.flatMap((name) => readTexts(data[name])))];
}

export const emergencyRemoved = entry({
  type: 'EVENT_REMOVE_911',
  description: 'One or more 911 calls have been answered or dismissed.',
  // Which calls is the event.
  data: shape('EmergencyRemovedData', { callIds: needed(neededIds, { formerly: 'callId', client: true }) }),
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { emergencyCalls: ({ callIds }) => callIds },
});
