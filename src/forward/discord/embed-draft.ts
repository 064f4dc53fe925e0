/** What an event is about, by which its message is coloured. */
export type EventKind = 'alarm' | 'emergency' | 'call' | 'unit' | 'record' | 'alert' | 'account' | 'over' | 'other';

/** One line of an event's message: a name of ours and a text of theirs. Left out when it says nothing. */
export type DraftField = readonly [name: string, value: string | number | undefined];

/** What a message says, before it is escaped and cut: texts as typed. */
export interface EmbedDraft {
  readonly kind: EventKind;
  readonly title: string;
  readonly description?: string;
  readonly fields: readonly DraftField[];
}

/** What the community calls things. */
export interface Wording {
  /** The names of the unit statuses, by the CAD's numbers. */
  readonly statusLabels: readonly string[];
}

/** @returns numbers of units, calls or signs in one line */
export const listed = (values: readonly (string | number)[]): string => values.join(', ');

/** @returns "Unit" or "Units", by how many there are */
export const counted = (one: string, values: readonly unknown[]): string => (values.length === 1 ? one : `${one}s`);

/** @returns the parts that say something, in one line */
export const joined = (separator: string, parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join(separator);
