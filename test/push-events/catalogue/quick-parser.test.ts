import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { catalogue, type PushEventType } from '../../../src/push-events/catalogue/catalogue.ts';
import { quickParser, UNFIT } from '../../../src/push-events/catalogue/quick-parser.ts';
import { readObject } from '../../../src/push-events/catalogue/read-values.ts';
import { eventFixtures, variantFixtures } from '../fixtures.ts';

const FIXTURES = [...eventFixtures(), ...variantFixtures()].filter(({ type }) => Object.hasOwn(catalogue, type));

/** As text too, which shows the order of fields. */
function expectSame(schema: z.ZodType, quick: (value: unknown) => unknown, value: unknown): void {
  const expected = schema.safeParse(value);
  const given = quick(value);
  if (!expected.success) {
    expect(given).toBe(UNFIT);
    return;
  }
  expect(given).toStrictEqual(expected.data);
  expect(JSON.stringify(given)).toBe(JSON.stringify(expected.data));
}

describe('quickParser', () => {
  it.each(FIXTURES)('makes the same of $name as its schema', ({ type, body }) => {
    const entry = catalogue[type as PushEventType];
    const schema = entry.schema();
    expectSame(schema, quickParser(schema), entry.canonicalise(readObject(body.data) ?? {}, body));
  });

  it('makes the same of them with any value in the place of any field, or without it', () => {
    for (const { type, body } of FIXTURES) {
      const entry = catalogue[type as PushEventType];
      const schema = entry.schema();
      const quick = quickParser(schema);
      const canonical = entry.canonicalise(readObject(body.data) ?? {}, body);
      const replaced = fc.constantFrom(undefined, null, true, 0, 1.5, 2 ** 53, Number.NaN, '', 'text', [], [1], {});
      const property = fc.property(
        fc.constantFrom(...placesIn(canonical)),
        replaced,
        fc.boolean(),
        (at, value, isGone) => {
          const changed = structuredClone(canonical);
          put(changed, at, value, isGone);
          expectSame(schema, quick, changed);
        },
      );
      fc.assert(property, { numRuns: 100 });
    }
  });

  it('leaves to a schema what it does not know of it', () => {
    const schema = z.looseObject({
      short: z.string().max(2).optional(),
      either: z.union([z.number(), z.string()]),
      small: z.int32().default(1),
      strict: z.strictObject({ a: z.number() }).optional(),
    });
    const quick = quickParser(schema);
    for (const value of [
      { either: 1 },
      { either: 'one', short: 'ab', small: 2, more: [] },
      { either: 1, short: 'abc' },
      { either: null },
      { either: 1, small: 2 ** 40 },
      { either: 1, strict: { a: 1 } },
      { either: 1, strict: { a: 1, b: 2 } },
      [],
      null,
    ]) {
      expectSame(schema, quick, value);
    }
  });

  it('makes a default anew each time, and takes no prototype from outside', () => {
    const quick = quickParser(z.looseObject({ list: z.array(z.string()).default(() => []) }));
    const [one, other] = [quick({}), quick(JSON.parse('{"__proto__":{"polluted":true},"more":1}'))] as {
      list: unknown;
    }[];
    expect(one?.list).not.toBe(other?.list);
    expect(other).toStrictEqual({ list: [], more: 1 });
    expect(other).not.toHaveProperty('polluted');
  });
});

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Object.entries(value).flatMap(([name, member]) => placesIn(member, [...at, name]));
  return at.length === 0 ? below : [at, ...below];
}

function put(root: object, at: Place, value: unknown, isGone: boolean): void {
  const node = at.slice(0, -1).reduce<object>((parent, step) => Reflect.get(parent, step), root);
  const name = at.at(-1) ?? '';
  if (isGone && !Array.isArray(node)) Reflect.deleteProperty(node, name);
  else Reflect.set(node, name, value);
}
