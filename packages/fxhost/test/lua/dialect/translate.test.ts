import { describe, expect, test } from '@jest/globals';
import { tokenize } from '../../../src/lua/dialect/tokens.ts';
import { translate } from '../../../src/lua/dialect/translate.ts';

/** The tokens of a text, whatever spaces are between them. */
function textsOf(source: string): string[] {
  return tokenize(source).map(({ text }) => text);
}

describe('translating CfxLua', () => {
  test.each([
    ['a hash', 'x = `adder` f`ADDER`', 'x = (-1216765807) f(-1216765807)'],
    ['a compound assignment to a name', 'a += b - c', 'a = a + (b - c)'],
    ['a compound assignment to a field of a name', 'a.n //= 2', 'a.n = a.n // (2)'],
    ['a compound assignment to a simple index', `a['n'] ..= b .. c`, `a['n'] = a['n'] .. (b .. c)`],
    [
      'a compound assignment to a field of a call',
      'f(1).n *= 2 x = 1',
      'do local __cfx_table = f(1) __cfx_table.n = __cfx_table.n * (2) end x = 1',
    ],
    [
      'a compound assignment to an index that is calculated',
      't[f()] -= 1',
      'do local __cfx_key = f() t[__cfx_key] = t[__cfx_key] - (1) end',
    ],
    [
      'a compound assignment to an index of a field',
      'a.b[k] += 1',
      'do local __cfx_table, __cfx_key = a.b, k __cfx_table[__cfx_key] = __cfx_table[__cfx_key] + (1) end',
    ],
    ['the compound exclusive or', 'a ^= b', 'a = a ~ (b)'],
    ['compound shifts and bit operations', 'a <<= b a |= c', 'a = a << (b) a = a | (c)'],
    ['safe navigation from a name', 'x = a?.b', 'x = (a and a.b)'],
    ['safe navigation by a key', 'x = a?[f(a.n)]', 'x = (a and a[f(a.n)])'],
    ['safe navigation in a row', 'x = a.b?.c?.d.e', 'x = ((a.b or {}).c or {}).d.e'],
    ['safe navigation from a call', 'f(g(1)?.x)', 'f((g(1) or {}).x)'],
    ['a statement that begins with safe navigation', 'a = b\nc?.d()', 'a = b\n;(c and c.d)()'],
    [
      'a compound assignment behind safe navigation',
      'a?.b.c += 1',
      ';do local __cfx_table = (a and a.b) __cfx_table.c = __cfx_table.c + (1) end',
    ],
    [
      'unpacking into locals',
      'local a, b <const> in f(x)',
      'local __cfx_source = f(x) local a, b <const> = __cfx_source.a, __cfx_source.b',
    ],
    ['unpacking into variables', 'a, b.c in t', 'do local __cfx_source = t a,b.c = __cfx_source.a, __cfx_source.c end'],
    ['sets', 'x = { .a, .b = 2, [3], c = 4, 5, }', 'x = { a = true, b = 2, [3] = true, c = 4, 5, }'],
    ['a C-style comment', 'a = 1 /* b = 2 */ c = 3', 'a = 1   c = 3'],
    ['one construct inside another', 'a += t[`adder`]?.n', 'a = a + ((t[(-1216765807)] or {}).n)'],
  ])('writes %s as Lua 5.4', (_, source, lua) => {
    expect(textsOf(translate(source))).toEqual(textsOf(lua));
  });

  test.each([
    'for k, v in pairs(t) do print(k, v) end',
    'for i = 1, 10, 2 do local x <const>, y <close> = 1, nil end',
    'local function f(a, b, ...) return a < b, { ... } end',
    'function a.b.c:d() goto done ::done:: return end',
    'if a then elseif not b then else x = -1 ^ 2 end while a do break end repeat local y until y == #t',
    `f 'x' { 1; 2 } [[y]]:z "w"; (g or h)(1)(2).i[3] = ~0 // 1 .. '?'`,
    'local t = { f = function() return 1 end, [1] = 2, "a+=b", x.y, z }',
    'return function(...) return ... end',
  ])('changes nothing in Lua 5.4: %s', (source) => {
    expect(translate(source)).toBe(source);
  });

  test('keeps the number of lines wherever they break', () => {
    const source = 'local a,\nb in\nf(\n1\n)\nt\n[\nk\n]\n+=\n1 /*\n\n*/ x\n?.\ny()\n';
    expect(translate(source).split('\n')).toHaveLength(source.split('\n').length);
  });

  test.each(['a += ', 'x = `a\\n` + 1', 'local x in', 'a?:b()', 'f() += 1', 'a?.b = 1', 'end a += 1', 'a, b += 1'])(
    'does not throw for source that is no CfxLua: %s',
    (source) => {
      expect(() => translate(source)).not.toThrow();
    },
  );

  test('leaves source that is nested too deep unchanged', () => {
    const source = `x = ${'('.repeat(100_000)}`;
    expect(translate(source)).toBe(source);
  });

  test('takes linear time for a long file', () => {
    const line = 't[#t + 1] = { .a, b = `x`, c = y?.z, d = function() n += 1 end } /* c */\n';
    expect(translate(line.repeat(20_000)).split('\n')).toHaveLength(20_001);
  });
});
