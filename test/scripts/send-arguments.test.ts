import { describe, expect, it } from '@jest/globals';
import { parseSendArguments } from '../../scripts/send/send-arguments.ts';

describe('the arguments of npm run send', () => {
  it('go to the stand-in on this machine unless told otherwise', () => {
    const { types, all, url, key, rate, count } = parseSendArguments(['EVENT_911', 'unit_panic']);
    expect(types).toEqual(['EVENT_911', 'unit_panic']);
    expect(all).toBe(false);
    expect(url.href).toBe('http://127.0.0.1:30120/sonorancad/event');
    expect([key, rate, count]).toEqual([undefined, undefined, undefined]);
  });

  it('may all be given', () => {
    const args = ['--all', '--url', 'http://127.0.0.1:4001/event', '--key', 'k', '--rate', '2.5', '--count', '10'];
    const { all, url, key, rate, count } = parseSendArguments(args);
    expect([all, url.port, key, rate, count]).toEqual([true, '4001', 'k', 2.5, 10]);
  });

  it.each([
    ['http://127.0.0.1:4001', 'http://127.0.0.1:4001/sonorancad/event'],
    ['http://127.0.0.1:4001/', 'http://127.0.0.1:4001/'],
    ['http://127.0.0.1:4001/mine', 'http://127.0.0.1:4001/mine'],
  ])('complete --url %s as forwarding does', (given, href) => {
    expect(parseSendArguments(['--all', '--url', given]).url.href).toBe(href);
  });

  it.each([
    ['nothing to send', [], 'Name one or more types, or --all, or --file'],
    ['two ways at once', ['EVENT_911', '--all'], 'one of the three'],
    ['a file and all', ['--file', 'a.json', '--all'], 'one of the three'],
    ['an address without http', ['--all', '--url', '127.0.0.1:30120'], '--url must be an http:// address'],
    ['no address at all', ['--all', '--url', 'here'], '--url must be an http:// address'],
    ['a rate of zero', ['--all', '--rate', '0'], '--rate must be a number above 0, and is "0"'],
    ['a rate in words', ['--all', '--rate', 'fast'], '--rate must be a number above 0, and is "fast"'],
    ['half a request', ['--all', '--count', '1.5'], '--count must be a whole number'],
    ['an unknown flag', ['--al'], "Unknown option '--al'"],
  ])('refuse %s', (_what, args, message) => {
    expect(() => parseSendArguments(args)).toThrow(message);
  });
});
