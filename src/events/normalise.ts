import * as v from 'valibot';
import { reasonOf } from '../lib/text.ts';
import { findEntry } from './catalogue/catalogue.ts';
import type { CatalogueEntry } from './catalogue/entry.ts';
import { UNREADABLE } from './kinds.ts';
import { readObject } from './read-values.ts';

export type Normalised =
  | { readonly data: unknown; readonly valid: true }
  | {
      /** As received, except that a lone entry is taken out of its list. */
      readonly data: unknown;
      readonly valid: false;
      /** At most 10 reasons, for people: `data.dispatch.callId: expected a number, got text "abc"`. */
      readonly issues: string[];
      /** What went wrong here, when the data may be as it should; it may quote anything of the data. */
      readonly fault?: string;
    };

const UNREADABLE_FIELDS = 'data: expected fields of the documented types, got some of unreadable ones';
const OWN_FAULT = 'data: not read, because of a fault of sonorancad itself';

/**
 * Brings the data of an event into the canonical shape of its type, whatever shape the CAD sent. Never throws, leaves
 * `body` as it is; parts that need no change may be shared with it. Data of an unknown type stays as received, but for a list of one.
 *
 * @param type upper-cased
 * @param body the envelope, with or without its key
 */
export function normalise(type: string, body: Readonly<Record<string, unknown>>): Normalised {
  const data = unwrapData(body.data);
  const entry = findEntry(type);
  if (entry === undefined) return { data, valid: true };
  try {
    return understand(entry, data, body);
  } catch (error) {
    // No event is to be lost by what was forgotten here.
    if (error === UNREADABLE) return { data, valid: false, issues: [UNREADABLE_FIELDS] };
    return { data, valid: false, issues: [OWN_FAULT], fault: reasonOf(error) };
  }
}

function understand(entry: CatalogueEntry, data: unknown, body: Readonly<Record<string, unknown>>): Normalised {
  const fields = readObject(data);
  if (fields === undefined && !entry.dataOptional) {
    return { data, valid: false, issues: [`data: expected an object, got ${describeValue(body.data)}`] };
  }
  const given = fields ?? {};
  const result = v.safeParse(entry.data.read, entry.gather?.(given, body) ?? given);
  if (result.success) return { data: result.output, valid: true };
  return { data, valid: false, issues: describeIssues(result.issues) };
}

/** The documentation shows `data` as a list with one entry, which the CAD does not always send. */
export function unwrapData(data: unknown): unknown {
  const value: unknown = Array.isArray(data) && data.length === 1 ? data[0] : data;
  return value ?? null;
}

const MAX_REASONS = 10;
const MAX_QUOTED = 40;

/**
 * Says what is wrong with an event's data, one sentence for each fault, at most 10, quoting at most 40 characters of
 * a value: `data.dispatch.callId: expected a number, got text "abc"`.
 */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.slice(0, MAX_REASONS).map(({ path = [], message, input }) => {
    const at = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    return `data${at}: expected ${message}, got ${describeValue(input)}`;
  });
}

/** Names a value for a person, and quotes it when it is short. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  // Its text would be its source.
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'empty text';
  return value.length > MAX_QUOTED
    ? `text ${JSON.stringify(value.slice(0, MAX_QUOTED - 1))}…`
    : `text ${JSON.stringify(value)}`;
}
