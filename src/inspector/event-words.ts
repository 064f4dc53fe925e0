import type { PushEvent } from '../events/push-event.ts';
import { describeEvent } from '../forward/targets/describe-event.ts';
import type { EventSummary } from './api-types.ts';

const LONGEST_TITLE = 120;
const LONGEST_TEXT = 160;

/** What an event is about, as the list of events says it. */
export type Words = Pick<EventSummary, 'title' | 'text'>;

/**
 * @param statusLabels what the community calls the unit statuses
 * @param mask takes secrets out: before a text is cut, so that no part of one stays
 */
export function wordsOf(event: PushEvent, statusLabels: readonly string[], mask: (text: string) => string): Words {
  if (!event.valid) return { title: '', text: oneLine(event.issues[0] ?? '', LONGEST_TEXT, mask) };
  const { title, description, fields } = describeEvent(event, { statusLabels });
  const said = fields.filter(([, value]) => value !== undefined && value !== '');
  const parts = [description ?? '', ...said.map(([name, value]) => `${name}: ${value}`)];
  return {
    title: title === event.type ? '' : oneLine(title, LONGEST_TITLE, mask),
    text: oneLine(parts.filter((part) => part.trim() !== '').join(' · '), LONGEST_TEXT, mask),
  };
}

function oneLine(text: string, most: number, mask: (text: string) => string): string {
  const line = mask(text).replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  // Not through the middle of a character.
  return `${line
    .slice(0, most)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}
