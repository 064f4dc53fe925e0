import { describe, expect, test } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

/** What a script prints, line by line. */
function printedBy(script: string): string[] {
  const server = createScriptedServer();
  server.run('lua', script);
  return server.printed.map((line) => line.replace('lua: ', ''));
}

describe('CfxLua in a script', () => {
  test('runs with all of its syntax', () => {
    expect(
      printedBy(`
        local n, t = 1, { a = { b = 2 }, [1] = 'one' } /* a comment
        in C's style */
        n += 2 n *= 5 n -= 1 n //= 3 n <<= 4 n |= 3 n ^= 1 n %= 50
        t.a.b += n
        t[1] ..= '!'
        local a in t
        print(n, a.b, t[1], t?.a?.b, t?.c?.d, t?[2]?[3])
        local set = { .x, .y = 2 }
        print(set.x, set.y, \`adder\`, joaat('ADDER'))`),
    ).toEqual(['16\t18\tone!\t18\tnil\tnil', 'true\t2\t-1216765807\t-1216765807']);
  });

  test('evaluates the table and key of a compound assignment once', () => {
    expect(
      printedBy(`local calls, t = 0, { n = 1 }
        local function get() calls = calls + 1 return t end
        local function key() calls = calls + 1 return 'n' end
        get().n += 1 get()[key()] += 1
        print(calls, t.n)`),
    ).toEqual(['3\t3']);
  });

  test('evaluates a key behind a safe navigation only when there is something to look in', () => {
    expect(printedBy('local t = nil print(t?[error("evaluated")])')).toEqual(['nil']);
  });

  test.each([
    ['while it loads', 'local a in {\n}\n/*\n*/\nerror("oops")', '@lua/server.lua:5: oops'],
    ['where it cannot be read', 'local n = 1\nn +=\n= 2', '@lua/server.lua:3:'],
    [
      'of a wrong operand',
      '\nlocal t = {}\n\nt.x += 1',
      "@lua/server.lua:4: attempt to perform arithmetic on a nil value (field 'x')",
    ],
  ])('names the line of the author in an error %s', (_, script, message) => {
    const server = createScriptedServer();
    expect(server.run('lua', script)).toBe(false);
    expect(server.printed.join('\n')).toContain(message);
  });

  test('keeps bytes that are not valid UTF-8', () => {
    const server = createScriptedServer();
    server.run('lua', String.raw`print(#'\xff\xfe', #'é', ('\xff'):byte())`);
    expect(server.printed).toEqual(['lua: 2\t2\t255']);
  });
});

describe('load', () => {
  test('compiles CfxLua from text, and from a function that returns pieces of text', () => {
    expect(
      printedBy(`
        local pieces = { 'local n = ... ', 'n += 1 return n, \`a\`' }
        print(load('return 1, ...')(2))
        print(load(function() return table.remove(pieces, 1) end)(1))`),
    ).toEqual(['1\t2', '2\t-902917054']);
  });

  test('compiles into an environment', () => {
    expect(
      printedBy(`local env = { x = 1 } load('x += 1 y = x', '=chunk', 't', env)() print(env.x, env.y, x)`),
    ).toEqual(['2\t2\tnil']);
  });

  test('returns nil and the message for a syntax error', () => {
    expect(printedBy(`print(load('x = = 1', '@file.lua')) print(load('x +'))`)).toEqual([
      "nil\tfile.lua:1: unexpected symbol near '='",
      `nil\t[string "x +"]:1: syntax error near '+'`,
    ]);
  });

  test('throws for an argument that is neither text nor a function', () => {
    expect(printedBy(`print(pcall(load, 5))`)[0]).toContain("bad argument #1 to 'load'");
  });
});

describe("functions of the server's Lua", () => {
  test('copy, empty and classify tables', () => {
    expect(
      printedBy(`
        local t = { 1, 2, a = {} }
        local copy = table.clone(t)
        print(copy ~= t, copy[2], copy.a == t.a, table.wipe(t) == t, next(t))
        print(table.type({}), table.type({ 1, 2 }), table.type({ a = 1 }), table.type({ 1, a = 1 }), table.type('no'))
        print(#table.create(3, 4), table.type({ nil, 2 }))
        print(pcall(table.clone, 1))`),
    ).toEqual([
      'true\t2\ttrue\ttrue\tnil',
      'empty\tarray\thash\tmixed\tnil',
      '0\thash',
      "false\tbad argument #1 to 'clone' (table expected, got number)",
    ]);
  });

  test('trim, split and join strings', () => {
    expect(
      printedBy(`
        print('[' .. string.strtrim('  a b \\n') .. ']', ('xxaxx'):strtrim('x'))
        print(string.strsplit(',;', 'a,b;;c')) print(string.strsplit(' ', 'say it all', 2))
        print(string.strjoin('-', 1, true, nil), string.strconcat('a', 1), scrub(1, {}, 'x'))`),
    ).toEqual(['[a b]\ta', 'a\tb\t\tc', 'say\tit all', '1-true-nil\ta1\t1\tnil\tx']);
  });

  test('run a function at the end of a block', () => {
    expect(printedBy(`do local _ <close> = defer(function() print('last') end) print('first') end`)).toEqual([
      'first',
      'last',
    ]);
  });

  test('iterate by __iter, __pairs and __ipairs', () => {
    expect(
      printedBy(`
        local function from(list) return function() return next, list end end
        for k, v in each({ a = 1 }) do print(k, v) end
        for k, v in each(setmetatable({}, { __iter = from({ b = 2 }) })) do print(k, v) end
        for k, v in each(setmetatable({}, { __pairs = from({ c = 3 }) })) do print(k, v) end
        for k, v in ipairs(setmetatable({}, { __ipairs = from({ d = 4 }) })) do print(k, v) end
        for k, v in ipairs({ 5 }) do print(k, v) end`),
    ).toEqual(['a\t1', 'b\t2', 'c\t3', 'd\t4', '1\t5']);
  });

  test('hash text, with and without its case', () => {
    expect(
      printedBy(`print(joaat('CPed'), joaat('Hello, World!'), joaat('cped'), joaat('A', true) ~= joaat('a'))`),
    ).toEqual(['-1803413927\t1395890823\t-1803413927\ttrue']);
  });

  test('round away from zero, and limit numbers', () => {
    expect(
      printedBy(`print(math.round(2.5), math.round(-2.5), math.trunc(-1.5), math.clamp(5, 1, 3), math.pow(2, 3))`),
    ).toEqual(['3.0\t-3.0\t-1\t3\t8.0']);
  });
});

describe('the msgpack library', () => {
  test('packs and unpacks values, and lists of arguments', () => {
    expect(
      printedBy(`
        print(json.encode(msgpack.unpack(msgpack.pack({ 1, 'a', { b = 2.5 } }))))
        print(#msgpack.pack_args(1, nil), msgpack.unpack(msgpack.pack_args(1, nil))[1])`),
    ).toEqual(['[1,"a",{"b":2.5}]', '3\t1']);
  });

  test('packs tables with a metatable as an extension type', () => {
    expect(
      printedBy(`
        local meta = { __ext = 60 }
        meta.__pack = function(self) return self.name end
        meta.__unpack = function(data, kind) return setmetatable({ name = data .. kind }, meta) end
        msgpack.extend(meta)
        print(msgpack.unpack(msgpack.pack(setmetatable({ name = 'a' }, meta))).name)`),
    ).toEqual(['a60']);
  });
});
