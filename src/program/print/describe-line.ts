import type { EmbedDraft } from '../../forward/targets/describe-event.ts';
import { describeEvent } from '../../forward/targets/describe-event.ts';
import { findEntry } from '../../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import { DIM, KIND_COLOURS, painted } from './colours.ts';
import { printableText } from './printable-text.ts';

export interface LineOptions {
  /** Columns that a line may take, at least 60. */
  readonly width: number;
  readonly colours: boolean;
  /** The names of the unit statuses, by the CAD's numbers. */
  readonly statusLabels: readonly string[];
}

/** A type comes from outside as well. */
const LONGEST_TYPE = 40;
/** So that long texts leave room for where it is. */
const LONGEST_DESCRIPTION = 80;
const LONGEST_FIELD = 60;
/** More of data that nobody knows is never shown. */
const LONGEST_DATA = 1_000;

/** @returns an event as one line for people: when, which type, and what it is about, as much as there is room for */
export function describeLine(event: PushEvent, { width, colours, statusLabels }: LineOptions): string {
  const draft = describeEvent(event, { statusLabels });
  const time = new Date(event.receivedAt).toTimeString().slice(0, 8);
  const type = printableText(event.type, LONGEST_TYPE);
  const about = printableText(essenceOf(event, draft), width - time.length - type.length - 2);
  if (!colours) return `${time} ${type} ${about}`;
  return `${painted(time, DIM)} ${painted(type, KIND_COLOURS[draft.kind])} ${about}`;
}

function essenceOf(event: PushEvent, draft: EmbedDraft): string {
  if (!event.valid) {
    const { issues } = event;
    return `not understood: ${issues[0] ?? 'data: unexpected'}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`;
  }
  if (findEntry(event.type) === undefined) {
    return `not known to this version · ${(JSON.stringify(event.data) ?? 'no data').slice(0, LONGEST_DATA)}`;
  }
  const { title, description = '', fields } = draft;
  const parts = [title];
  if (description.trim() !== '') parts.push(printableText(description, LONGEST_DESCRIPTION));
  for (const [name, value] of fields) {
    const text = String(value ?? '');
    if (text.trim() !== '') parts.push(`${name}: ${printableText(text, LONGEST_FIELD)}`);
  }
  return parts.join(' · ');
}
