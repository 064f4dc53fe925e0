import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configKeys, convarOf } from '../../src/config/schema.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';
import { projectRoot } from '../project-root.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The table of all keys in docs/configuration.md, as markdown without a closing line break. */
export function configTable(): string {
  const rows = Object.entries<ConfigKey>(configKeys).map(
    ([name, { default: value, description, expected, since = '5.0.0' }]) => [
      `\`${name}\``,
      `\`${JSON.stringify(value)}\``,
      description,
      sentence(expected),
      since,
    ],
  );
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

const WIDTH = 110;

const HEAD = [
  'The settings of sonorancad. Text after // is a comment.',
  'A setting with // in front of it has the value that is shown. To change it, remove the // first.',
  'After a change, type "sonorancad reload" into the server\'s console.',
  'Edit config.json, which an update leaves alone. The resource makes it from config.example.json at its first start.',
];

/** @returns lines of at most {@link WIDTH} characters, each a comment */
function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '  //';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '  //';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The keys that an operator usually sets: those of the config.json that a copy of the source has. */
function usualKeys(): ReadonlySet<string> {
  return new Set(Object.keys(JSON.parse(readFileSync(join(projectRoot, 'config.json'), 'utf8')) as object));
}

/** The config.json of a first start: every key with its default, and a comment that explains it. */
export function configExample(): string {
  const usual = usualKeys();
  const settings = Object.entries<ConfigKey>(configKeys).map(([name, { default: value, description, expected }]) => {
    const setting = `${JSON.stringify(name)}: ${JSON.stringify(value)},`;
    return [
      ...comment(description.replaceAll('`', '"')),
      `  // Expected: ${expected}.`,
      usual.has(name) ? `  ${setting}` : `  // ${setting}`,
    ].join('\n');
  });
  const editor = `  // For editors: they explain and complete the settings by this file.\n  "$schema": "./config.schema.json",`;
  return `{\n${HEAD.flatMap(comment).join('\n')}\n\n${[editor, ...settings].join('\n\n')}\n}\n`;
}
