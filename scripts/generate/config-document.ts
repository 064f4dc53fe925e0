import { configKeys, convarOf } from '../../src/config/schema.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The README's table of all keys, as markdown without a closing line break. */
export function configTable(): string {
  const rows = Object.entries<ConfigKey>(configKeys).map(([name, { default: value, description, expected, since }]) => [
    `\`${name}\``,
    `\`${JSON.stringify(value)}\``,
    description,
    sentence(expected),
    since,
  ]);
  return [['Key', 'Default', 'What it is', 'Expected', 'Since'], ['---', '---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');
}

/** The lines for a server.cfg or a txAdmin recipe that set every key by convar, to its default. */
export function configConvars(): string {
  return Object.entries<ConfigKey>(configKeys)
    .map(([name, { default: value }]) => `set ${convarOf(name)} ${JSON.stringify(value)}`)
    .join('\n');
}
