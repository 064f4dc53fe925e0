import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import type { ClientFields } from './client-fields.ts';
import {
  type Fields,
  fieldsReader,
  listOf,
  needed,
  readFlag,
  readIds,
  readObject,
  readText,
  readWhole,
} from './read-values.ts';

const metaDataFields = lazily(() => ({
  createdFromId: z.string().optional().describe('The 911 call that the dispatch call was made from'),
  origin911: z.string().optional(),
  callerPlayerId: z.string().optional().describe('Server id of the player who called'),
  x: z.string().optional(),
  y: z.string().optional(),
  z: z.string().optional(),
  postal: z.string().optional(),
  silentAlert: z.string().optional(),
  silenceAlert: z.string().optional(),
  useCallLocation: z.string().optional(),
  trackPrimary: z.string().optional(),
}));

/** What was noted on a call by whoever placed it. */
export const metaData = lazily(() =>
  z.looseObject(metaDataFields()).prefault({}).meta({
    id: 'CallMetaData',
    description:
      'What the caller attached to the call. Values are text, booleans as "true" or "False"; a script that places calls can add names of its own.',
  }),
);

/** A note on a dispatch call. */
export const note = lazily(() =>
  z
    .looseObject({
      time: z.string().default(''),
      label: z.string().default('').describe('Who wrote it'),
      type: z.string().default('text'),
      content: z.string().default(''),
    })
    .meta({ id: 'CallNote', description: 'A note on a dispatch call.' }),
);

// Only the id is needed to follow a call. An emergency is not turned away because its address is of the wrong type.
const callId = lazily(() => z.int());

/** A dispatch call. */
export const dispatchCall = lazily(() =>
  z
    .looseObject({
      callId: callId(),
      origin: z.int().default(0).describe('0 caller, 1 radio dispatch, 2 observed, 3 walk-up'),
      status: z
        .int()
        .default(1)
        .describe('0 pending, 1 active, 2 closed; when it is missing: 1 with units attached, else 0'),
      priority: z.int().default(2).describe('1 to 3'),
      block: z.string().default(''),
      address: z.string().default(''),
      postal: z.string().default(''),
      title: z.string().default(''),
      code: z.string().default(''),
      description: z.string().default(''),
      notes: z.array(note()).default(() => []),
      idents: z
        .array(z.int())
        .default(() => [])
        .describe('Units attached to the call'),
      primary: z.int().optional().describe('The unit in charge'),
      trackPrimary: z.boolean().default(false).describe('Whether the call moves with the unit in charge'),
      metaData: metaData(),
      updated: z.string().optional().describe('ISO 8601'),
      template: z.unknown().optional().describe('Of custom dispatch templates'),
      values: z.unknown().optional().describe('Of custom dispatch templates'),
      statusId: z.unknown().optional().describe('Of custom dispatch templates'),
    })
    .meta({ id: 'DispatchCall', description: 'A call that units are attached to.' }),
);

/** A 911 call. */
export const emergencyCall = lazily(() =>
  z
    .looseObject({
      callId: callId(),
      isEmergency: z.boolean().default(true).describe('false for a non-emergency (311) call'),
      caller: z.string().default(''),
      location: z.string().default(''),
      description: z.string().default(''),
      metaData: metaData(),
      updated: z.string().optional().describe('ISO 8601'),
    })
    .meta({ id: 'EmergencyCall', description: 'A 911 call, waiting for a dispatcher.' }),
);

/** Brings metaData into its canonical shape: an object of texts. */
export function readMetaData(given: unknown): Record<string, unknown> {
  const fields = readObject(given);
  const texts: Record<string, unknown> = {};
  if (fields === undefined) return texts;
  for (const name of Object.keys(fields)) {
    const received = fields[name];
    const value = readText(received);
    if (name === '__proto__' || received === null) continue;
    if (value !== undefined) texts[name] = value;
    // A name that no schema knows may hold anything; a known one that is no text is as good as missing.
    else if (!Object.hasOwn(metaDataFields(), name)) texts[name] = received;
  }
  return texts;
}

const readNoteFields = fieldsReader({ time: readText, label: readText, type: readText, content: readText });

/** A note as an object, also from the plain text that it once was. Undefined for anything else, and for no text. */
export function readNote(given: unknown): Fields | undefined {
  const fields = readObject(given);
  if (fields !== undefined) return readNoteFields(fields);
  const content = readText(given);
  return content ? { content } : undefined;
}

const readCallFields = fieldsReader({
  callId: needed(readWhole),
  origin: readWhole,
  status: readWhole,
  priority: readWhole,
  block: readText,
  address: readText,
  postal: readText,
  title: readText,
  code: readText,
  description: readText,
  notes: listOf(readNote),
  idents: readIds,
  primary: readWhole,
  trackPrimary: readFlag,
  metaData: readMetaData,
  updated: readText,
});

/** Brings a dispatch call into its canonical shape. */
export function readDispatchCall(given: unknown): unknown {
  const fields = readObject(given);
  if (fields === undefined) return given;
  const call = readCallFields(fields);
  if (call.status === undefined) call.status = Array.isArray(call.idents) && call.idents.length > 0 ? 1 : 0;
  return call;
}

const readEmergencyFields = fieldsReader({
  callId: needed(readWhole),
  isEmergency: readFlag,
  caller: readText,
  location: readText,
  description: readText,
  updated: readText,
});

/**
 * Brings a 911 call into its canonical shape.
 *
 * @param outer the metaData that lay beside the call; what the call itself says wins
 */
export function readEmergencyCall(given: unknown, outer: Fields): unknown {
  const fields = readObject(given);
  if (fields === undefined) return given;
  const call = readEmergencyFields(fields);
  call.metaData = { ...outer, ...readMetaData(fields.metaData) };
  return call;
}

/** Who called stays on the server: a game client learns where, not whose number or player id it is. */
const metaDataClientFields: ClientFields = {
  createdFromId: 'text',
  x: 'text',
  y: 'text',
  z: 'text',
  postal: 'text',
  useCallLocation: 'text',
  trackPrimary: 'text',
};

export const noteClientFields: ClientFields = { time: 'text', label: 'text', type: 'text', content: 'text' };

export const dispatchCallClientFields: ClientFields = {
  callId: 'number',
  origin: 'number',
  status: 'number',
  priority: 'number',
  block: 'text',
  address: 'text',
  postal: 'text',
  title: 'text',
  code: 'text',
  description: 'text',
  notes: [noteClientFields],
  idents: ['number'],
  primary: 'number',
  trackPrimary: 'flag',
  metaData: metaDataClientFields,
  updated: 'text',
};

export const emergencyCallClientFields: ClientFields = {
  callId: 'number',
  isEmergency: 'flag',
  caller: 'text',
  location: 'text',
  description: 'text',
  metaData: metaDataClientFields,
  updated: 'text',
};
