import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import type { ClientFields } from './client-fields.ts';
import { type Concerns, entry } from './entry.ts';
import { copyFields, type Fields, fieldsReader, listOf, readObject, readText, readWhole } from './read-values.ts';

const recordField = lazily(() =>
  z
    .looseObject({
      type: z.string().default(''),
      label: z.string().default(''),
      uid: z.string().default('').describe('Names the field within its form'),
      value: z.string().default(''),
      data: z.unknown().optional().describe('What some kinds of fields keep besides their value'),
    })
    .meta({ id: 'RecordField' }),
);

const recordSection = lazily(() =>
  z
    .looseObject({
      category: z.int().default(0),
      label: z.string().default(''),
      fields: z.array(recordField()).default(() => []),
    })
    .meta({ id: 'RecordSection' }),
);

const record = lazily(() =>
  z
    .looseObject({
      // Needed: whoever keeps records finds them by it. Text where the community keeps them in a database of its own.
      id: z.union([z.int(), z.string()]),
      name: z.string().default('').describe('Name of the form'),
      type: z.int().default(0),
      sections: z.array(recordSection()).default(() => []),
    })
    .meta({ id: 'CustomRecord', description: 'A record: a form that was filled in.' }),
);

const recordData = lazily(() => z.looseObject({ record: record() }).meta({ id: 'RecordData' }));

const recordConcerns: Concerns = {};

/** What is written in a record is about a person: a game client only learns that there is one. */
const recordClientFields: ClientFields = { record: { name: 'text', type: 'number' } };

const readField = fieldsReader({ type: readText, label: readText, uid: readText, value: readFieldValue });

const readSection = fieldsReader({
  category: readWhole,
  label: readText,
  fields: listOf((given) => {
    const fields = readObject(given);
    return fields && readField(fields);
  }),
});

const readRecordFields = fieldsReader({
  id: (given) => readWhole(given) ?? given,
  name: readText,
  type: readWhole,
  sections: listOf((given) => {
    const fields = readObject(given);
    return fields && readSection(fields);
  }),
});

/** A value is text in every known form. One that is not is kept as its JSON, since a record must not lose anything. */
function readFieldValue(given: unknown): string | undefined {
  if (given === null || typeof given !== 'object') return readText(given);
  try {
    return JSON.stringify(given);
  } catch {
    return undefined; // nested too deeply to be written down, so no value that anybody filled in
  }
}

function canonicaliseRecord(data: Fields): Fields {
  const canonical = copyFields(data);
  const received = readObject(data.record);
  canonical.record = received === undefined ? data.record : readRecordFields(received);
  return canonical;
}

export const recordAdd = entry({
  type: 'EVENT_RECORD_ADD',
  description: 'A record has been created.',
  schema: recordData,
  accepts: [],
  concerns: recordConcerns,
  clientFields: recordClientFields,
  canonicalise: canonicaliseRecord,
});

export const recordEdit = entry({
  type: 'EVENT_RECORD_EDIT',
  description: 'A record has been changed.',
  schema: recordData,
  accepts: [],
  concerns: recordConcerns,
  clientFields: recordClientFields,
  canonicalise: canonicaliseRecord,
});

export const recordRemove = entry({
  type: 'EVENT_RECORD_REMOVE',
  description: 'A record has been removed.',
  schema: recordData,
  accepts: [],
  concerns: recordConcerns,
  clientFields: recordClientFields,
  canonicalise: canonicaliseRecord,
});

export const printRecord = entry({
  type: 'EVENT_PRINT_RECORD',
  description: 'A unit has asked for a record to be printed in the game.',
  // Whose printer, and what comes out of it.
  schema: () =>
    z
      .looseObject({ identId: z.int(), url: z.string().min(1).describe('Where the PDF lies') })
      .meta({ id: 'PrintRecordData' }),
  accepts: [],
  concerns: { idents: ({ identId }) => [identId] },
  clientFields: { identId: 'number', url: 'https' },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.identId = readWhole(data.identId) ?? data.identId;
    canonical.url = readText(data.url) ?? data.url;
    return canonical;
  },
});
