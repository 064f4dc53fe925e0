import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { fakeSource } from './fake-source.ts';

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
        const wrong = Object.entries(configKeys).filter(
          ([known, { schema }]) => !v.is(schema, config[known as keyof typeof config]),
        );
        expect(wrong).toEqual([]);
        expect(problems.filter(({ line }) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
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
        expect(lines).not.toContain(secret);
        expect(lines).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 1_000 },
    );
  });
});
