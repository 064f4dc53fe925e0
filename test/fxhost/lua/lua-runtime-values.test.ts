import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

/** The arguments of an event as Lua sends them on, from and to msgpack in hexadecimal digits. */
function sentOn(hex: string): string {
  const server = createScriptedServer();
  server.run('lua', `AddEventHandler('in', function(...) TriggerEvent('out', ...) end)`);
  server.runtime('lua').triggerEvent('in', new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')), '');
  const sent = server.payloads.get('out');
  return sent === undefined ? server.printed.join('\n') : Buffer.from(sent).toString('hex');
}

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

describe('msgpack through Lua', () => {
  it.each([
    ['integers of every width', '9b 00 7f cc80 cd0100 ce00010000 cf0020000000000001 ff e0 d080 d18000 d280000000'],
    ['the smallest 64-bit integer', '91 d38000000000000000'],
    [
      'whole, infinite and missing floats',
      '95 cb3ff0000000000000 cb7ff0000000000000 cbfff0000000000000 cb8000000000000000 cb3fb999999999999a',
    ],
    ['text with a NUL and bytes that are no UTF-8', '91 a5 00 41 ff c3 28'],
    ['text of every width', `93 d920${'61'.repeat(32)} da0100${'61'.repeat(256)} db00010000${'61'.repeat(65_536)}`],
    ['lists and maps of more than 15', `92 dc0010${'01'.repeat(16)} dc0011${'c3'.repeat(17)}`],
    ['nils inside and at the end', '94 01 c0 02 c0'],
    ['booleans', '92 c2 c3'],
    ['maps with other keys than numbers, and an own __proto__', '92 81 c3 a162 81 a95f5f70726f746f5f5f 01'],
    ['a vector', '91 c7 0c 15 0000803f 00000040 00004040'],
  ])('keeps %s', (_, hex) => {
    expect(sentOn(hex)).toBe(hex.replaceAll(' ', ''));
  });

  it('takes bytes as text, short floats, and the smallest form of integers', () => {
    expect(sentOn('94 c402 00ff ca3fc00000 d17fff d30000000000000001')).toBe('94a200ffcb3ff8000000000000cd7fff01');
  });

  it('refuses bytes that end too early, and passes over what is no list of arguments', () => {
    expect(sentOn('92 01')).toMatch(/SCRIPT ERROR: msgpack: ends too early/);
    expect(sentOn('81 01 02')).toBe('');
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
