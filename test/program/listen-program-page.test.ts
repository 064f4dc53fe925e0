import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/jest/programs.ts';
import { configKeys } from '../../src/config/schema.ts';
import { normalise } from '../../src/events/normalise.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import { DOCUMENTED_PATH } from '../../src/forward/targets/target-addresses.ts';
import {
  DEFAULT_FORWARD_DIR,
  DEFAULT_HOST,
  DEFAULT_PORT,
  formatHelp,
  OPTIONS,
  readArguments,
} from '../../src/program/arguments.ts';
import { formatEventLine } from '../../src/program/output.ts';
import { STORY } from '../../src/program/send/samples.ts';
import { parseSendArguments, sendUsage } from '../../src/program/send/send-arguments.ts';
import { eventOfBody } from '../event-of.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { cleanUp, KEY, newFolder, ROOT, startProgram } from './start-program.ts';

const DEFAULTS = { command: 'sonorancad send', url: 'http://127.0.0.1:30150', keyFrom: 'SONORANCAD_KEY' };

const page = readFileSync(join(ROOT, 'docs', 'listen-program.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

/** Splits a command line into words. Words in double quotes may contain spaces. */
const splitWords = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** The arguments of each call of the program on the page, without a following pipe. */
const calls = [...blocks('sh'), ...blocks('ini')].flatMap((text) =>
  [...text.matchAll(/bin\/sonorancad\.js (.*?)(?: \| .*)?$/gm)].map(([, line = '']) => splitWords(line)),
);

const withJq = findProgram('jq') === null ? it.skip : it;
const withSystemd = findProgram('systemd-analyze') === null ? it.skip : it;

describe('docs/listen-program.md', () => {
  it('shows only command lines that the program accepts', () => {
    expect(calls.length).toBeGreaterThanOrEqual(4);
    for (const line of calls) {
      // This test file stands in for the key file, because any readable file is accepted.
      const args = line.map((word) => (word === 'key.txt' ? import.meta.filename : word));
      const command = readArguments(args);
      if (command.kind === 'send') expect(parseSendArguments(command.args, DEFAULTS).paceMs).toBeLessThan(2_000);
      else expect(command.kind).toBe('listen');
    }
    expect(calls.filter(([command]) => command === 'send')).toHaveLength(3);
  });

  withSystemd('shows a systemd unit that passes systemd-analyze', () => {
    try {
      const path = join(newFolder(), 'sonorancad.service');
      writeFileSync(path, blocks('ini').join('').replace('/usr/bin/node', process.execPath));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
      // systemd-analyze also reports problems of the machine's other units.
      expect([stderr.split('\n').filter((line) => line.includes('sonorancad.service')), status]).toEqual([[], 0]);
    } finally {
      void cleanUp();
    }
  });

  it('shows a Dockerfile whose command the program accepts, and a matching compose.yaml', () => {
    const command = /^CMD (\[.*\])$/m.exec(blocks('dockerfile').join('\n'))?.[1] ?? '[]';
    const [node, program, ...args] = JSON.parse(command) as string[];
    expect([node, program]).toEqual(['node', 'bin/sonorancad.js']);
    expect(readArguments(args)).toMatchObject({ kind: 'listen', given: { host: '0.0.0.0', port: 30_150 } });
    const compose = blocks('yaml').join('');
    for (const line of ['- "30150:30150"', '- waiting:/data', '- sonorancad', 'sonorancad:\n    file: ./key'])
      expect(compose).toContain(line);
    expect([args.includes('/run/secrets/sonorancad'), args.at(-1)]).toEqual([true, '/data']);
  });

  it('documents exactly the options that listen and send have', () => {
    const inTable = (text: string) =>
      [...text.matchAll(/^\| (`--.*?) \|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/--([\w-]+)/g)].map(([, name]) => name),
      );
    const [before = '', , sending = '', , after = ''] = page.split(
      /^(## Trying it without the CAD$)|^(?=## Stopping$)/m,
    );
    expect(inTable(before + after).sort()).toEqual(Object.keys(OPTIONS).sort());
    const sendOptions = [...sendUsage(DEFAULTS).matchAll(/--([\w-]+)/g)].map(([, name]) => name);
    expect(inTable(sending).sort()).toEqual([...new Set(sendOptions)].filter((name) => name !== 'help').sort());
    const prose = page.replace(/^```.*?^```/gms, '');
    for (const [, name] of prose.matchAll(/`--([\w-]+)/g))
      expect([...Object.keys(OPTIONS), ...sendOptions]).toContain(name);
  });

  it('shows lines that listen really prints', () => {
    const [, shown = ''] = /```text\n(\d\d:\d\d:\d\d .*?)```/s.exec(page) ?? [];
    const body = (type: string) => eventFixtures().find((fixture) => fixture.type === type)?.body ?? {};
    const known = ['EVENT_911', 'EVENT_DISPATCH_NEW', 'EVENT_UNIT_STATUS'].map((type) => eventOfBody(body(type)));
    const garbled = normalise('EVENT_911', { type: 'EVENT_911', data: { call: { callId: {} } } });
    const unreadable = { ...eventOfBody(body('EVENT_911')), ...garbled } as PushEvent;
    const options = { width: 120, colours: false, statusLabels: configKeys.statusLabels.default };
    const lines = [...known, unreadable].map((event) => formatEventLine(event, options).slice('00:00:00'.length));
    expect(shown.replaceAll(/^\d\d:\d\d:\d\d/gm, '')).toBe(`${lines.join('\n')}\n`);
  });

  withJq('shows jq commands that extract the location and the type of an event', async () => {
    try {
      const [piped = '', run = ''] = blocks('sh').flatMap((text) => text.match(/^node .* listen .*jq .*$/gm) ?? []);
      const folder = newFolder();
      writeFileSync(join(folder, 'key.txt'), `${KEY}\n`);
      const start = (line: string) =>
        startProgram(splitWords(line.replace(/^.*? listen /, '').replace(/ \| .*$/, '')), {
          cwd: folder,
          env: { SONORANCAD_KEY: undefined },
        });
      const body = eventFixtures().find(({ type }) => type === 'EVENT_911')?.body;
      const readers = await Promise.all([start(piped), start(run)]);
      for (const program of readers) expect(await program.post({ ...body, key: KEY })).toEqual([200, 'ok']);
      for (const program of readers) expect(await program.stop()).toBe(0);
      const filter = /jq -r '(.*)'$/.exec(piped)?.[1] ?? '';
      const input = `${readers[0]?.lines().join('\n')}\n`;
      expect(execFileSync('jq', ['-r', filter], { input, encoding: 'utf8' })).toBe('Forum Dr / Strawberry Ave\n');
      expect(readFileSync(join(folder, 'types.txt'), 'utf8')).toBe('EVENT_911\n');
    } finally {
      await cleanUp();
    }
  });

  it('shows lines that send really prints', () => {
    const shown = blocks('text').find((text) => text.includes('signs in')) ?? '';
    const printed = STORY.map(({ type, about }) => `${type} → 200 ok  (${about})\n`).join('');
    expect(shown).not.toBe('');
    expect(printed.startsWith(shown)).toBe(true);
    expect(page).toContain(`a shift in ${STORY.length} events`);
  });

  it('names the same signals as the help', () => {
    const named = (text: string) => [...new Set(text.match(/\bSIG[A-Z]+/g))].sort();
    expect(named(page)).toEqual(['SIGHUP', 'SIGINT', 'SIGTERM']);
    expect(named(formatHelp())).toEqual(named(page));
  });

  it('states the default port, host, path and folder', () => {
    for (const value of [DEFAULT_PORT, DEFAULT_HOST, DOCUMENTED_PATH, DEFAULT_FORWARD_DIR]) {
      expect(page).toMatch(new RegExp(`Default:? \`?${value}`));
    }
  });

  it('never installs the program by name, because the registry name belongs to someone else', () => {
    for (const text of [page, readFileSync(join(ROOT, 'bin', 'sonorancad.js'), 'utf8')]) {
      expect(text).not.toMatch(/npx|npm (i|install|exec) (-\w+ )*sonorancad/);
    }
  });
});
