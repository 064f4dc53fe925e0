import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import { dispatchCall, dispatchCallClientFields, note, noteClientFields, readDispatchCall, readNote } from './call.ts';
import { type Concerns, entry } from './entry.ts';
import { copyFields, type Fields, readFlag, readIdsOrOne, readWhole, without } from './read-values.ts';

const eventOriginIdent = lazily(() => z.int().optional().describe('The unit that did it'));

// The call is the event; of the call only its id is demanded.
const dispatchData = lazily(() =>
  z.looseObject({ eventOriginIdent: eventOriginIdent(), dispatch: dispatchCall() }).meta({ id: 'DispatchData' }),
);

const DISPATCH_ACCEPTS = [
  '`dispatch.notes` may be text (empty for none) or a list of texts',
  '`dispatch.metaData` may be missing or null',
  'The call itself as `data`, without `dispatch` around it',
];

const dispatchConcerns: Concerns<z.output<ReturnType<typeof dispatchData>>> = {
  idents: ({ dispatch }) => dispatch.idents,
  calls: ({ dispatch }) => [dispatch.callId],
};

const dispatchClientFields = { eventOriginIdent: 'number', dispatch: dispatchCallClientFields } as const;

function canonicaliseDispatch(data: Fields): Fields {
  if (data.dispatch === undefined && data.callId !== undefined) {
    return withOrigin({ dispatch: readDispatchCall(without(data, 'eventOriginIdent')) }, data);
  }
  const canonical = copyFields(data);
  canonical.dispatch = readDispatchCall(data.dispatch);
  return withOrigin(canonical, data);
}

/** Who did it is only told: an unreadable one is left out. */
function withOrigin(canonical: Record<string, unknown>, { eventOriginIdent: received }: Fields): Fields {
  if (received === undefined) return canonical;
  const ident = readWhole(received);
  if (ident === undefined) Reflect.deleteProperty(canonical, 'eventOriginIdent');
  else canonical.eventOriginIdent = ident;
  return canonical;
}

export const dispatchNew = entry({
  type: 'EVENT_DISPATCH_NEW',
  description: 'A dispatch call has been created.',
  schema: dispatchData,
  accepts: DISPATCH_ACCEPTS,
  concerns: dispatchConcerns,
  clientFields: dispatchClientFields,
  canonicalise: canonicaliseDispatch,
});

export const dispatchEdit = entry({
  type: 'EVENT_DISPATCH_EDIT',
  description: 'A dispatch call has been changed; the event carries all of it.',
  schema: dispatchData,
  accepts: DISPATCH_ACCEPTS,
  concerns: dispatchConcerns,
  clientFields: dispatchClientFields,
  canonicalise: canonicaliseDispatch,
});

export const dispatchClosed = entry({
  type: 'EVENT_DISPATCH_CLOSED',
  description: 'One or more dispatch calls have been closed.',
  // Which calls is the event.
  schema: () =>
    z
      .looseObject({ eventOriginIdent: eventOriginIdent(), callIds: z.array(z.int()) })
      .meta({ id: 'DispatchClosedData' }),
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { calls: ({ callIds }) => callIds },
  clientFields: { eventOriginIdent: 'number', callIds: ['number'] },
  canonicalise(data) {
    const canonical = without(data, 'callId');
    canonical.callIds = readIdsOrOne(data.callIds, data.callId);
    return withOrigin(canonical, data);
  },
});

export const dispatchNote = entry({
  type: 'EVENT_DISPATCH_NOTE',
  description: 'A note has been added to a dispatch call.',
  // Which call, and what was noted.
  schema: () => z.looseObject({ callId: z.int(), note: note() }).meta({ id: 'DispatchNoteData' }),
  accepts: ['`note` may be plain text'],
  concerns: { calls: ({ callId }) => [callId] },
  clientFields: { callId: 'number', note: noteClientFields },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.callId = readWhole(data.callId) ?? data.callId;
    canonical.note = readNote(data.note) ?? data.note;
    return canonical;
  },
});

// Which call and which units: the change is nothing else.
const assignment = lazily(() =>
  z
    .looseObject({ eventOriginIdent: eventOriginIdent(), callId: z.int(), idents: z.array(z.int()) })
    .meta({ id: 'DispatchAssignmentData' }),
);

const ASSIGNMENT_ACCEPTS = [
  '`idents` may be a single number, or come under its old name `ident`; the list wins when both are there',
];

const assignmentConcerns: Concerns<z.output<ReturnType<typeof assignment>>> = {
  idents: ({ idents }) => idents,
  calls: ({ callId }) => [callId],
};

const assignmentClientFields = { eventOriginIdent: 'number', callId: 'number', idents: ['number'] } as const;

function canonicaliseAssignment(data: Fields): Fields {
  const canonical = without(data, 'ident');
  canonical.callId = readWhole(data.callId) ?? data.callId;
  canonical.idents = readIdsOrOne(data.idents, data.ident);
  return withOrigin(canonical, data);
}

export const dispatchUnitAttach = entry({
  type: 'EVENT_DISPATCH_UNIT_ATTACH',
  description: 'One or more units have been attached to a dispatch call.',
  schema: assignment,
  accepts: ASSIGNMENT_ACCEPTS,
  concerns: assignmentConcerns,
  clientFields: assignmentClientFields,
  canonicalise: canonicaliseAssignment,
});

export const dispatchUnitDetach = entry({
  type: 'EVENT_DISPATCH_UNIT_DETACH',
  description: 'One or more units have been detached from a dispatch call.',
  schema: assignment,
  accepts: ASSIGNMENT_ACCEPTS,
  concerns: assignmentConcerns,
  clientFields: assignmentClientFields,
  canonicalise: canonicaliseAssignment,
});

export const dispatchToggleBodycam = entry({
  type: 'EVENT_DISPATCH_TOGGLE_BODYCAM',
  description: "A dispatcher has switched a unit's body camera on or off.",
  // Whose, and to what: neither can be guessed.
  schema: () => z.looseObject({ ident: z.int(), state: z.boolean() }).meta({ id: 'DispatchToggleBodycamData' }),
  accepts: ['`ident` as text', '`state` as the text "true" or "false"'],
  concerns: { idents: ({ ident }) => [ident] },
  clientFields: { ident: 'number', state: 'flag' },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.ident = readWhole(data.ident) ?? data.ident;
    canonical.state = readFlag(data.state) ?? data.state;
    return canonical;
  },
});
