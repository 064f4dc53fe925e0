import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { knownMembers, listOfLength, membersOf, recordOf, trimmed, wholeFrom } from '../../src/lib/settings.ts';

const faults = (schema: v.GenericSchema, given: unknown) =>
  (v.safeParse(schema, given).issues ?? []).map(({ path = [] }) => path.map(({ key }) => key));

describe('the schemas of settings', () => {
  const sound = membersOf({ name: trimmed });
  const rule = membersOf({ on: trimmed, sound: v.optional(v.nullable(sound)) });
  const settings = membersOf({
    rules: v.optional(listOfLength(rule, 0, 2), () => []),
    size: v.optional(wholeFrom(1, 9), 3),
  });

  it('fill in what is missing', () => {
    expect(v.parse(settings, {})).toEqual({ rules: [], size: 3 });
  });

  it('take no list for an object, and no name that they do not know', () => {
    expect(faults(settings, [])).toEqual([[]]);
    expect(faults(settings, { constructor: 1 })).toEqual([['constructor']]);
    expect(faults(settings, { rules: [{ on: 'a', sound: [] }] })).toEqual([['rules', 0, 'sound']]);
  });

  it('say of a list of the wrong length nothing else', () => {
    expect(faults(settings, { rules: [5, 5, 5] })).toEqual([['rules']]);
    expect(faults(settings, { rules: [5] })).toEqual([['rules', 0]]);
  });

  it.each([0, 10, 1.5, '3', Number.NaN])('take no number out of bounds: %j', (size) => {
    expect(faults(settings, { size })[0]).toEqual(['size']);
  });

  it('know the names at each place', () => {
    expect(knownMembers(settings, [])).toEqual(['rules', 'size']);
    expect(knownMembers(settings, ['rules', 4])).toEqual(['on', 'sound']);
    expect(knownMembers(settings, ['rules', 4, 'sound'])).toEqual(['name']);
    expect(knownMembers(settings, ['rules'])).toEqual([]);
    expect(knownMembers(settings, ['nothing', 'toString'])).toEqual([]);
  });
});

describe('an object of any names', () => {
  const record = recordOf(v.pipe(trimmed, v.toUpperCase(), v.maxLength(11)), v.array(v.number()));

  it('keeps every name but the one of the prototype', () => {
    const given = JSON.parse('{"constructor":[1],"prototype":[2],"__proto__":[3]}');
    expect(Object.entries(v.parse(record, given))).toEqual([
      ['CONSTRUCTOR', [1]],
      ['PROTOTYPE', [2]],
    ]);
  });

  it('tells a bad name from a bad value', () => {
    const { issues = [] } = v.safeParse(record, { 'much too long': 'x', a: ['x'] });
    expect(issues.map(({ path = [] }) => path.map(({ key, origin }) => [key, origin]))).toEqual([
      [['much too long', 'key']],
      [
        ['a', 'value'],
        [0, 'value'],
      ],
    ]);
    expect(v.is(record, [])).toBe(false);
  });
});
