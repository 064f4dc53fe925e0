/** What an event is about, by which its lines and messages are coloured. */
export type EventKind = 'alarm' | 'emergency' | 'call' | 'unit' | 'record' | 'alert' | 'account' | 'over' | 'other';

/** A name of ours and a text of theirs. It is not shown when the value is missing or blank. */
export type Detail = readonly [name: string, value: string | number | undefined];

/** What an operator reads about an event. All of it is plain text that quotes people as they typed. */
export interface Description {
  readonly kind: EventKind;
  /** What happened, as one sentence. It quotes people, so it can be long and have line breaks. */
  readonly sentence: string;
  /** A longer text that a person wrote, such as the description of a call. The sentence may quote its beginning or all of it. */
  readonly text?: string | undefined;
  /** What else the event says, in order. */
  readonly details: readonly Detail[];
}

/** Finds the names for the numbers in an event. The state's units and calls fit. */
export interface NameLookup {
  /** The community's names of the unit statuses, by the CAD's numbers. */
  readonly statusLabels: readonly string[];
  /** A signed-in unit; undefined for one that is not known. */
  unit?(ident: number): NamedUnit | undefined;
  /** A dispatch call; undefined for one that is not known. */
  call?(callId: number): NamedCall | undefined;
}

interface NamedUnit {
  readonly data: { readonly unitNum?: string | undefined; readonly name?: string | undefined };
}

interface NamedCall {
  readonly code: string;
  readonly title: string;
}

/** @returns the parts that say something, in one line */
export const joined = (separator: string, parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join(separator);

/** @returns a list of values in one line */
export const listed = (values: readonly (string | number)[]): string => values.join(', ');

/** @returns "Call" or "Calls", for example */
export const counted = (one: string, values: readonly unknown[]): string => (values.length === 1 ? one : `${one}s`);

/** @returns the detail that lists calls, signs or units */
export const listDetail = (one: string, values: readonly (string | number)[]): Detail => [
  counted(one, values),
  listed(values),
];

/** More are counted: a sentence is to be read at a glance. */
const MAX_NAMED = 5;

/** @returns "A, B and 3 more" */
export function enumerated(values: readonly (string | number)[]): string {
  const more = values.length - MAX_NAMED;
  return more > 0 ? `${listed(values.slice(0, MAX_NAMED))} and ${more} more` : listed(values);
}

/** The CAD's words for its own statuses. */
const USUAL_STATUSES = ['Unavailable', 'Busy', 'Available', 'Enroute', 'On scene'];

/** @returns the label of a unit status: the community's, else the CAD's, else the number */
export function statusName(status: number, { statusLabels }: NameLookup): string {
  const usual = USUAL_STATUSES[status];
  const label = statusLabels[status] ?? usual ?? `status ${status}`;
  // The default of `statusLabels` is in the official resource's capitals: ON_SCENE.
  return label.replaceAll('_', ' ').toLowerCase() === usual?.toLowerCase() ? usual : label;
}

/** @returns call sign and name of a unit, "1-K-12 · J. Doe"; empty when neither is known */
export const fullName = ({ data }: NamedUnit): string => joined(' · ', [data.unitNum, data.name]);

/** @returns the call sign of a unit, else its name, else its number: "Unit 12" */
export function unitName(ident: number, names: NameLookup, unit = names.unit?.(ident)): string {
  return joined('', [unit?.data.unitNum]) || joined('', [unit?.data.name]) || `Unit ${ident}`;
}

/** @returns call sign and name of a unit, else its number: "Unit 12" */
export function unitFullName(ident: number, names: NameLookup, unit = names.unit?.(ident)): string {
  return (unit && fullName(unit)) || `Unit ${ident}`;
}

/** @returns several units as the subject of a sentence */
export const unitNames = (idents: readonly number[], names: NameLookup): string =>
  idents.length === 0 ? 'No unit' : enumerated(idents.map((ident) => unitName(ident, names)));

/** @returns a unit in a detail: "1-K-12 · J. Doe (12)", or its number alone */
export function unitWithNumber(ident: number, { unit }: NameLookup): string | number {
  const known = unit?.(ident);
  const name = known === undefined ? '' : fullName(known);
  return name === '' ? ident : `${name} (${ident})`;
}

/** @returns the detail that names one unit, without a value where there is none */
export const unitDetail = (name: string, ident: number | undefined, names: NameLookup): Detail => [
  name,
  ident === undefined ? undefined : unitWithNumber(ident, names),
];

/** @returns the detail that lists units */
export const unitsDetail = (idents: readonly number[], names: NameLookup): Detail =>
  listDetail(
    'Unit',
    idents.map((ident) => unitWithNumber(ident, names)),
  );

/** @returns a dispatch call with its code and title, "87 (10-50 · Collision)", or its number alone */
export function callName(callId: number, { call }: NameLookup): string {
  const known = call?.(callId);
  const about = known === undefined ? '' : joined(' · ', [known.code, known.title]);
  return about === '' ? String(callId) : `${callId} (${about})`;
}

/** @returns the sentence, and after a colon what was said, if anything was */
export const withQuote = (sentence: string, ...said: readonly (string | undefined)[]): string =>
  joined(': ', [sentence, joined(', ', said)]);
