import { describe, expect, it } from '@jest/globals';
import { configKeys } from '../../src/config/schema.ts';
import { goodKey, load } from './fake-source.ts';

describe('a bad value', () => {
  it.each([
    ['serverId', 1.5, 'serverId in config.json is 1.5, expected'],
    ['serverId', -1, 'serverId in config.json is -1, expected'],
    ['mode', 'staging', 'mode in config.json is "staging", expected "production" or "development": using "production"'],
    ['debugMode', 'yes', 'debugMode in config.json is "yes", expected true or false: using false'],
    [
      'primaryIdentifier',
      'steamid',
      'primaryIdentifier in config.json is "steamid", expected one of license, license2,',
    ],
    ['notificationSystem', 'toast', 'notificationSystem in config.json is "toast", expected one of auto, ox_lib,'],
    ['statusLabels', ['A', ''], 'statusLabels[1] in config.json is "", expected a text of 1 to 50 characters: using'],
    ['statusLabels', { a: 1 }, 'statusLabels in config.json is {"a":1}, expected'],
    [
      'trustedProxies',
      ['10.0.0.0/8', '10.0.0.0/33'],
      'trustedProxies[1] in config.json is "10.0.0.0/33", expected an IP address',
    ],
    ['communityID', ['x'], 'communityID in config.json is ["x"], expected'],
  ])('for %s (%j) is one line that names key, place, value and what is expected', (key, value, line) => {
    const { lines, config } = load({ [key]: value });
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(config).toHaveProperty(key, configKeys[key as keyof typeof configKeys].default);
  });

  it('is cut at 60 characters', () => {
    const [line = ''] = load({ mode: 'x'.repeat(10_000) }).lines;
    expect(line).toContain(`"${'x'.repeat(60)}…"`);
    expect(line).not.toContain('x'.repeat(61));
  });

  it('that nests deep is one line, and one that nests 50,000 deep is a fault of the file', () => {
    const nested = (depth: number) =>
      load(`{"apiKey":"${goodKey}","statusLabels":${'['.repeat(depth)}${']'.repeat(depth)}}`).lines;
    expect(nested(500)).toEqual([expect.stringContaining('statusLabels[0] in config.json is [[[…]]], expected')]);
    expect(nested(50_000)[0]).toContain('config.json cannot be read as JSON (it nests too deep)');
  });
});

describe('values that are not case-sensitive', () => {
  it.each([
    ['mode', 'Development', 'development'],
    ['primaryIdentifier', ' Steam ', 'steam'],
    ['notificationSystem', 'oxlib', 'ox_lib'],
    ['notificationSystem', 'OX_LIB', 'ox_lib'],
    ['notificationSystem', 'pnotify', 'pNotify'],
    ['notificationSystem', 'lationui', 'lation_ui'],
  ])('%s %j is %j', (key, written, meant) => {
    expect(load({ [key]: written })).toMatchObject({ config: { [key]: meant }, lines: [] });
  });
});

describe('forwarding', () => {
  it.each(['', 'https://host', 'https://host/', ' HTTPS://HOST '])('with the URL %j is off and says so', (url) => {
    const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardUrl: url });
    expect(config).toMatchObject({ enablePushEventForwarding: false, pushEventForwardUrl: '' });
    expect(lines).toEqual([
      'enablePushEventForwarding is true, but neither pushEventForwardUrl nor pushEventForwardTargets is set: forwarding is off',
    ]);
  });

  it.each([
    'ftp://203.0.113.5',
    '203.0.113.5:30150',
    'https:host',
    'http://',
    'http://a b',
    'http://a:99999',
    'javascript:0',
  ])('to %j is off, by one line', (url) => {
    const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardUrl: url });
    expect(config).toMatchObject({ enablePushEventForwarding: false, pushEventForwardUrl: '' });
    expect(lines).toEqual([expect.stringMatching(/^pushEventForwardUrl in config\.json is .*: forwarding is off$/)]);
  });

  it.each(['http://203.0.113.5:30150', 'https://user:pass@bot.example/events?x=1', 'http://[2001:db8::1]:80/'])(
    'to %j is on, with the URL as written',
    (url) => {
      const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardUrl: ` ${url} ` });
      expect(config).toMatchObject({ enablePushEventForwarding: true, pushEventForwardUrl: url });
      expect(lines).toEqual([]);
    },
  );

  it('shows a bad URL without its password and query', () => {
    const [line] = load({ pushEventForwardUrl: 'ftp://bot:hunter2@bot.example/x?token=abcdef' }).lines;
    expect(line).toContain('"ftp://***@bot.example/x?***"');
  });

  it('that is off needs no URL', () => {
    expect(load({ enablePushEventForwarding: false, pushEventForwardUrl: 'https://host' }).lines).toEqual([]);
  });
});

describe('linkCommand', () => {
  it.each([
    [{ linkCommand: 'none' }, {}, 'none'],
    [{ linkCommand: ' None ' }, {}, 'none'],
    [{}, { sonoran_linkCommand: 'none' }, 'none'],
    [{ linkCommand: 'account' }, { sonoran_linkCommand: 'none' }, 'none'],
    [{ linkCommand: '' }, {}, 'link'],
    [{ linkCommand: 'account' }, { sonoran_linkCommand: '' }, 'account'],
  ])('in the file %j and the convars %j is %s', (file, convars, name) => {
    expect(load(file, convars)).toMatchObject({ config: { linkCommand: name }, lines: [] });
  });
});

describe('what would open something by its default', () => {
  it.each([
    ['transport', 'htp', { transport: 'http' }, 'push events come in by HTTP only'],
    ['legacyEvents', 'of', { legacyEvents: 'off' }, 'none of them is triggered'],
    ['linkCommand', 'no command', { linkCommand: 'none' }, 'there is no such command'],
    [
      'unitCommands',
      { respondWhileDispatcherOnline: 'no' },
      { unitCommands: { name: 'dn', respondWhileDispatcherOnline: false } },
      'the usual names hold, and no unit responds by itself while a dispatcher is online',
    ],
    ['apiUrl', 'ftp://203.0.113.5', { apiUrl: '', apiSendEnabled: false }, 'nothing is sent'],
    ['serverId', 'two', { serverId: 1, registration: 'check' }, 'using 1, and the entry is only checked'],
  ])('stays closed where %s is %j', (key, value, closed, otherwise) => {
    const { config, lines } = load({ [key]: value });
    expect(config).toMatchObject(closed);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith(`: ${otherwise}`)).toBe(true);
  });
});
