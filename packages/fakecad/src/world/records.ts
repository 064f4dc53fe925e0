import * as v from 'valibot';
import { integer } from './unit.ts';

const fieldSchema = v.looseObject({
  label: v.optional(v.string(), ''),
  value: v.optional(v.unknown(), ''),
  uid: v.optional(v.string(), ''),
});

const sectionSchema = v.looseObject({
  category: v.optional(integer, 0),
  label: v.optional(v.string(), ''),
  fields: v.optional(v.array(fieldSchema), () => []),
});

/** What a community has written down of a person, a vehicle or an incident; also the form that it fills in. */
export const recordSchema = v.looseObject({
  type: integer,
  name: v.optional(v.string(), ''),
  sections: v.optional(v.array(sectionSchema), () => []),
});

export type CustomRecord = v.InferOutput<typeof recordSchema> & {
  readonly id: number;
  readonly recordTypeId: number;
  /** Whose character it is; not in answers. */
  owner?: string | undefined;
};

/** The types that the CAD has a meaning for. */
const WARRANT = 2;
const BOLO = 3;
const LICENSE = 4;
const REGISTRATION = 5;
export const CHARACTER = 7;
const INCIDENT = 9;

const form = (recordTypeId: number, type: number, name: string, label: string, ...uids: string[]): CustomRecord => ({
  ...{ id: 0, recordTypeId, type, name },
  sections: [{ category: 0, label, fields: uids.map((uid) => ({ label: labelOf(uid), value: '', uid })) }],
});

function labelOf(uid: string): string {
  return uid.replace(/(^|_)([a-z])/g, (_match, gap: string, letter: string) => (gap && ' ') + letter.toUpperCase());
}

/** The forms that a community has when nobody has changed them. */
export const builtInTemplates = (): CustomRecord[] => [
  form(WARRANT, WARRANT, 'Warrant', 'Civilian Information', 'status', 'first', 'last', 'plate'),
  form(BOLO, BOLO, 'BOLO', 'Vehicle Information', 'status', 'plate', 'make', 'model'),
  form(LICENSE, LICENSE, 'License', 'License', 'first', 'last', 'mi', 'status'),
  form(REGISTRATION, REGISTRATION, 'Vehicle Registration', 'Registration', 'plate', 'status', 'first', 'last'),
  form(CHARACTER, CHARACTER, 'Character', 'Civilian Info', 'first', 'last', 'mi', 'dob'),
  form(12, INCIDENT, 'Incident Report', 'Report Details', 'case_number'),
];

/** A field that no two records of a type may share. */
const UNIQUE = new Map([[REGISTRATION, 'plate']]);

const fieldsOf = ({ sections }: Pick<CustomRecord, 'sections'>) => sections.flatMap(({ fields }) => fields);

/** @returns what a record says under a field's `uid`; empty when it has none */
export function fieldValue(record: Pick<CustomRecord, 'sections'>, uid: string): string {
  return String(fieldsOf(record).find((field) => field.uid === uid)?.value ?? '');
}

/** @returns a copy of a form with the fields filled in, by `uid` or by `{{uid}}` */
export function fillIn(template: CustomRecord, values: Readonly<Record<string, unknown>>): CustomRecord {
  const copy = structuredClone(template);
  for (const field of fieldsOf(copy)) {
    const value = values[field.uid] ?? values[`{{${field.uid}}}`];
    if (value !== undefined) field.value = value;
  }
  return copy;
}

/** Whether another record has the same value where each must have its own. */
export function isTaken(records: readonly CustomRecord[], record: CustomRecord): boolean {
  const uid = UNIQUE.get(record.type);
  const value = uid === undefined ? '' : fieldValue(record, uid).toLowerCase();
  if (uid === undefined || value === '') return false;
  return records.some(
    (other) => other.id !== record.id && other.type === record.type && fieldValue(other, uid).toLowerCase() === value,
  );
}

/** Whether a value is what is looked for, in any case. @param partial whether a part of it is enough */
export function isLike(value: string, wanted: string, partial: boolean): boolean {
  const [own, other] = [value.trim().toLowerCase(), wanted.trim().toLowerCase()];
  return other === '' || (partial ? own.includes(other) : own === other);
}

/** A record as it is answered. */
export function shown({ owner: _, ...record }: CustomRecord) {
  return record;
}
