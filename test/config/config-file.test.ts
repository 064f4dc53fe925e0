import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readConfigFile, writeFirstFile } from '../../src/config/config-file.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { noNetEvents } from '../../src/game/dispatch/net-events.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';
import { noNotifications } from '../../src/notify/settings.ts';
import { type FakeSource, fakeSource, goodKey, load, otherKey } from './fake-source.ts';

const read = (text: string) => readConfigFile(fakeSource(text));
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('config.json', () => {
  it('may have comments and a comma too many', () => {
    const { members, fault } = read(
      '// mine\n{\n  "a": [1, 2,], /* two\n lines */ "url": "http://b/*c", // d\n}\n// end',
    );
    expect([fault, Object.fromEntries(members)]).toEqual([null, { a: [1, 2], url: 'http://b/*c' }]);
  });

  it.each([
    ['', 1, 1, 'it is empty'],
    [' \n', 2, 1, 'it is empty'],
    ['{"a":1', 1, 7, 'it ends too early: } is missing'],
    ['{"a":', 1, 6, 'it ends too early: } is missing'],
    ['{\n  "a": [1\n', 3, 1, 'it ends too early: ] is missing'],
    ['{"a":1 "b":2}', 1, 8, 'a comma is missing before this place'],
    ['{"a" 1}', 1, 6, 'a : is missing after the name'],
    ['{a:1}', 1, 2, 'names and texts must stand in straight double quotes'],
    ["{'a':1}", 1, 2, 'names and texts must stand in straight double quotes'],
    ['{“a”:1}', 1, 2, 'names and texts must stand in straight double quotes'],
    [
      '{"a":True}',
      1,
      6,
      'names and texts must stand in straight double quotes, and nothing else may stand here but a value',
    ],
    ['{"a":01}', 1, 7, 'a comma is missing before this place'],
    ['{"a":-}', 1, 6, 'nothing else may stand here but a value'],
    ['{"a":1.}', 1, 6, 'a number is incomplete'],
    ['{\r\n"a":"b\r\nc"}', 2, 5, 'a text is not closed by " on its line'],
    ['{"a":"b', 1, 6, 'a text is not closed by " on its line'],
    ['{"a":"C:\\dir"}', 1, 6, 'a \\ inside a text must be written \\\\'],
    ['{"a":"\\u12g4"}', 1, 6, '\\u must be followed by four digits from 0 to f'],
    ['{"a":"b\tc"}', 1, 6, 'a tab or another control character stands inside a text'],
    ['{"a":1 /* b }', 1, 8, 'a comment is not closed by */'],
    ['{"a":,}', 1, 6, 'a value is expected here'],
    ['{,}', 1, 2, 'a value is expected here'],
    ['{1:2}', 1, 2, 'a name in straight double quotes is expected here'],
    ['{}{}', 1, 3, 'this stands outside the one { } that holds all settings'],
    ['"a":1', 1, 4, 'this stands outside the one { } that holds all settings'],
    ['\uFFFD\uFFFD{', null, null, 'it is saved as UTF-16: save it as UTF-8'],
    ['[}', 1, 2, 'a value is expected here'],
    [`{"a":${'['.repeat(100_000)}`, null, null, 'it nests too deep'],
  ])('that holds %j is told of with line %s, column %s: %s', (text, line, column, reason) => {
    const { members, fault, unreadable } = read(text);
    expect(members.size).toBe(0);
    expect(unreadable).toBe(text);
    const place = line === null ? '' : `line ${line}, column ${column}: `;
    expect(fault).toContain(`config.json cannot be read as JSON (${place}`);
    expect(fault).toContain(reason);
  });

  it('takes everything that JSON.parse takes, as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        return isDeepStrictEqual(Object.fromEntries(read(text).members), JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes nothing else but comments and a comma before a closing bracket', () => {
    const scraps = fc.constantFrom(...'{}[],:-\\ \n'.split(''), '"a"', '"', '1', '.5', 'e3', 'true', 'nul', '#');
    const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '}', '\\', '\u0000')).map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + 1);
    });
    const text = fc.oneof(
      fc.array(scraps, { maxLength: 12 }).map((parts) => `{${parts.join('')}}`),
      cut,
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const { fault } = read(candidate);
        const strict = candidate.replaceAll(/,(?=\s*[}\]])/g, '');
        const isObject = fault === null || fault.includes('it must hold one object');
        return isObject ? isJson(candidate) || isJson(strict) : !isJson(candidate);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the first config.json', () => {
  const EXAMPLE = '{ /* as an example */ }';

  function folderWith(files: Record<string, string | null>, refusal: string | null = null) {
    const created: [string, string][] = [];
    const first = writeFirstFile({
      readFile: (path) => files[path] ?? null,
      hasFile: (path) => Object.hasOwn(files, path),
      createFile(path, text) {
        created.push([path, text]);
        return refusal;
      },
    });
    return { first, created };
  }

  it('is the example, byte for byte', () => {
    const { first, created } = folderWith({ 'config.example.json': EXAMPLE });
    expect(first).toEqual({ written: true });
    expect(created).toEqual([['config.json', EXAMPLE]]);
  });

  it.each([
    [{ 'config.example.json': EXAMPLE, 'config.json': '{}' }],
    [{ 'config.example.json': EXAMPLE, 'configuration/config.json': '{}' }],
    // Held back by an editor: it is there, and cannot be read.
    [{ 'config.example.json': EXAMPLE, 'config.json': null }],
    [{ 'config.example.json': EXAMPLE, 'configuration/config.json': null }],
    [{}],
  ])('is not written into a folder with %j', (files) => {
    expect(folderWith(files)).toEqual({ first: null, created: [] });
  });

  it('that cannot be written is one line with the reason and what to copy', () => {
    const { first } = folderWith({ 'config.example.json': EXAMPLE }, 'EROFS');
    expect(readConfigFile(fakeSource(), first).problems).toEqual([
      {
        level: 'warn',
        line:
          'there is neither a config.json nor a configuration/config.json, and it could not be written (EROFS): ' +
          'copy config.example.json to config.json; until then only convars and defaults count',
      },
    ]);
  });
});

describe('names in the file', () => {
  it('that only the official resource has a use for are accepted in silence, in any case', () => {
    expect(
      load({ postTime: 5000, LINKPOLLINTERVALMS: 1, allowAutoUpdate: true, disableOverride: false }).lines,
    ).toEqual([]);
  });

  it('that are unknown warn with the nearest known name', () => {
    expect(load({ pushEventForwardURI: 'http://203.0.113.5' }).problems).toEqual([
      {
        level: 'warn',
        line: '"pushEventForwardURI" in config.json is unknown and has no effect: did you mean pushEventForwardUrl?',
      },
    ]);
  });

  it('that resemble nothing warn without a guess', () => {
    expect(load({ qqqqqqqqqqqqqqqqqqqqqq: 1 }).lines).toEqual([
      '"qqqqqqqqqqqqqqqqqqqqqq" in config.json is unknown and has no effect: docs/configuration.md lists all keys',
    ]);
  });

  it('in the wrong case are taken, with a warning', () => {
    const { config, problems } = load({ SERVERID: 9 });
    expect(config.serverId).toBe(9);
    expect(problems).toEqual([
      { level: 'warn', line: '"SERVERID" in config.json is taken as serverId: please write it so' },
    ]);
  });

  it('in the wrong case are not taken beside the right one', () => {
    const { config, lines } = load({ serverid: 9, serverId: 2 });
    expect(config.serverId).toBe(2);
    expect(lines).toEqual(['"serverid" in config.json is unknown and has no effect: did you mean serverId?']);
  });

  it('in two wrong cases are not taken', () => {
    const { config, lines } = load({ serverid: 9, SERVERID: 8 });
    expect(config.serverId).toBe(1);
    expect(lines).toHaveLength(2);
  });

  it('that stand there more than once warn, and the last one counts', () => {
    const { config, problems } = load(
      `{"apiKey":"${goodKey}","serverId":2,"serverId":3,"serverId":4,"mode":"production"}`,
    );
    expect(config.serverId).toBe(4);
    expect(problems).toEqual([
      { level: 'warn', line: '"serverId" stands more than once in config.json: the last one counts' },
    ]);
  });

  it('like __proto__ and constructor are unknown names like any other', () => {
    const { config, lines } = load(`{"apiKey":"${goodKey}","__proto__":{"serverId":5},"constructor":1}`);
    expect(config.serverId).toBe(1);
    expect(lines).toHaveLength(2);
  });

  it('are defused before they reach the console', () => {
    const [line] = load({ 'a\n^1b\u202E': 1 }).lines;
    expect(line).toContain('"a\\n^\\1b\\u{202e}"');
  });
});

const closed = {
  apiKey: goodKey,
  call911FromClients: 'off',
  apiSendEnabled: false,
  registration: 'off',
  legacyEvents: 'off',
  transport: 'http',
  notifications: { enabled: false },
};
const broken = JSON.stringify(closed).replace('}', '');

describe('a file that cannot be read at the start', () => {
  it('opens nothing that it may have closed', () => {
    const { config, lines } = load(broken, { sonoran_apiKey: goodKey });
    expect(config).toMatchObject({
      apiKeys: [goodKey],
      call911FromClients: 'off',
      apiSendEnabled: false,
      registration: 'check',
      disableOverride: true,
      legacyEvents: 'off',
      transport: 'http',
      addressServices: [],
      notifications: noNotifications,
      netEvents: noNetEvents,
      linkCommand: 'none',
      panicCommand: 'none',
      unitCommands: { respondWhileDispatcherOnline: false },
    });
    expect(lines).toEqual([
      expect.stringMatching(
        /^config\.json cannot be read as JSON \(line 1, column \d+: .*\): only convars and defaults count, and what the file may have switched off is off$/,
      ),
    ]);
  });

  it.each(['', '[]', '"text"'])('is also one that holds %j', (text) => {
    expect(load(text, { sonoran_apiKey: goodKey }).config.apiSendEnabled).toBe(false);
  });

  it('gives each key what it holds when it is refused', () => {
    const { config } = load(broken);
    for (const [name, entry] of Object.entries<ConfigKey>(configKeys))
      expect([name, config[name as keyof typeof config]]).toEqual([name, entry.whenRefused ?? entry.default]);
  });

  it('leaves it to convars to open something', () => {
    const { config } = load(broken, { sonoran_apiSendEnabled: 'true', sonoran_call911FromClients: 'ace' });
    expect(config).toMatchObject({ apiSendEnabled: true, call911FromClients: 'ace', registration: 'check' });
  });

  it.each(['config.json', 'configuration/config.json'])('is also one that the server may not read: %s', (path) => {
    const source = fakeSource({ apiKey: otherKey }, { sonoran_apiKey: goodKey });
    source.files.set(path, null);
    const { config, problems, origin } = loadConfig(source);
    expect(config).toMatchObject({ apiKeys: [goodKey], apiSendEnabled: false, linkCommand: 'none' });
    expect(origin).toBe(path);
    expect(problems).toEqual([
      {
        level: 'error',
        line:
          `${path} is there and cannot be read (see that it is a file, who may read it, and whether another program holds it): ` +
          'only convars and defaults count, and what the file may have switched off is off',
      },
    ]);
  });

  it('is what the line about missing keys names', () => {
    expect(load(broken).lines[1]).toBe(
      'no API key is set by convar, so every push event is refused until config.json can be read',
    );
  });

  it('is not one that is missing: that closes nothing', () => {
    expect(load(undefined, { sonoran_apiKey: goodKey }).config).toMatchObject({
      apiSendEnabled: true,
      call911FromClients: 'limited',
      linkCommand: 'link',
      panicCommand: 'panic',
    });
  });
});

describe('a file that cannot be read at a reload', () => {
  const begin = (source: FakeSource) => createLiveConfig(() => loadConfig(source));

  it('leaves the configuration in force', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    const before = live.current();
    source.files.set('config.json', broken);
    expect(live.reload()).toEqual({
      changed: [],
      fault: expect.stringMatching(/^config\.json cannot be read as JSON \(.*\)$/),
      kept: true,
    });
    expect(live.current()).toBe(before);
    expect(live.problems()).toEqual([
      {
        level: 'error',
        line: expect.stringMatching(/^config\.json cannot .*: the earlier configuration stays in force$/),
      },
    ]);
  });

  it('is forgotten once it can be read', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    source.files.set('config.json', broken);
    live.reload();
    source.files.set('config.json', JSON.stringify({ ...closed, apiKey: otherKey }));
    expect(live.reload()).toEqual({ changed: ['apiKey'], fault: null, kept: false });
    expect(live.problems()).toEqual([]);
  });

  it('is also one that an editor holds back', () => {
    const source = fakeSource({});
    source.files.set('configuration/config.json', JSON.stringify(closed));
    const live = begin(source);
    source.files.set('configuration/config.json', null);
    const fault = expect.stringMatching(/^configuration\/config\.json is there and cannot be read \(/);
    expect(live.reload()).toEqual({ changed: [], fault, kept: true });
    expect(live.current().apiKeys).toEqual([goodKey]);
  });

  it('is like one that is gone', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    source.files.clear();
    expect(live.reload()).toEqual({ changed: [], fault: 'config.json is not there any more', kept: true });
    expect(live.current().apiKeys).toEqual([goodKey]);
  });

  it('is like one that is gone from the place of the official resource, where the other one would count', () => {
    const source = fakeSource({});
    source.files.set('configuration/config.json', JSON.stringify(closed));
    const live = begin(source);
    source.files.delete('configuration/config.json');
    const fault = 'configuration/config.json is not there any more';
    expect(live.reload()).toEqual({ changed: [], fault, kept: true });
    expect(live.current().apiKeys).toEqual([goodKey]);
  });

  it('lets convars count where there was no file to be kept', () => {
    const source = fakeSource(broken);
    const live = begin(source);
    source.setConvar('sonoran_apiKey', goodKey);
    expect(live.reload()).toMatchObject({ changed: ['apiKey'], kept: false });
    expect(live.problems()).toEqual([{ level: 'error', line: expect.stringContaining('cannot be read as JSON') }]);
  });

  it('may be missing as it was at the start', () => {
    const source = fakeSource(undefined, { sonoran_apiKey: goodKey });
    const live = begin(source);
    source.setConvar('sonoran_serverId', '3');
    expect(live.reload()).toEqual({ changed: ['serverId'], fault: null, kept: false });
  });
});
