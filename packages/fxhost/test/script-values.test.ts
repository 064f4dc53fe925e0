import { describe, expect, it } from '@jest/globals';
import { printedBy, serverWith } from './server-with.ts';

/** What the handler of another resource is given for an expression. */
async function arrivesAs(expression: string): Promise<string | undefined> {
  const host = await serverWith({
    receiver: `on('value', (value) => {
      const kind = typeof value === 'function' ? 'function' : value instanceof ArrayBuffer ? 'ArrayBuffer' : '';
      print(kind || JSON.stringify(value, (_key, item) => (Number.isFinite(item) || typeof item !== 'number' ? item : String(item))));
    })`,
    sender: `try { emit('value', ${expression}) } catch (error) { print('throws ' + error.message) }`,
  });
  return [...printedBy(host, 'receiver'), ...printedBy(host, 'sender')].at(-1);
}

describe('a value that crosses to another resource', () => {
  it.each([
    ['undefined', 'null'],
    ['Symbol("a")', 'null'],
    ['function* () {}', 'null'],
    ['{ a: undefined }', '{"a":null}'],
    ['NaN', '"NaN"'],
    ['2 ** 53 - 1', '9007199254740991'],
    ['-0', '0'],
    ['10n', 'throws Unsupported type "bigint": 10'],
    ['new Date()', '{}'],
    ['new Map([[1, 2]])', '{}'],
    ['new Set([1])', '{}'],
    ['/a/', '{}'],
    ['new Error("a")', '{}'],
    ['new DataView(new ArrayBuffer(2))', '{}'],
    ['Promise.resolve(1)', '{}'],
    ['new (class A { a = 1; #b = 2; get c() { return 3 } })()', '{"a":1}'],
    ['Buffer.from("ab")', '{"0":97,"1":98}'],
    ['new Uint8Array([1, 2])', '{"0":1,"1":2}'],
    ['new Float32Array([1.5])', '{"0":1.5}'],
    ['new ArrayBuffer(2)', 'ArrayBuffer'],
    ['() => 1', 'function'],
    ['async () => 1', 'function'],
    ['class A {}', 'function'],
    ['[1, , 3]', '[1,null,3]'],
    ['{ 1: "a" }', '{"1":"a"}'],
    ['"ü€😀"', '"ü€😀"'],
    ['[[[{}]]]', '[[[{}]]]'],
  ])('%s arrives as %s', async (expression, expected) => {
    expect(await arrivesAs(expression)).toBe(expected);
  });

  it('cannot be circular', async () => {
    expect(await arrivesAs('(() => { const a = {}; a.a = a; return a })()')).toMatch(/throws Maximum call stack/);
  });

  it('takes the handler by the receiving scope, whose own classes the value is of', async () => {
    const host = await serverWith({
      receiver: `on('value', (value) => print(value instanceof Object, Array.isArray(value.list), value.list instanceof Array))`,
      sender: `emit('value', { list: [] })`,
    });
    expect(printedBy(host, 'receiver')).toEqual(['true true true']);
  });
});

describe('an integer that fits no int32', () => {
  it('is sent as a float, which is what Lua sees', async () => {
    const host = await serverWith({
      sender: `print([...msgpack_pack([2147483647, 2147483648])].map((b) => b.toString(16)).join(' '))`,
    });
    expect(printedBy(host, 'sender')).toEqual(['92 ce 7f ff ff ff cb 41 e0 0 0 0 0 0 0']);
  });
});

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
