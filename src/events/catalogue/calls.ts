import { filled, needed, optional, shape } from '../fields.ts';
import { anything, flag, ids, listOf, type OutputOf, text, whole } from '../kinds.ts';
import { type Fields, readObject, readText, readWhole } from '../read-values.ts';
import { joined } from './description.ts';

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

/** Said by a detail of its own, or of no use to a reader. */
const HIDDEN_META_DATA: ReadonlySet<string> = new Set(['x', 'y', 'z', 'postal', 'callerPlayerId', 'createdFromId']);

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

export function coordinatesOf({ x, y, z }: Fields = {}): string | undefined {
  return x === undefined || y === undefined ? undefined : joined(', ', [x, y, z].map(asText));
}

/** @returns what the script that placed the call attached to it, such as a plate */
export function metaDataLines(given: Fields = {}): string {
  return Object.entries(given)
    .filter(([name, value]) => !HIDDEN_META_DATA.has(name) && (asText(value) ?? '').trim() !== '')
    .map(([name, value]) => `${name}: ${asText(value)}`)
    .join('\n');
}

export const sampleMetaData = { postal: '8042', x: '402.5', y: '-981.1', z: '29.4' };
