import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { fakeSource, goodKey, load, otherKey } from './fake-source.ts';

describe('the file', () => {
  it('gives the values it holds and the defaults for the rest', () => {
    const { config, lines, origin } = load({ communityID: 'mycity', serverId: 4 });
    expect(config).toMatchObject({ communityID: 'mycity', serverId: 4, mode: 'production', trustedProxies: [] });
    expect({ lines, origin }).toEqual({ lines: [], origin: 'config.json' });
  });

  it('is read from configuration/ instead when one stands there', () => {
    const source = fakeSource({ communityID: 'shipped', apiKey: goodKey });
    source.files.set('configuration/config.json', JSON.stringify({ apiKey: goodKey, serverId: 2 }));
    const { config, origin } = loadConfig(source);
    expect(origin).toBe('configuration/config.json');
    expect(config).toMatchObject({ communityID: '', serverId: 2 });
  });

  it('is not replaced by the shipped one when the one in configuration/ is broken', () => {
    const source = fakeSource({ communityID: 'shipped' });
    source.files.set('configuration/config.json', '{');
    const { config, origin, problems } = loadConfig(source);
    expect({ origin, communityID: config.communityID }).toEqual({
      origin: 'configuration/config.json',
      communityID: '',
    });
    expect(problems[0]?.line).toMatch(/^configuration\/config\.json cannot be read as JSON/);
  });

  it('may be missing, which is said once', () => {
    const { config, origin, problems } = load(undefined, { sonoran_apiKey: goodKey });
    expect(problems).toEqual([{ level: 'warn', line: expect.stringContaining('neither a config.json') }]);
    expect({ origin, keys: config.apiKeys }).toEqual({ origin: 'none', keys: [goodKey] });
  });

  it('may begin with a byte order mark', () => {
    expect(load(`\uFEFF{"apiKey":"${goodKey}","serverId":7}`)).toMatchObject({ config: { serverId: 7 }, lines: [] });
  });

  it('that is no JSON is one line with the place and without the content, and convars still count', () => {
    const { config, lines } = load(`{\n  "apiKey": "${goodKey}"\n  "serverId": 3\n}`, {
      sonoran_apiKey: otherKey,
      sonoran_serverId: '5',
    });
    expect(lines).toEqual([expect.stringContaining('config.json cannot be read as JSON (line 3, column 3: a comma')]);
    expect(lines[0]).not.toContain(goodKey);
    expect(config).toMatchObject({ serverId: 5, apiKeys: [otherKey] });
  });

  it.each(['[]', 'null', '"text"', '7'])('that holds %s instead of an object is one line', (text) => {
    const { lines } = load(text, { sonoran_apiKey: goodKey });
    expect(lines).toEqual([expect.stringContaining('it must hold one object')]);
  });

  it('may hold numbers and switches as text, and an id as a number', () => {
    const { config, lines } = load({
      serverId: '1',
      debugMode: 'True',
      enablePushEventForwarding: 0,
      communityID: 1234,
    });
    expect(config).toMatchObject({
      serverId: 1,
      debugMode: true,
      enablePushEventForwarding: false,
      communityID: '1234',
    });
    expect(lines).toEqual([]);
  });

  it('leaves a key unset by null or by blank text', () => {
    const { lines, config } = load({ serverId: null, mode: ' ', statusLabels: '' });
    expect(lines).toEqual([]);
    expect(config).toEqual(load({}).config);
  });
});

describe('a convar', () => {
  it('wins over the file', () => {
    expect(load({ serverId: 2 }, { sonoran_serverId: '3' }).config.serverId).toBe(3);
  });

  it('is set without a file entry too', () => {
    expect(load({}, { sonoran_communityID: 'mycity' }).config.communityID).toBe('mycity');
  });

  it.each(['protection_initialized', ' PROTECTION_INITIALIZED ', '', '  ', 'table: 0x7f3a2b10', 'table: 000001F2'])(
    'that holds %j is unset',
    (text) => {
      const { config, lines } = load({ statusLabels: ['A'] }, { sonoran_statusLabels: text });
      expect({ labels: config.statusLabels, lines }).toEqual({ labels: ['A'], lines: [] });
    },
  );

  it.each(['framework', ' Framework '])('that a resource wrote is unset (setter %j)', (setter) => {
    const { config } = load({ serverId: 2 }, { sonoran_serverId: '3', sonoran_serverId_setter: setter });
    expect(config.serverId).toBe(2);
  });

  it('that the operator wrote counts, as the official resource records it', () => {
    const { config } = load({ serverId: 2 }, { sonoran_serverId: '3', sonoran_serverId_setter: 'server' });
    expect(config.serverId).toBe(3);
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    [' true ', true],
    ['False', false],
    ['0', false],
  ])('switches by %j', (text, on) => {
    expect(load({ debugMode: !on }, { sonoran_debugMode: text }).config.debugMode).toBe(on);
  });

  it('holds a list as one line of JSON', () => {
    const { config } = load({}, { sonoran_trustedProxies: '["203.0.113.7", "2001:db8::/32"]' });
    expect(config.trustedProxies).toEqual(['203.0.113.7', '2001:db8::/32']);
  });

  it('that is no JSON where a list belongs is one line', () => {
    expect(load({}, { sonoran_trustedProxies: '203.0.113.7' }).lines).toEqual([
      'trustedProxies in the convar sonoran_trustedProxies is "203.0.113.7", expected a list of IP addresses or ranges ' +
        'like ["203.0.113.7", "2001:db8::/32"]: no proxy is trusted',
    ]);
  });

  it('with a bad value gives the default, not the value of the file', () => {
    const { config, lines } = load({ serverId: 2 }, { sonoran_serverId: 'two' });
    expect(config.serverId).toBe(1);
    expect(lines).toEqual([
      'serverId in the convar sonoran_serverId is "two", expected a whole number from 1 to 1000000: using 1, and the entry is only checked',
    ]);
  });
});

describe('an installation of the official resource', () => {
  const officialFile = {
    communityID: 'mycity',
    apiKey: goodKey,
    mode: 'production',
    postTime: 5000,
    serverId: '1',
    linkCommand: 'link',
    linkPollIntervalMs: 10000,
    linkPopupTitleText: 'Link your account',
    linkButtonText: 'Link',
    primaryIdentifier: 'license',
    apiSendEnabled: true,
    debugMode: false,
    notificationSystem: 'auto',
    updateBranch: 'master',
    statusLabels: ['Off', 'Busy', 'Free', 'Driving', 'There'],
    allowAutoUpdate: true,
    autoUpdateUrl: 'https://updates.example/version.json',
    allowUpdateWithPlayers: false,
    noUnitTimer: false,
    enablePushEventForwarding: false,
    pushEventForwardUrl: 'https://host',
    disableOverride: false,
  };
  const leftBehind = Object.fromEntries(
    Object.entries(officialFile).flatMap(([key, value]) => [
      [`sonoran_${key}`, Array.isArray(value) ? 'table: 0x55d0c8e0' : String(value)],
      [`sonoran_${key}_setter`, 'framework'],
    ]),
  );

  it('brings its file along without a complaint', () => {
    const source = fakeSource();
    source.files.set('configuration/config.json', JSON.stringify(officialFile));
    const { config, problems } = loadConfig(source);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ communityID: 'mycity', serverId: 1, apiKeys: [goodKey], pushEventForwardUrl: '' });
  });

  it('leaves convars behind that do not win over an edited file', () => {
    const edited = {
      ...officialFile,
      serverId: 2,
      statusLabels: ['A', 'B'],
      communityID: 'othercity',
      apiKey: otherKey,
    };
    const { config, problems } = loadConfig(fakeSource(edited, leftBehind));
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      serverId: 2,
      statusLabels: ['A', 'B'],
      communityID: 'othercity',
      apiKeys: [otherKey],
    });
  });
});

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
    [
      'publicHost',
      '203.0.113.5:30120',
      'publicHost in config.json is "203.0.113.5:30120", expected a host name or an IP',
    ],
    [
      'publicHost',
      'play.example:30120',
      'publicHost in config.json is "play.example:30120", expected a host name or an IP',
    ],
    ['publicHost', '203.0.113', 'publicHost in config.json is "203.0.113", expected a host name or an IP'],
    ['publicHost', '203.0.113.500', 'publicHost in config.json is "203.0.113.500", expected a host name or an IP'],
    [
      'publicHost',
      '[2001:db8::1]:30120',
      'publicHost in config.json is "[2001:db8::1]:30120", expected a host name or an IP',
    ],
  ])('for %s (%j) is one line that names key, place, value and what is expected', (key, value, line) => {
    const { lines, config } = load({ [key]: value });
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(config).toHaveProperty(key, configKeys[key as keyof typeof configKeys].default);
  });

  it.each(['203.0.113.5', 'Play.Example', 'localhost', '2001:DB8::1', '[2001:db8::1]', ' play.example '])(
    'is none of these for publicHost: %j',
    (publicHost) => {
      expect(load({ publicHost })).toMatchObject({ config: { publicHost: publicHost.trim() }, lines: [] });
    },
  );

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

  it('to targets of which none can be used is off, by the lines about them', () => {
    const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardTargets: [5, 'bot'] });
    expect(config).toMatchObject({ enablePushEventForwarding: false, pushEventForwardTargets: [] });
    expect(lines).toEqual([
      expect.stringMatching(/^pushEventForwardTargets\[0\] in config\.json is 5, .*: this target is off$/),
      expect.stringMatching(/^pushEventForwardTargets\[1\] in config\.json is "bot", .*: this target is off$/),
    ]);
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

  it.each([
    ['apiSendEnabled', { apiSendEnabled: true, apiUrl: 'ftp://203.0.113.5' }],
    ['registration', { registration: 'auto', serverId: 'two' }],
    ['enablePushEventForwarding', { enablePushEventForwarding: true }],
  ])('for the fault of another key is not shown as written in the file: %s', (key, file) => {
    const [shown] = load(file)
      .shown()
      .filter(({ name }) => name === key);
    expect(shown).toMatchObject({ value: key === 'registration' ? '"check"' : 'false', place: 'default' });
  });
});
