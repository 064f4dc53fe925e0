import * as v from 'valibot';
import { anything, filled, flag, ids, listOf, needed, type OutputOf, optional, shape, text, whole } from '../fields.ts';
import { type Fields, readObject, readText, readWhole } from '../read-values.ts';

const ANY_OBJECT: Fields = {};

// Who called stays on the server: a game client learns where, not whose number or player id it is.
/** What was noted on a call by whoever placed it. */
export const metaData = shape(
  'CallMetaData',
  {
    createdFromId: optional(text, { says: 'The 911 call that the dispatch call was made from', client: true }),
    origin911: optional(text),
    callerPlayerId: optional(text, { says: 'Server id of the player who called' }),
    x: optional(text, { client: true }),
    y: optional(text, { client: true }),
    z: optional(text, { client: true }),
    postal: optional(text, { client: true }),
    silentAlert: optional(text),
    silenceAlert: optional(text),
    useCallLocation: optional(text, { client: true }),
    trackPrimary: optional(text, { client: true }),
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
    time: filled(text, '', { client: true }),
    label: filled(text, '', { says: 'Who wrote it', client: true }),
    type: filled(text, 'text', { client: true }),
    content: filled(text, '', { client: true }),
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
const callId = needed(whole, { client: true });

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
    block: filled(text, '', { client: true }),
    address: filled(text, '', { client: true }),
    postal: filled(text, '', { client: true }),
    title: filled(text, '', { client: true }),
    code: filled(text, '', { client: true }),
    description: filled(text, '', { client: true }),
    notes: filled(listOf(note), [], { client: true }),
    idents: filled(ids, [], { says: 'Units attached to the call', client: true }),
    primary: optional(whole, { says: 'The unit in charge', client: true }),
    trackPrimary: filled(flag, false, { says: 'Whether the call moves with the unit in charge', client: true }),
    metaData: filled(metaData, {}, { client: true }),
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
    caller: filled(text, '', { client: true }),
    location: filled(text, '', { client: true }),
    description: filled(text, '', { client: true }),
    metaData: filled(metaData, {}, { client: true }),
    updated: optional(text, { says: 'ISO 8601', client: true }),
  },
  { description: 'A 911 call, waiting for a dispatcher.' },
);

export type EmergencyCall = OutputOf<typeof emergencyCall>;

/** metaData that lies beside a 911 call goes into it; what the call itself says wins. */
export function withMetaData(call: unknown, beside: unknown): unknown {
  const fields = readObject(call);
  return fields && { ...fields, metaData: { ...metaDataOf(beside), ...metaDataOf(fields.metaData) } };
}

function metaDataOf(given: unknown): Fields {
  return v.parse(metaData.read, readObject(given) ?? ANY_OBJECT);
}
