import type { PushEvent } from '../../push-events/push-event.ts';
import { describeEvent } from './describe-event.ts';
import type { EventKind, Wording } from './embed-draft.ts';
import { shownText } from './shown-text.ts';

/** What the message of an event depends on beside the event. */
export type DiscordOptions = Wording;

interface DiscordField {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

/** The body that a Discord webhook takes (https://docs.discord.com/developers/resources/webhook#execute-webhook). */
export interface DiscordMessage {
  readonly embeds: readonly [
    {
      readonly title: string;
      readonly description?: string;
      readonly color: number;
      readonly fields: readonly DiscordField[];
      readonly footer: { readonly text: string };
      /** ISO 8601. */
      readonly timestamp: string;
    },
  ];
  /** Nobody is pinged, whatever the texts say. */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

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

/** Turns an event into a readable message: every text as typed, within Discord's limits, nothing empty. */
export function toDiscordMessage(event: PushEvent, options: DiscordOptions): DiscordMessage {
  const draft = describeEvent(event, options);
  const title = shownText(draft.title, MAX_TITLE) || 'Push event';
  const description = shownText(draft.description ?? '', MAX_DESCRIPTION);
  const footer = event.type.slice(0, MAX_FOOTER).toWellFormed().trim() || 'Push event';
  let left = MAX_IN_ALL - title.length - description.length - footer.length;

  const fields: DiscordField[] = [];
  for (const [label, content] of draft.fields) {
    if (content === undefined || fields.length === MAX_FIELDS) continue;
    const name = shownText(label, MAX_NAME);
    const room = Math.min(MAX_VALUE, left - name.length);
    const value = room < 1 ? '' : shownText(String(content), room);
    if (name === '' || value === '') continue;
    left -= name.length + value.length;
    fields.push({ name, value, inline: value.length <= LONGEST_INLINE && !value.includes('\n') });
  }
  return {
    embeds: [
      {
        title,
        ...(description === '' ? {} : { description }),
        color: COLOURS[draft.kind],
        fields,
        footer: { text: footer },
        timestamp: new Date(event.receivedAt).toISOString(),
      },
    ],
    allowed_mentions: { parse: [] },
  };
}
