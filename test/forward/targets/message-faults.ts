const isText = (value: unknown): value is string => typeof value === 'string';
const codePoints = (text: string): number => [...text].length;

/** The limits of https://docs.discord.com/developers/resources/message#embed-object-embed-limits, read from the page. */
const TEXT_LIMITS = { title: 256, description: 4_096, name: 256, value: 1_024, footer: 2_048 };

interface Embed {
  readonly title?: unknown;
  readonly description?: unknown;
  readonly color?: unknown;
  readonly timestamp?: unknown;
  readonly footer?: { readonly text?: unknown };
  readonly fields?: readonly { readonly name?: unknown; readonly value?: unknown; readonly inline?: unknown }[];
}

/** @returns what a Discord webhook would refuse a message for */
export function messageFaults(body: string): string[] {
  const message = JSON.parse(body) as { embeds?: Embed[]; allowed_mentions?: unknown };
  const faults: string[] = [];
  let inAll = 0;
  const check = (what: keyof typeof TEXT_LIMITS, text: unknown): void => {
    if (!isText(text)) faults.push(`${what} is no text`);
    else if (text.trim() === '') faults.push(`${what} is empty`);
    else if (codePoints(text) > TEXT_LIMITS[what]) faults.push(`${what} has ${codePoints(text)} characters`);
    else if (!text.isWellFormed()) faults.push(`${what} has half a character`);
    else inAll += codePoints(text);
  };

  if (JSON.stringify(message.allowed_mentions) !== '{"parse":[]}') faults.push('mentions are allowed');
  const embeds = message.embeds ?? [];
  if (embeds.length < 1 || embeds.length > 10) faults.push(`${embeds.length} embeds`);
  for (const { title, description, color, timestamp, footer, fields = [] } of embeds) {
    check('title', title);
    if (description !== undefined) check('description', description);
    if (footer !== undefined) check('footer', footer.text);
    if (!Number.isInteger(color) || Number(color) < 0 || Number(color) > 0xffffff) faults.push('color is none');
    if (!isText(timestamp) || Number.isNaN(Date.parse(timestamp))) faults.push('timestamp is none');
    if (fields.length > 25) faults.push(`${fields.length} fields`);
    for (const { name, value, inline } of fields) {
      check('name', name);
      check('value', value);
      if (inline !== undefined && typeof inline !== 'boolean') faults.push('inline is no flag');
    }
  }
  if (inAll > 6_000) faults.push(`${inAll} characters in all`);
  return faults;
}
