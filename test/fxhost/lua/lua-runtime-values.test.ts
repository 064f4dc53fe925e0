import { describe, expect, it } from '@jest/globals';
import { msgpackToWire, wireToMsgpack } from '../../../scripts/fxhost/lua/wire-msgpack.ts';
import { createScriptedServer } from './scripted-server.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const roundTrip = (hex: string) => Buffer.from(wireToMsgpack(JSON.parse(msgpackToWire(bytes(hex))))).toString('hex');

/** What Lua says about the arguments it got. */
function described(...args: unknown[]): string[] {
  const server = createScriptedServer();
  server.run(
    'lua',
    `AddEventHandler('values', function(...)
      for i = 1, select('#', ...) do
        local value = select(i, ...)
        print(math.type(value) or type(value), type(value) == 'table' and json.encode(value) or tostring(value))
      end
    end)`,
  );
  server.emit('values', ...args);
  return server.printed.map((line) => line.replace('lua: ', '').replace('\t', ' '));
}

/** What JavaScript gets for Lua expressions. */
function received(expressions: string): unknown[] {
  const server = createScriptedServer();
  let got: unknown[] = [];
  server.on('values', (...args) => {
    got = args;
  });
  server.run('lua', `TriggerEvent('values', ${expressions})`);
  return got;
}

describe('msgpack through Lua text', () => {
  it.each([
    ['integers of every width', '9b 00 7f cc80 cd0100 ce00010000 cf0020000000000001 ff e0 d080 d17fff d280000000'],
    ['the smallest 64-bit integer', '91 d38000000000000000'],
    [
      'whole, infinite and missing floats',
      '95 cb3ff0000000000000 cb7ff0000000000000 cbfff0000000000000 cb8000000000000000 cb3fb999999999999a',
    ],
    ['text with a NUL and bytes that are no UTF-8', '91 a5 00 41 ff c3 28'],
    ['nils inside and at the end', '94 01 c0 02 c0'],
    ['maps with other keys than text, and keys that look like marks', '92 82 01 a161 c3 a162 81 a2 2466 01'],
    ['a function reference', '91 c7 07 0a 61 62 63 3a 31 3a 32'],
    ['a vector', '91 c7 0c 15 0000803f 00000040 00004040'],
  ])('keeps %s', (_, hex) => {
    const compact = hex.replaceAll(' ', '').replace('d17fff', 'cd7fff');
    expect(roundTrip(hex)).toBe(compact);
  });

  it('grows its buffer in the middle of a value', () => {
    const long = 'x'.repeat(70_000);
    expect(wireToMsgpack(['a'.repeat(250), long, 1.5]).length).toBe(1 + 2 + 250 + 5 + 70_000 + 9);
  });

  it('refuses bytes that end too early', () => {
    expect(() => msgpackToWire(bytes('92 01'))).toThrow(/bounds|ends too early/);
  });
});

describe('values from JavaScript in Lua', () => {
  it('tells integers from floats', () => {
    expect(described(1, -5, 1.5, 2 ** 40, 2 ** 53)).toEqual([
      'integer 1',
      'integer -5',
      'float 1.5',
      'float 1099511627776.0',
      'float 9.007199254741e+15',
    ]);
  });

  it('gets text as UTF-8, nulls as nil in their places, and objects with text keys', () => {
    expect(described('Jürgen ✓', null, [1, null, 3], { 7: 'seven' }, [])).toEqual([
      'string Jürgen ✓',
      'nil nil',
      'table [1,null,3]',
      'table {"7":"seven"}',
      'table []',
    ]);
  });
});

describe('values from Lua in JavaScript', () => {
  it('makes lists of sequences and of empty tables, maps of others', () => {
    expect(received('{1, 2, 3}, {}, {[1] = "a", [5] = "b"}, {x = 1, [2] = true}')).toEqual([
      [1, 2, 3],
      [],
      { 1: 'a', 5: 'b' },
      { x: 1, 2: true },
    ]);
  });

  it('keeps nils in arguments, big integers as far as JavaScript can, and floats', () => {
    expect(received('nil, 1, 2^53 | 0, 1e300, 0/0, math.huge, nil')).toEqual([
      null,
      1,
      2 ** 53,
      1e300,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
    ]);
  });

  it('reports a table that holds itself instead of hanging', () => {
    const server = createScriptedServer();
    server.run('lua', `local t = {} t.t = t print(pcall(TriggerEvent, 'values', t))`);
    expect(server.printed[0]).toBe('lua: false\tvalue nested too deep, or a table inside itself');
  });
});
