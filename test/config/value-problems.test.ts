import { describe, expect, it } from '@jest/globals';
import { load } from './fake-source.ts';

describe('the lines about one key', () => {
  it('are one for each fault, with its path, its value and what is expected there', () => {
    const notifications = { rules: [{ on: 'nope' }, { on: 'note', enabled: 'x' }], duty: 5, waypoint: 'q' };
    const { lines } = load({ notifications });
    expect([...lines].sort()).toEqual([
      expect.stringMatching(
        /^notifications\["duty"\] in config\.json is 5, expected "incad", .*: notifications are off$/,
      ),
      expect.stringMatching(
        /^notifications\["rules"\]\[0\]\["on"\] in config\.json is "nope", expected one of 911, panic/,
      ),
      expect.stringMatching(
        /^notifications\["rules"\]\[1\]\["enabled"\] in config\.json is "x", expected true or false:/,
      ),
      expect.stringMatching(
        /^notifications\["waypoint"\] in config\.json is "q", expected one of none, exact, postal:/,
      ),
    ]);
  });

  it.each([
    [
      { unitCommands: { name: 'd n', note: 7, respondWhileDispatcherOnline: 'x', respnd: 'r' } },
      [
        'unitCommands["name"] in config.json is "d n", expected a word of letters, digits, - and _: the usual',
        'unitCommands["note"] in config.json is 7, expected a word of letters, digits, - and _: the usual',
        'unitCommands["respondWhileDispatcherOnline"] in config.json is "x", expected true or false: the usual',
        'unitCommands["respnd"] in config.json is unknown (did you mean respond?), expected only name, respond, note, ',
      ],
    ],
    [
      { unitCommands: { zzzzzzzzzz: 1, qqqqqqqqqq: 2 } },
      [
        'unitCommands["zzzzzzzzzz"] in config.json is unknown, expected only name, respond, note, ',
        'unitCommands["qqqqqqqqqq"] in config.json is unknown, expected only name, respond, note, ',
      ],
    ],
    [
      { statusLabels: ['', 'A', 5] },
      [
        'statusLabels[0] in config.json is "", expected a text of 1 to 50 characters: using',
        'statusLabels[2] in config.json is 5, expected a text of 1 to 50 characters: using',
      ],
    ],
    [
      { trustedProxies: ['x', '203.0.113.7', 'y'] },
      [
        'trustedProxies[0] in config.json is "x", expected an IP address or a range like "203.0.113.7" or',
        'trustedProxies[2] in config.json is "y", expected an IP address or a range like "203.0.113.7" or',
      ],
    ],
    [
      { pushEventForwardRetrySeconds: [0, 'x', 5] },
      [
        'pushEventForwardRetrySeconds[0] in config.json is 0, expected a number of seconds from 0.1 to 3600: using',
        'pushEventForwardRetrySeconds[1] in config.json is "x", expected a number of seconds from 0.1 to 3600: using',
      ],
    ],
    [
      { addressServices: ['http://203.0.113.5', 5] },
      [
        'addressServices[0] in config.json is "http://203.0.113.5", expected an https URL: the address is not asked for',
        'addressServices[1] in config.json is 5, expected an https URL: the address is not asked for',
      ],
    ],
    [
      { netEvents: { EVENT_TONE: 'everybody', EVENT_TON: 'all', EVENT_911: 5 } },
      [
        'netEvents["EVENT_TONE"] in config.json is "everybody", expected one of none, involved, onDuty, all: no net',
        'netEvents["EVENT_TON"] in config.json is unknown (did you mean EVENT_TONE?), expected an object of known types',
        'netEvents["EVENT_911"] in config.json is 5, expected one of none, involved, onDuty, all: no net events are sent',
      ],
    ],
    [
      { pushEventForwardTargets: [{ url: 'x', includekey: false, timeoutMs: 1, headers: { 'x-a': 5 } }] },
      [
        'pushEventForwardTargets[0]["name"] in config.json is missing, expected 1 to 32 letters',
        'pushEventForwardTargets[0]["url"] in config.json is "x", expected a URL like',
        'pushEventForwardTargets[0]["timeoutMs"] in config.json is 1, expected a whole number of milliseconds',
        'pushEventForwardTargets[0]["headers"]["x-a"] in config.json is not usable, expected an object of header names',
        'pushEventForwardTargets[0]["includekey"] in config.json is unknown (did you mean includeKey?), expected only name',
      ],
    ],
  ])('%j are one for each fault', (file, beginnings) => {
    const { lines } = load(file);
    expect([...lines].sort()).toEqual(
      [...beginnings].sort().map((beginning) => expect.stringMatching(begins(beginning))),
    );
  });

  it.each([
    { serverId: 1e300 },
    { statusLabels: 'UNAVAILABLE,BUSY,AVAILABLE' },
    { statusLabels: [{ length: { toString: {} } }] },
  ])('are one for a place that is wrong in several ways or too oddly to be measured: %j', (file) =>
    expect(load(file).lines).toHaveLength(1),
  );

  it('say what an object of any names must be where one of them is not taken', () => {
    expect(load({ notifications: { rules: [{ on: 'note', when: { '': 1 } }] } }).lines).toEqual([
      expect.stringMatching(
        /^notifications\["rules"\]\[0\]\["when"\]\[""\] .* is unknown, expected an object of paths and values/,
      ),
    ]);
  });

  it('never show what is secret in a target', () => {
    const { lines } = load({
      pushEventForwardTargets: [{ name: 'a b', url: 'x', secret: ['s3cret'], headers: { 'x-a': ['t0ken'] } }],
    });
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toMatch(/s3cret|t0ken/);
  });

  it('are ten, and one that says how many faults there are more', () => {
    const { lines } = load({ trustedProxies: Array.from({ length: 25 }, (_, index) => `proxy ${index}`) });
    expect(lines).toHaveLength(11);
    expect(lines[9]).toContain('trustedProxies[9]');
    expect(lines[10]).toBe('trustedProxies in config.json has 15 more faults');
  });

  it('are ten for all targets together', () => {
    const { lines } = load({ pushEventForwardTargets: Array.from({ length: 6 }, () => ({ name: '', url: '' })) });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('pushEventForwardTargets in config.json has 2 more faults');
  });

  it('are no more for an object of 20,000 faults', () => {
    const types = Array.from({ length: 20_000 }, (_, index) => [`TYPE_${index}`, 'all']);
    const { lines } = load({ netEvents: Object.fromEntries(types) });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('netEvents in config.json has 19990 more faults');
  });
});

function begins(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
