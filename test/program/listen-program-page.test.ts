import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED_PATH } from '../../src/forward/targets/target-addresses.ts';
import {
  DEFAULT_FORWARD_DIR,
  DEFAULT_HOST,
  DEFAULT_PORT,
  helpText,
  OPTIONS,
  readArguments,
} from '../../src/program/arguments.ts';
import { ROOT } from './start-program.ts';

const page = readFileSync(join(ROOT, 'docs', 'listen-program.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

/** The words of a command line, of which those in double quotes may hold spaces. */
const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** What stands after the program's name on each line that calls it, up to a pipe. */
const calls = [...blocks('sh'), ...blocks('ini')].flatMap((text) =>
  [...text.matchAll(/bin\/sonorancad\.js (.*?)(?: \| .*)?$/gm)].map(([, line = '']) => wordsOf(line)),
);

describe('docs/listen-program.md', () => {
  it('calls the program in ways that it understands', () => {
    expect(calls.length).toBeGreaterThanOrEqual(4);
    for (const args of calls) expect(readArguments(args).kind).toBe('listen');
  });

  it('has a container that calls it so, too', () => {
    const command = /^CMD (\[.*\])$/m.exec(blocks('dockerfile').join('\n'))?.[1] ?? '[]';
    const [node, program, ...args] = JSON.parse(command) as string[];
    expect([node, program]).toEqual(['node', 'bin/sonorancad.js']);
    expect(readArguments(args)).toMatchObject({ kind: 'listen', given: { host: '0.0.0.0', port: 30_150 } });
  });

  it('names all options, and none that do not exist', () => {
    const table = [...page.matchAll(/^\| (`--.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/--([\w-]+)/g)]);
    expect(table.map(([, name]) => name).sort()).toEqual(Object.keys(OPTIONS).sort());
    const prose = page.replace(/^```.*?^```/gms, '');
    for (const [, name] of prose.matchAll(/`--([\w-]+)/g)) expect(Object.keys(OPTIONS)).toContain(name);
  });

  it('names the signals that end the program, as its help does', () => {
    const named = (text: string) => [...new Set(text.match(/\bSIG[A-Z]+/g))].sort();
    expect(named(page)).toEqual(['SIGHUP', 'SIGINT', 'SIGTERM']);
    expect(named(helpText())).toEqual(named(page));
  });

  it('names the defaults', () => {
    for (const value of [DEFAULT_PORT, DEFAULT_HOST, DOCUMENTED_PATH, DEFAULT_FORWARD_DIR]) {
      expect(page).toMatch(new RegExp(`Default:? \`?${value}`));
    }
  });

  it('tells nobody to have the program fetched by its name, which is not ours', () => {
    for (const text of [page, readFileSync(join(ROOT, 'bin', 'sonorancad.js'), 'utf8')]) {
      expect(text).not.toMatch(/npx|npm (i|install|exec) (-\w+ )*sonorancad/);
    }
  });
});
