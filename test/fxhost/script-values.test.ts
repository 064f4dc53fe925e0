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
