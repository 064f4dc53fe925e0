import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSendArguments as parse, sendUsage } from '../../../src/program/send/send-arguments.ts';

const DEFAULTS = { command: 'npm run send --', url: 'http://127.0.0.1:30120', keyFrom: 'that of npm start' };
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const parseSendArguments = (args: readonly string[]) => parse(args, DEFAULTS);

describe('parseSendArguments', () => {
  it('reads types, and uses the default address', () => {
    const { types, all, url, key, rate, count } = parseSendArguments(['EVENT_911', 'unit_panic']);
    expect(types).toEqual(['EVENT_911', 'unit_panic']);
    expect(all).toBe(false);
    expect(url.href).toBe('http://127.0.0.1:30120/sonorancad/event');
    expect([key, rate, count]).toEqual([undefined, undefined, undefined]);
  });

  it('reads all options together', () => {
    const args = ['--all', '--url', 'http://127.0.0.1:4001/event', '--key', 'k', '--rate', '2.5', '--count', '10'];
    const { all, url, key, secret, rate, count } = parseSendArguments([...args, '--secret', SECRET]);
    expect([all, url.port, key, secret, rate, count]).toEqual([true, '4001', 'k', SECRET, 2.5, 10]);
  });

  it('uses a pace of 1 second for --story and none for --all, unless --pace is given', () => {
    const paceOf = (...args: string[]) => parseSendArguments(args).paceMs;
    expect(['--story', '--all'].map((what) => paceOf(what))).toEqual([1_000, 0]);
    expect([paceOf('--story', '--pace', '0'), paceOf('--all', '--pace', '0.5')]).toEqual([0, 500]);
  });

  it('reads key and secret from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-send-'));
    try {
      const [key, secret] = [join(folder, 'key'), join(folder, 'secret')];
      writeFileSync(key, 'k\n');
      writeFileSync(secret, `${SECRET}\n`);
      expect(parseSendArguments(['--all', '--key-file', key, '--secret-file', secret])).toMatchObject({
        key: 'k',
        secret: SECRET,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lists the command and its defaults in the usage text', () => {
    const usage = sendUsage(DEFAULTS);
    for (const text of ['npm run send -- --story', 'default http://127.0.0.1:30120', 'default that of npm start']) {
      expect(usage).toContain(text);
    }
  });

  it.each([
    ['http://127.0.0.1:4001', 'http://127.0.0.1:4001/sonorancad/event'],
    ['http://127.0.0.1:4001/', 'http://127.0.0.1:4001/'],
    ['http://127.0.0.1:4001/mine', 'http://127.0.0.1:4001/mine'],
  ])('completes --url %s to %s, as forwarding does', (given, href) => {
    expect(parseSendArguments(['--all', '--url', given]).url.href).toBe(href);
  });

  it.each([
    ['no choice of events', [], 'Give exactly one of these: one or more types, --story, --all, or --file.'],
    ['types together with --all', ['EVENT_911', '--all'], 'Give exactly one of these'],
    ['--file together with --all', ['--file', 'a.json', '--all'], 'Give exactly one of these'],
    ['an address without http://', ['--all', '--url', '127.0.0.1:30120'], '--url must be an http:// address'],
    ['a --url that is no address', ['--all', '--url', 'here'], '--url must be an http:// address'],
    ['a rate of zero', ['--all', '--rate', '0'], '--rate must be a number above 0, and is "0"'],
    ['a rate in words', ['--all', '--rate', 'fast'], '--rate must be a number above 0, and is "fast"'],
    ['a fractional --count', ['--all', '--count', '1.5'], '--count must be a whole number'],
    ['--story together with --all', ['--story', '--all'], 'Give exactly one of these'],
    ['--rate together with --pace', ['--all', '--rate', '1', '--pace', '1'], 'Give either --pace or --rate, not both.'],
    ['a pace of more than an hour', ['--all', '--pace', '3601'], '--pace must be at most 3600 seconds'],
    ['a secret of another form', ['--all', '--secret', 'secret'], '--secret: expected "whsec_"'],
    [
      '--key together with --key-file',
      ['--all', '--key', 'a', '--key-file', 'b'],
      'Give either --key or --key-file, not both.',
    ],
    ['an unknown flag', ['--al'], "Unknown option '--al'"],
  ])('refuses %s', (_what, args, message) => {
    expect(() => parseSendArguments(args)).toThrow(message);
  });
});
