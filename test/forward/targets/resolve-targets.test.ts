import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { targetSchema } from '../../../src/forward/settings.ts';
import { createWants, overlap, resolveTargets, unknownTypes } from '../../../src/forward/targets/resolve-targets.ts';

const own = { port: 30120, resourceName: 'sonorancad', addresses: ['192.0.2.10'] };
const webhook = 'https://discord.com/api/webhooks/123/s3cret';

const KEY = 'a-key-for-testing';

/** Resolves targets as they would come out of the config; without a name they are called a, b, c … */
function resolve(targets: Record<string, unknown>[], pushEventForwardUrl = '') {
  const pushEventForwardTargets = targets.map((target, index) =>
    v.parse(targetSchema, { name: String.fromCharCode(97 + index), ...target }),
  );
  const { targets: resolved, problems } = resolveTargets(
    { enablePushEventForwarding: true, pushEventForwardUrl, pushEventForwardTargets, apiKeys: [KEY], serverId: 3 },
    own,
  );
  const named = Object.fromEntries(resolved.map((target) => [target.name, target]));
  return { named, names: resolved.map(({ name }) => name), problems, lines: problems.map(({ line }) => line) };
}

describe('a target', () => {
  it('has the documented defaults', () => {
    const { named, problems } = resolve([{ url: 'https://bot.example/events' }]);
    expect(named.a).toMatchObject({
      url: 'https://bot.example/events',
      shownUrl: 'https://bot.example/events',
      includeKey: true,
      secrets: [],
      headers: {},
      timeoutMs: 10_000,
      maxAgeMinutes: 1_440,
      requireResponse: false,
      format: 'payload',
    });
    expect(problems).toEqual([]);
  });

  it('wants everything but GET_LOGS', () => {
    const { named } = resolve([{ url: 'https://bot.example' }, { url: 'https://x.example', events: ['get_logs'] }]);
    expect(named.a?.wants('EVENT_ANYTHING')).toBe(true);
    expect(named.a?.wants('GET_LOGS')).toBe(false);
    expect(named.b?.wants('GET_LOGS')).toBe(true);
  });

  it('called default is what pushEventForwardUrl becomes', () => {
    const { names, named } = resolve([{ url: 'https://a.example' }], ' https://bot.example/x ');
    expect(names).toEqual(['default', 'a']);
    expect(named.default?.url).toBe('https://bot.example/x');
  });

  it.each([
    ['http://192.0.2.1:30150', 'http://192.0.2.1:30150/sonorancad/event'],
    ['http://192.0.2.1:30150?a=1', 'http://192.0.2.1:30150/sonorancad/event?a=1'],
    ['http://192.0.2.1:30150/', 'http://192.0.2.1:30150/'],
    ['https://bot.example/hook#part', 'https://bot.example/hook'],
  ])('at %s is sent to at %s', (url, called) => {
    expect(resolve([{ url }]).named.a?.url).toBe(called);
  });

  it('with user info gets it as an Authorization header, and not in its address', () => {
    const { named } = resolve([{ url: 'https://bot:p%40ss@bot.example/x' }]);
    expect(named.a?.url).toBe('https://bot.example/x');
    expect(named.a?.headers).toEqual({ authorization: `Basic ${Buffer.from('bot:p@ss').toString('base64')}` });
  });

  it('with a percent sign in its password that begins no escape gets it as it stands', () => {
    const { named } = resolve([{ url: 'https://bot:50%@bot.example/x' }]);
    expect(named.a?.headers.authorization).toBe(`Basic ${Buffer.from('bot:50%').toString('base64')}`);
  });

  it('with a header of its own for that gets the header', () => {
    const { named } = resolve([{ url: 'https://bot:x@bot.example/x', headers: { Authorization: 'Bearer y' } }]);
    expect(named.a?.headers).toEqual({ authorization: 'Bearer y' });
  });
});

describe('a target is refused, by one line and without harm to the others,', () => {
  const other = { name: 'other', url: 'https://other.example/x' };

  it('when another has its name in any case', () => {
    const { names, lines } = resolve([
      { name: 'Bot', url: 'https://a.example/x' },
      { name: 'bot', url: 'https://b.example/x' },
      other,
    ]);
    expect(names).toEqual(['Bot', 'other']);
    expect(lines).toEqual([
      'the target bot of pushEventForwardTargets has the name of another target: this target is off',
    ]);
  });

  it('when it is called default beside pushEventForwardUrl', () => {
    const { names, lines } = resolve([{ name: 'default', url: 'https://a.example/x' }], 'https://b.example/x');
    expect(names).toEqual(['default']);
    expect(lines).toEqual([expect.stringContaining('has the name that the target of pushEventForwardUrl goes by')]);
  });

  it.each([
    'http://127.0.0.1:30120',
    'http://localhost:30120/sonorancad/event',
    'http://192.0.2.10:30120/SonoranCAD/event',
  ])('when it is this server itself: %s', (url) => {
    const { names, problems } = resolve([{ url }, other]);
    expect(names).toEqual(['other']);
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('which would never end') }]);
  });

  it('when it is the official resource on this server, beside which this one runs', () => {
    const { targets, problems } = resolveTargets(
      {
        enablePushEventForwarding: true,
        pushEventForwardUrl: 'http://127.0.0.1:30120',
        pushEventForwardTargets: [],
        apiKeys: [],
        serverId: 1,
      },
      { ...own, resourceName: 'sonorancad-events' },
    );
    expect(targets).toEqual([]);
    expect(problems).toEqual([
      {
        level: 'error',
        line: 'pushEventForwardUrl is http://127.0.0.1:30120/sonorancad/event, the address of the official resource on this server, whose forwarder leads back here, which would never end: this target is off',
      },
    ]);
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://2852039166/',
    'http://0xA9FEA9FE/',
    'http://0251.0376.0251.0376/',
    'http://169.254.169.254./',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://0/',
  ])('when it is an address that is never sent to: %s', (url) => {
    const { names, problems } = resolve([{ url }, other]);
    expect(names).toEqual(['other']);
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('which is never sent to') }]);
  });

  it('when it is the 33rd', () => {
    const targets = Array.from({ length: 34 }, (_, index) => ({
      name: `t${index}`,
      url: `https://t${index}.example/x`,
    }));
    const { names, lines } = resolve(targets);
    expect(names).toHaveLength(32);
    expect(lines).toEqual([expect.stringMatching(/34 forwarding targets, expected at most 32: those after .*t31 /)]);
  });
});

describe('a warning is given', () => {
  it.each(['http://203.0.113.5:30150', 'http://bot.example/x'])('when the key goes over plain http: %s', (url) => {
    const { names, problems } = resolve([{ url }]);
    expect(names).toEqual(['a']);
    expect(problems).toEqual([{ level: 'warn', line: expect.stringContaining('gets the API key over plain http') }]);
  });

  it.each([
    { url: 'http://127.0.0.1:3000' },
    { url: 'http://192.168.1.5/x' },
    { url: 'http://bot:3000/x' },
    { url: 'https://bot.example/x' },
    { url: 'http://bot.example/x', includeKey: false },
  ])('but not for %j', (target) => {
    expect(resolve([target]).problems).toEqual([]);
  });

  it.each([
    webhook,
    'https://canary.discord.com/api/v10/webhooks/123/s3cret',
    'https://discordapp.com/api/webhooks/1/s3cret',
  ])('when a Discord webhook would get events as they are: %s', (url) => {
    const { problems, lines } = resolve([{ url }]);
    expect(problems).toEqual([{ level: 'warn', line: expect.stringContaining('"format": "discord"') }]);
    expect(lines.join()).not.toContain('s3cret');
  });

  it('but not when the webhook gets messages', () => {
    expect(resolve([{ url: webhook, format: 'discord' }]).problems).toEqual([]);
  });

  it('when two targets have one URL and share types', () => {
    const { names, lines } = resolve([
      { url: 'https://x:y@bot.example/x', events: ['EVENT_911'] },
      { url: 'https://bot.example/x#here', events: ['EVENT_9*'] },
    ]);
    expect(names).toEqual(['a', 'b']);
    expect(lines).toEqual([expect.stringMatching(/target b .* has the URL of the target a .* gets those twice$/)]);
  });

  it('but not when they share none', () => {
    const url = 'https://bot.example/x';
    expect(
      resolve([
        { url, events: ['EVENT_911'] },
        { url, events: ['EVENT_TONE'] },
      ]).problems,
    ).toEqual([]);
  });

  it('when an unknown type is named', () => {
    const { lines } = resolve([{ url: 'https://bot.example/x', events: ['EVENT_DISPTACH_NEW', 'GET_LOGS', 'EVNT_*'] }]);
    expect(lines).toEqual([
      expect.stringMatching(
        / asks for "EVENT_DISPTACH_NEW": no such type is known; did you mean EVENT_DISPATCH_NEW\?$/,
      ),
      expect.stringMatching(/ asks for "EVNT_\*": no type that is known fits$/),
    ]);
  });
});

it('nothing is sent to while forwarding is off', () => {
  const config = {
    enablePushEventForwarding: false,
    pushEventForwardUrl: 'https://a.example',
    pushEventForwardTargets: [],
    apiKeys: [KEY],
    serverId: 1,
  };
  expect(resolveTargets(config, own)).toEqual({ targets: [], problems: [] });
});

it('an API key in the address of a target is shown nowhere', () => {
  const { named, lines } = resolve([{ url: `http://bot.example/${KEY}` }, { url: `http://bot.example/${KEY}` }]);
  expect(named.a).toMatchObject({ url: `http://bot.example/${KEY}`, shownUrl: 'http://bot.example/***' });
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join()).not.toContain(KEY);
});

describe('a target that wants', () => {
  it.each([
    [['*'], 'EVENT_SOMETHING_NEW', true],
    [['*'], 'TWO\nLINES', true],
    [['EVENT_911'], 'EVENT_911', true],
    [['EVENT_911'], 'EVENT_9111', false],
    [['EVENT_DISPATCH_*'], 'EVENT_DISPATCH_NEW', true],
    [['EVENT_DISPATCH_*'], 'EVENT_911', false],
    [['*_NEW'], 'EVENT_DISPATCH_NEW', true],
    [['EVENT.911'], 'EVENT_911', false],
    [['EVENT_*_*_NEW'], 'EVENT_A_B_NEW', true],
    [['EVENT_*_*_NEW'], 'EVENT_A_NEW', false],
    [['AB*BA'], 'ABA', false],
    [['*'], 'GET_LOGS', false],
    [['GET_*'], 'GET_LOGS', false],
    [['*', 'GET_LOGS'], 'GET_LOGS', true],
    [['*', 'EVENT_*'], 'EVENT_FIVEM_CONFIGURATION', false],
    [['EVENT_FIVEM_CONFIGURATION_MIGRATION'], 'EVENT_FIVEM_CONFIGURATION_MIGRATION', true],
    [['EVENT_UNIT_ATTACH'], 'EVENT_DISPATCH_UNIT_ATTACH', true],
  ])('%j is asked about %j', (patterns, type, wanted) => {
    expect(createWants(patterns)(type)).toBe(wanted);
  });

  it('a pattern of many stars is answered at once', () => {
    expect(createWants([`${'*A'.repeat(20)}*B`])('A'.repeat(40))).toBe(false);
  });
});

it.each([
  [['*'], ['EVENT_911'], true],
  [['EVENT_911'], ['EVENT_TONE'], false],
  [['EVENT_DISPATCH_*'], ['*_NEW'], true],
  [['CUSTOM_ONE'], ['CUSTOM_*'], true],
  [['*'], ['GET_LOGS'], false],
])('%j and %j overlap: %j', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
});

it('types that no version of the catalogue has are told', () => {
  expect(
    unknownTypes([
      '*',
      'EVENT_911',
      'EVENT_FIVEM_CONFIGURATION',
      'EVENT_UNIT_DETACH',
      'EVENT_DISPATCH_*',
      'EVENT_991',
      'FOO_*',
    ]),
  ).toEqual(['EVENT_991', 'FOO_*']);
});
