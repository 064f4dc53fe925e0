import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { loadConfig } from '../../src/config/load.ts';
import { type ConfigKeyName, configKeys } from '../../src/config/schema.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';
import { fakeSource, goodKey, load, otherKey } from './fake-source.ts';

describe('API keys', () => {
  const keysOf = (file: unknown, convars?: Record<string, string>) => {
    const { config, problems } = loadConfig(fakeSource(file, convars));
    return { apiKey: config.apiKey, apiKeys: config.apiKeys, lines: problems.map(({ line }) => line) };
  };

  it('are apiKey and apiKeys together, each once', () => {
    const file = { apiKey: ` ${goodKey} `, apiKeys: [otherKey, goodKey.toLowerCase(), otherKey.toUpperCase()] };
    expect(keysOf(file)).toEqual({ apiKey: goodKey, apiKeys: [goodKey, otherKey], lines: [] });
  });

  it('come from convars too', () => {
    const convars = { sonoran_apiKey: goodKey, sonoran_apiKeys: JSON.stringify([otherKey]) };
    expect(keysOf({ apiKey: 'short' }, convars)).toEqual({ apiKey: goodKey, apiKeys: [goodKey, otherKey], lines: [] });
  });

  it('of which none is set are one error that says how to set one', () => {
    const { problems } = loadConfig(fakeSource({ apiKey: '' }));
    expect(problems).toEqual([
      { level: 'error', line: expect.stringMatching(/apiKey into config\.json.*set sonoran_apiKey/) },
    ]);
  });

  it('that are faulty cost the others nothing', () => {
    expect(keysOf({ apiKey: 'short-secret', apiKeys: [7, goodKey] })).toEqual({
      apiKey: '',
      apiKeys: [goodKey],
      lines: [
        'apiKey in config.json is too short: 12 characters, expected 16 to 256: it is not accepted',
        'apiKeys[0] in config.json is no text in double quotes: it is not accepted',
      ],
    });
  });

  it('named after the file and index they stand at never show the key', () => {
    const { lines } = keysOf({}, { sonoran_apiKeys: '["tooShortKey"]' });
    expect(lines[0]).toBe(
      'apiKeys[0] in the convar sonoran_apiKeys is too short: 11 characters, expected 16 to 256: it is not accepted',
    );
  });

  it('that are numbers are said to be no text, whatever their digits', () => {
    const { lines } = keysOf({ apiKey: 5, healthToken: 12_345, apiKeys: [goodKey] });
    expect(lines).toEqual([
      'apiKey in config.json is no text in double quotes: it is not accepted',
      expect.stringMatching(/^healthToken in config\.json is no text in double quotes; expected /),
    ]);
  });

  it('of which many are faulty are ten lines, and one about the rest', () => {
    const { lines } = keysOf({ apiKey: goodKey, apiKeys: Array.from({ length: 30 }, () => 'short') });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('apiKeys in config.json has 20 more faults');
  });

  it('in a convar that is no list are one line without the text', () => {
    const { lines } = keysOf({ apiKey: goodKey }, { sonoran_apiKeys: otherKey });
    expect(lines).toEqual([expect.stringContaining('apiKeys in the convar sonoran_apiKeys is no list, expected')]);
    expect(lines[0]).not.toContain(otherKey);
  });

  it.each(['quo"te-in-key-1234567', 'back\\slash-in-key-123'])('like %j are hidden in lists as well', (key) => {
    const { lines } = keysOf({ apiKey: key, mode: [key] });
    expect(lines).toEqual([expect.stringContaining('mode in config.json is ***, expected')]);
  });

  it('under a misspelt name are hidden like those under the right one', () => {
    const { lines } = keysOf({ apiKey: otherKey, apiKee: goodKey, serverId: goodKey });
    expect(lines).toContainEqual(expect.stringContaining('serverId in config.json is ***'));
  });

  it('that are missing are asked for in the file that was read', () => {
    const source = fakeSource();
    source.files.set('configuration/config.json', '{}');
    expect(loadConfig(source).problems[0]?.line).toContain('as apiKey into configuration/config.json');
  });

  it('in a file that is no JSON are not shown by a convar that repeats them', () => {
    const { lines } = keysOf(`{"apiKey": "${goodKey}",}`, { sonoran_mode: `x${goodKey}` });
    expect(lines).toContainEqual(expect.stringContaining('mode in the convar sonoran_mode is ***'));
  });

  it('pasted into another line are not shown there either', () => {
    const { lines } = keysOf({ apiKey: goodKey, serverId: goodKey, [goodKey]: 1, mode: [{ [otherKey]: goodKey }] });
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain(goodKey);
    expect(lines[1]).toBe(
      'serverId in config.json is ***, expected a whole number from 1 to 1000000: using 1, and the entry is only checked',
    );
  });
});

describe('the health token', () => {
  it('is taken, trimmed', () => {
    expect(load({ healthToken: ` ${otherKey} ` })).toMatchObject({ config: { healthToken: otherKey }, lines: [] });
  });

  it('must not be an API key in any case', () => {
    const { config, lines } = load({ healthToken: goodKey.toLowerCase() });
    expect(config.healthToken).toBe('');
    expect(lines).toEqual([expect.stringContaining('healthToken in config.json is an API key')]);
  });

  it('is refused for what an API key would be refused for, without being shown', () => {
    const { config, lines } = load({ healthToken: 'letmein' });
    expect(config.healthToken).toBe('');
    expect(lines).toEqual([
      'healthToken in config.json is too short: 7 characters; expected 16 to 256 printable ASCII characters, ' +
        'none of the API keys: the details of /health stay hidden',
    ]);
  });
});

describe('whatever the file and the convars hold', () => {
  const names = Object.keys(configKeys);
  const key = fc.stringMatching(/^[!#-[\]-~]{16,40}$/);
  const name = fc.oneof(fc.constantFrom(...names, ...names.map((known) => known.toUpperCase())), fc.string());

  it('loading never throws and gives every key a value of its kind', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(name, fc.jsonValue()).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, fc.dictionary(name, fc.oneof(fc.string(), fc.json())), (file, convars) => {
        const prefixed = Object.entries(convars).map(([convar, value]) => [`sonoran_${convar}`, value]);
        const { config, problems } = loadConfig(fakeSource(file, Object.fromEntries(prefixed)));
        const isOfItsKind = ([name, { schema }]: [string, ConfigKey]) => v.is(schema, config[name as ConfigKeyName]);
        return (
          Object.entries(configKeys).every(isOfItsKind) &&
          !problems.some(({ line }) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line))
        );
      }),
      { numRuns: 500 },
    );
  });

  it('no line shows a key, wherever else it was pasted', () => {
    const places = fc.record({
      key,
      as: fc.constantFrom('apiKey', 'apiKeys', 'healthToken', 'APIKEY'),
      via: fc.constantFrom('file', 'convar'),
      beside: fc.constantFrom(...names, 'unknown'),
      broken: fc.constantFrom('', ',', '}', ' #'),
      shape: fc.constantFrom<(text: string) => unknown>(
        (text) => text,
        (text) => [text],
        (text) => ({ [text]: [text] }),
        (text) => `x${text}`,
      ),
    });
    fc.assert(
      fc.property(places, ({ key: secret, as, via, beside, broken, shape }) => {
        const file: Record<string, unknown> = { [beside]: shape(secret) };
        const convars: Record<string, string> = { [`sonoran_${beside}`]: JSON.stringify(shape(secret)) };
        if (via === 'file') file[as] = shape(secret);
        else convars[`sonoran_${as}`] = JSON.stringify(shape(secret));
        const { problems } = loadConfig(fakeSource(JSON.stringify(file) + broken, convars));
        const lines = problems.map(({ line }) => line).join('\n');
        return !lines.includes(secret) && !lines.includes(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 1_000 },
    );
  });
});
