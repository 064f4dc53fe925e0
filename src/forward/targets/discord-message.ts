import type { EventKind, NameLookup } from '../../events/catalogue/description.ts';
import { describeEvent } from '../../events/describe-event.ts';
import type { PushEvent } from '../../events/push-event.ts';
import { endingRun } from '../../lib/text.ts';

// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4_096;
const MAX_NAME = 256;
const MAX_VALUE = 1_024;
const MAX_FIELDS = 25;
const MAX_IN_ALL = 6_000;
/** The footer is no Markdown: it shows a type as it is, and is as long as a sensible one. */
const MAX_FOOTER = 64;
/** Shorter fields stand beside one another. */
const LONGEST_INLINE = 40;

const COLOURS: Readonly<Record<EventKind, number>> = {
  alarm: 0xff1744,
  emergency: 0xe53935,
  call: 0xfb8c00,
  unit: 0x1e88e5,
  record: 0x8e24aa,
  alert: 0xfdd835,
  account: 0x43a047,
  over: 0x78909c,
  other: 0xb0bec5,
};

/**
 * Turns an event into a readable message: every text as typed, within Discord's limits, nothing empty.
 *
 * @returns the body that a webhook takes (https://docs.discord.com/developers/resources/webhook#execute-webhook)
 */
export function toDiscordMessage(event: PushEvent, names: NameLookup) {
  const { kind, sentence, text = '', details } = describeEvent(event, names);
  const title = shownText(sentence, MAX_TITLE) || 'Push event';
  // A text that the title has whole is not repeated below it.
  const whole = shownText(text, MAX_DESCRIPTION);
  const description = title.includes(whole) ? '' : whole;
  const footer = event.type.slice(0, MAX_FOOTER).toWellFormed().trim() || 'Push event';
  let left = MAX_IN_ALL - title.length - description.length - footer.length;

  const fields: { name: string; value: string; inline: boolean }[] = [];
  for (const [label, content] of details) {
    if (content === undefined || fields.length === MAX_FIELDS) continue;
    const name = shownText(label, MAX_NAME);
    const room = Math.min(MAX_VALUE, left - name.length);
    const value = room < 1 ? '' : shownText(String(content), room);
    if (name === '' || value === '') continue;
    left -= name.length + value.length;
    fields.push({ name, value, inline: value.length <= LONGEST_INLINE && !value.includes('\n') });
  }
  const embed = {
    title,
    ...(description === '' ? {} : { description }),
    color: COLOURS[kind],
    fields,
    footer: { text: footer },
    timestamp: new Date(event.receivedAt).toISOString(),
  };
  // No mention pings anyone, whatever the texts say.
  return { embeds: [embed] as const, allowed_mentions: { parse: [] } };
}

/**
 * What Discord would read as Markdown, a mention, a link or an emoji. Lists, quotes, headings and numbered items count
 * only at the start of a line; a colon between digits is a time of day.
 */
const SPECIAL =
  /[\\*_~`|[\]<@]|:(?!\d)|(?<!\d):|[#>](?<=^[^\S\n]*[#>])|[-+](?<=^[^\S\n]*[-+])(?=[\s#]|$)|[.)](?<=^[^\S\n]*\d{1,9}[.)])(?=\s|$)/gm;
/** They show nothing, and some make Discord refuse the message. */
const CONTROL = /[\0-\t\v-\x1f\x7f]+/g;

/**
 * Makes text that people typed show as typed in a Discord message.
 *
 * @param limit most UTF-16 units of the result, at least 1: never more than Discord counts, whichever way it does
 * @returns the text escaped, without white space around it, cut between two characters; empty when nothing would show
 */
export function shownText(text: string, limit: number): string {
  // What is escaped only gets longer: more than `limit` of it never shows.
  const whole = text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROL, ' ').trim();
  const escaped = whole
    .slice(0, limit + 1)
    .toWellFormed()
    .replace(SPECIAL, '\\$&');
  return cut(escaped, limit);
}

/** Cuts escaped text without leaving half of an escape or of a character. */
function cut(escaped: string, limit: number): string {
  if (escaped.length <= limit) return escaped;
  let end = limit - 1;
  if (/[\uD800-\uDBFF]/.test(escaped.charAt(end - 1))) end -= 1;
  const kept = escaped.slice(0, end);
  return `${kept.slice(0, endingRun(kept, '\\') % 2 === 0 ? end : -1).trimEnd()}…`;
}
