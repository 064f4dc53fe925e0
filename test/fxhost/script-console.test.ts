import { describe, expect, it } from '@jest/globals';
import { printedBy, serverWith } from './server-with.ts';

describe("FXServer's console", () => {
  it.each([
    [`console.log('a %s %d %f b', 'x', '7.9', '1.5', 'rest')`, ['a x 7 1.5 b rest']],
    [`console.log('%s')`, ['%s']],
    [`console.log()`, ['']],
    [`console.log(null, undefined, 1, true)`, ['null undefined 1 true']],
    [`console.info('a')`, ['Info: a']],
    [`console.debug('a')`, ['Debug: a']],
    [`console.warn('a')`, ['^3Warning: a^7']],
    [`console.error('a')`, ['^1Error: a^7']],
    [`console.table([])`, ['^1Error: console.table is not implemented yet^7']],
    [`console.log([1, { a: new Error('x') }])`, ['[', '  1,', '  {', '    "a": {}', '  }', ']']],
    [`const o = {}; console.log({ a: o, b: o })`, ['{', '  "a": {}', '}']],
    [`console.log(new Map([['a', 1]]))`, ['Map {', '  a => 1', '}']],
    [`console.log(new Uint8Array([1, 2]))`, ['Uint8Array[ 1 2 ]']],
    [`try { console.log(Object.create(null)) } catch (error) { print(error.name) }`, ['TypeError']],
  ])('%s', async (script, expected) => {
    const host = await serverWith({ one: script });
    expect(printedBy(host, 'one')).toEqual(expected);
  });
});
