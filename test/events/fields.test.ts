import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { filled, needed, optional, shape, withoutDefaults } from '../../src/events/fields.ts';
import {
  anything,
  filledText,
  flag,
  ids,
  type Kind,
  listOf,
  neededIds,
  neededListOf,
  number,
  strictly,
  text,
  textOrNumber,
  texts,
  whole,
  wholeOrText,
} from '../../src/events/kinds.ts';

const read = (kind: Kind<unknown>, given: unknown) => v.parse(kind.read, given);
const reasons = (kind: Kind<unknown>, given: unknown) =>
  (v.safeParse(kind.read, given).issues ?? []).map(({ message, path = [] }) =>
    [...path.map(({ key }) => String(key)), message].join(' '),
  );

describe('a kind', () => {
  it.each<[string, Kind<unknown>, unknown, unknown]>([
    ['a whole number', whole, '12', 12],
    ['a number', number, '29.40', 29.4],
    ['text', text, 8042, '8042'],
    ['text that is not empty', filledText, true, 'true'],
    ['a flag', flag, 'True', true],
    ['text or a number', textOrNumber, '007', '007'],
    ['a whole number or text', wholeOrText, '7', 7],
    ['a whole number or text', wholeOrText, '007', '007'],
    ['anything', anything, null, null],
    ['ids', ids, ['1', 'x', 2], [1, 2]],
    ['ids', neededIds, '3', [3]],
    ['ids', neededIds, [], []],
    ['texts', texts, ['a', '', null], ['a']],
    ['a list', listOf(whole), 'x', []],
  ])('of %s reads what counts as it', (_name, kind, given, expected) => {
    expect(read(kind, given)).toEqual(expected);
  });

  it.each<[Kind<unknown>, unknown, string[]]>([
    [whole, 'abc', ['a number']],
    [whole, 1.5, ['a whole number']],
    [whole, 2 ** 53, ['a number below 2^53']],
    [whole, -(2 ** 53), ['a number above -2^53']],
    [whole, Number.POSITIVE_INFINITY, ['a number']],
    [number, Number.POSITIVE_INFINITY, ['a number']],
    [text, {}, ['text']],
    [filledText, '', ['text that is not empty']],
    [filledText, [], ['text', 'a list with something in it']],
    [flag, 'maybe', ['true or false']],
    [textOrNumber, null, ['a number or text']],
    [wholeOrText, 1.5, ['a whole number or text']],
    [neededIds, undefined, ['a list']],
    [neededIds, ['a', 'b'], ['0 a number', '1 a number']],
    [neededListOf(whole, false), [], ['a list with something in it']],
    [strictly(whole), '12', ['a number']],
    [strictly(listOf(whole)), [1, '2'], ['1 a number']],
  ])('refuses what does not: %#', (kind, given, expected) => {
    expect(reasons(kind, given)).toEqual(expected);
  });
});

describe('a shape', () => {
  const inner = shape('Inner', { id: needed(whole, { client: true }), note: filled(text, '-') });
  const outer = shape('Outer', {
    ids: needed(neededIds, { formerly: 'id', client: true }),
    inner: filled(listOf(inner), [], { client: true }),
    alarm: filled(flag, true, { isRefused: true }),
    place: optional(text),
    url: optional(text, { client: 'https' }),
  });

  it('fills in defaults, leaves out what cannot be read, and keeps what it does not know', () => {
    const given = { more: 1, place: {}, constructor: 2, prototype: 3, toString: 4, ids: 7, inner: [{ id: 1 }, {}] };
    expect(read(outer, given)).toStrictEqual({
      ids: [7],
      inner: [{ id: 1, note: '-' }],
      alarm: true,
      more: 1,
      constructor: 2,
      prototype: 3,
      toString: 4,
    });
  });

  it('has its declared fields first, in their order', () => {
    expect(Object.keys(v.parse(outer.read, { more: 1, alarm: null, place: 'a', ids: [] }))).toEqual([
      'ids',
      'inner',
      'alarm',
      'place',
      'more',
    ]);
  });

  it('takes no prototype from outside', () => {
    const output = read(outer, JSON.parse('{"ids":1,"__proto__":{"polluted":true}}'));
    expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
    expect(output).not.toHaveProperty('polluted');
  });

  it('looks for an old name where nothing is under the present one', () => {
    expect(read(outer, { ids: [], id: '3' })).toEqual({ ids: [3], inner: [], alarm: true });
    expect(read(outer, { ids: 4, id: 3 })).toEqual({ ids: [4], inner: [], alarm: true });
    expect(reasons(outer, { id: 'x' })).toEqual(['ids 0 a number']);
  });

  it('makes its defaults anew each time', () => {
    const [one, other] = [v.parse(outer.read, { ids: 1 }), v.parse(outer.read, { ids: 1 })];
    expect(one.inner).not.toBe(other.inner);
  });

  it('is refused for a needed field, and for one of which a guess would be wrong', () => {
    expect(reasons(outer, {})).toEqual(['ids a list']);
    expect(reasons(outer, { ids: 1, alarm: 'maybe' })).toEqual(['alarm true or false']);
    expect(reasons(outer, 'text')).toEqual(['an object']);
    expect(reasons(neededListOf(inner), [{ note: 5 }, 'x'])).toEqual(['0 id a number', '0 note text', '1 an object']);
  });

  it('lists what a game may see', () => {
    expect(outer.shown).toEqual({ ids: ['number'], inner: [{ id: 'number' }], url: 'https' });
  });

  it('takes its own output', () => {
    const output = read(outer, { ids: '1', inner: { id: '2' }, more: 1 });
    expect(v.is(outer.becomes, output)).toBe(true);
    expect(read(outer, output)).toEqual(output);
  });

  it('without its defaults says only what was said', () => {
    const change = shape(null, withoutDefaults({ page: filled(whole, -1), name: filled(text, '') }));
    expect(read(change, { page: 'x', name: 7 })).toEqual({ name: '7' });
  });
});
