import { equal, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import { type Normalised, normalise } from '../../src/events/normalise.ts';
import { anyCharacter } from '../any-character.ts';
import { eventFixtures, variantFixtures } from './fixtures.ts';

const TYPES = Object.keys(catalogue) as PushEventType[];
const FIXTURES = [...eventFixtures(), ...variantFixtures()];

/** The field names of all fixtures, so that arbitrary objects get past the first look. */
const NAMES = [...namesIn(FIXTURES.map(({ body }) => body)), '__proto__', 'constructor', 'units', 'ident', 'apiId1'];

/** JSON values with those names, own `__proto__` fields and odd numbers among them. */
const { value: anyJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom<unknown>(null, true, 'True', '12', '-0', '1e3', '', 2 ** 53, -1, 1.5, Number.POSITIVE_INFINITY),
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.integer(),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 8 })
      .map((fields) =>
        JSON.parse(`{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`),
      ),
  ),
}));

describe('normalise, with arbitrary JSON', () => {
  it.each(TYPES)('neither throws nor changes what it is given: %s', (type) => {
    const property = fc.property(fc.record({ data: anyJson, identIds: anyJson, logKey: anyJson }), (body) => {
      // To change what is frozen is an error, and so a fault.
      deepFreeze(body);
      const normalised = withoutFault(normalise(type, body));
      if (normalised.valid) {
        ok(v.is(catalogue[type].data.becomes, normalised.data));
        exerciseConcerns(type, normalised.data);
      } else ok(normalised.issues.length > 0 && normalised.issues.length <= 10);
    });
    fc.assert(property);
  });

  it('bears one arbitrary value in the place of each value of each example', () => {
    for (const { type, body } of FIXTURES) {
      const property = fc.property(fc.constantFrom(...placesIn(body.data ?? {})), anyJson, (place, value) => {
        const data = structuredClone(body.data ?? {});
        put(data, place, value);
        withoutFault(normalise(type, { ...body, data }));
      });
      fc.assert(property, { numRuns: 40 });
    }
  });

  it.each(TYPES)('bears nesting without end: %s', (type) => {
    for (const depth of [200, 30_000]) {
      const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
      const deepObject = JSON.parse(`${'{"data":'.repeat(depth)}1${'}'.repeat(depth)}`);
      for (const value of [deep, deepObject]) {
        const everywhere = Object.fromEntries(NAMES.map((name) => [name, value]));
        withoutFault(normalise(type, { data: value }));
        withoutFault(normalise(type, { data: everywhere }));
      }
    }
  });

  it.each(TYPES)('drops an own __proto__ field from what it canonicalises: %s', (type) => {
    const fixture = FIXTURES.find((each) => each.type === type);
    const text = JSON.stringify(fixture?.body.data ?? {})
      .replaceAll('{', '{"__proto__":{"polluted":1},')
      .replaceAll(',}', '}');
    const { data } = normalise(type, { ...fixture?.body, data: JSON.parse(text) });
    expect(JSON.stringify(data)).not.toContain('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});

function withoutFault(normalised: Normalised): Normalised {
  equal('fault' in normalised ? normalised.fault : undefined, undefined);
  return normalised;
}

function exerciseConcerns(type: PushEventType, data: unknown): void {
  const { concerns } = catalogue[type];
  for (const name of ['idents', 'calls', 'emergencyCalls'] as const) {
    for (const id of concerns[name]?.(data) ?? []) ok(Number.isSafeInteger(id));
  }
  for (const identity of concerns.identities?.(data) ?? []) equal(typeof identity, 'string');
}

function namesIn(value: unknown, names = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return names;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) names.add(name);
    namesIn(inner, names);
  }
  return names;
}

function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, field]) => placesIn(field, [...path, name]));
  return path.length === 0 ? [...inner, ['extra']] : [path, ...inner];
}

function put(target: unknown, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length > 0) put(Reflect.get(Object(target), name), rest, value);
  else Reflect.set(Object(target), name, value);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
