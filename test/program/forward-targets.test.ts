import { describe, expect, it } from '@jest/globals';
import { forwardTargets } from '../../src/program/forwarding.ts';

const KEY = 'a-key-of-sixteen-letters';
const own = { port: 30_150, resourceName: 'sonorancad', addresses: ['192.0.2.7'] };
const targetsOf = (urls: readonly string[], ownPath = '/sonorancad/event') =>
  forwardTargets({ urls, apiKeys: [KEY], own, ownPath });

describe('the targets of --forward', () => {
  it('are completed as those of the resource', () => {
    const { targets, warnings } = targetsOf(['http://127.0.0.1:30151', ' https://bot.example/ ']);
    expect(targets.map(({ url, includeKey, format }) => [url, includeKey, format])).toEqual([
      ['http://127.0.0.1:30151/sonorancad/event', true, 'payload'],
      ['https://bot.example/', true, 'payload'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('have names that depend on nothing but their addresses, so that what waits finds its target again', () => {
    const [first, second] = ['https://bot.example/a', 'http://[2001:db8::1]:80/b'];
    const names = (urls: readonly string[]) => targetsOf(urls).targets.map(({ name }) => name);
    expect(names([first, second])).toEqual([
      expect.stringMatching(/^to-bot\.example-[0-9a-f]{8}$/),
      expect.any(String),
    ]);
    expect(names([second, first])).toEqual(names([first, second]).reverse());
    expect(names([first, first])).toEqual(names([first]));
    expect(new Set(names(['https://bot.example/a', 'https://bot.example/a?b=1'])).size).toBe(2);
  });

  it.each([
    'https://discord.com/api/webhooks/1/token',
    // Without the form of messages, it would be told to change a configuration that a program does not have.
    'http://discord.com/api/webhooks/1/token',
    'https://discord.com:443/api/v10/webhooks/1/token',
    'https://name:word@discord.com/api/webhooks/1/token',
  ])('are messages where the address is a webhook of Discord: %s', (url) => {
    const { targets, warnings } = targetsOf([url]);
    expect(targets[0]?.format).toBe('discord');
    expect(warnings).toEqual([]);
  });

  it('are warned about in the words of the command line', () => {
    expect(targetsOf([`http://203.0.113.5/x?key=${KEY}`]).warnings).toEqual([
      expect.stringMatching(/^--forward gets the API key over plain http \(http:\/\/203\.0\.113\.5\/x/),
    ]);
    expect(targetsOf([`http://203.0.113.5/${KEY}`]).warnings.join()).not.toContain(KEY);
  });

  it.each([
    ['no address', 'expected a URL like'],
    ['https://host', 'expected a URL like'],
    ['http://localhost:30150', 'the address at which this program receives events itself, which would never end.'],
    ['http://192.0.2.7:30150/sonorancad/event', 'the address at which this program receives events itself'],
    ['http://169.254.169.254/', 'which is never sent to'],
  ])('refuse %s', (url, sentence) => {
    expect(() => targetsOf([url])).toThrow(
      expect.objectContaining({ message: expect.stringContaining(sentence), exitCode: 2 }),
    );
  });

  it('refuse the path that the program was told to listen at', () => {
    expect(() => targetsOf(['http://127.0.0.1:30150/events'], '/events')).toThrow(
      'this program receives events itself',
    );
    expect(targetsOf(['http://127.0.0.1:30151/events'], '/events').targets).toHaveLength(1);
  });
});
