import { describe, expect, test } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

function printedBy(script: string): string[] {
  const server = createScriptedServer();
  server.run('lua', script);
  return server.printed.map((line) => line.replace('lua: ', ''));
}

describe('vectors in Lua', () => {
  test('have a type of their own, parts and swizzles', () => {
    expect(
      printedBy(`
        local v = vec(1, 2, 3)
        print(type(v), type(vec2(0)), type({}), type(nil), v.y, v[3], v.n, v.zyx, v.r, v.w)
        for name, part in pairs(vec2(4, 5)) do print(name, part) end`),
    ).toEqual([
      'vector3\tvector2\ttable\tnil\t2.0\t3.0\t3\tvec3(3.000000, 2.000000, 1.000000)\t1.0\tnil',
      'x\t4.0',
      'y\t5.0',
    ]);
  });

  test('are made of numbers, vectors and tables', () => {
    expect(
      printedBy(`print(vec3(vec2(1, 2), 3), vector4({ x = 1, y = 2, z = 3, w = 4 }))
        print(vec3({ 7, 8, 9 }).z, vec2(5), vec(6))
        print(pcall(vec3, 1, 2))`),
    ).toEqual([
      'vec3(1.000000, 2.000000, 3.000000)\tvec4(1.000000, 2.000000, 3.000000, 4.000000)',
      '9.0\tvec2(5.000000, 5.000000)\t6.0',
      'false\t3 numbers expected',
    ]);
  });

  test('calculate part by part, and have a length', () => {
    expect(
      printedBy(`print((vec2(1, 2) + 1) * vec2(2, 3) - vec2(1), #(vec2(0, 0) - vec2(3, 4)))
        print(-vec2(1, 2) // 2, 6 / vec2(2, 3))
        print(dot(vec2(1, 2), vec2(3, 4)), cross(vec3(1, 0, 0), vec3(0, 1, 0)), norm(vec2(3, 4)))
        print(vec2(1, 2) == vec2(1, 2), vec2(1, 2) == vec3(1, 2, 0), vec2(0.1, 0).x == 0.1)`),
    ).toEqual([
      'vec2(3.000000, 8.000000)\t5.0',
      'vec2(-1.000000, -1.000000)\tvec2(3.000000, 2.000000)',
      '11.0\tvec3(0.000000, 0.000000, 1.000000)\tvec2(0.600000, 0.800000)',
      'true\tfalse\tfalse',
    ]);
  });

  test('cannot be changed', () => {
    expect(printedBy('print(pcall(function() local v = vec2(1, 2) v.x = 3 end))')[0]).toContain(
      'vectors cannot be changed',
    );
  });

  test('are objects in JSON, and vectors again behind an event', () => {
    expect(
      printedBy(`
        print(json.encode({ at = vec3(1, 2, 3) }))
        AddEventHandler('at', function(v, q) print(type(v), v, type(q), q) end)
        TriggerEvent('at', vec2(1, 2), quat(1, 0, 0, 0))`),
    ).toEqual([
      '{"at":{"x":1.0,"y":2.0,"z":3.0}}',
      'vector2\tvec2(1.000000, 2.000000)\tquat\tquat(1.000000, {0.000000, 0.000000, 0.000000})',
    ]);
  });
});

describe('quaternions in Lua', () => {
  test('turn vectors', () => {
    expect(
      printedBy(`
        local quarter = quat(90.0, vec3(0, 0, 1))
        local function show(v) print(math.round(v.x), math.round(v.y), math.round(v.z)) end
        show(quarter * vec3(1, 0, 0)) show(quarter * quarter * vec3(1, 0, 0)) show(inv(quarter) * vec3(1, 0, 0))
        show(quat(vec3(1, 0, 0), vec3(0, 1, 0)) * vec3(1, 0, 0)) show(quat(vec3(0, 0, math.pi / 2)) * vec3(1, 0, 0))
        print(quat(), slerp(quat(), quarter, 1.0) == quarter)`),
    ).toEqual([
      '0.0\t1.0\t0.0',
      '-1.0\t0.0\t0.0',
      '0.0\t-1.0\t0.0',
      '0.0\t1.0\t0.0',
      '0.0\t1.0\t0.0',
      'quat(1.000000, {0.000000, 0.000000, 0.000000})\ttrue',
    ]);
  });
});

describe('matrices in Lua', () => {
  test('are made of columns or numbers, and have columns', () => {
    expect(
      printedBy(`
        local m = mat(vec2(1, 2), vec2(3, 4))
        print(type(m), #m, m[2], m)
        print(mat2x2(1, 2, 3, 4) == m, mat3x3(2)[2], mat2())
        m[3] = vec2(5, 6)
        print(m) print(pcall(function() m[4] = 1 end))`),
    ).toEqual([
      'matrix\t2\tvec2(3.000000, 4.000000)\tmat2x2((1.000000, 2.000000), (3.000000, 4.000000))',
      'true\tvec3(0.000000, 2.000000, 0.000000)\tmat2x2((1.000000, 0.000000), (0.000000, 1.000000))',
      'mat3x2((1.000000, 2.000000), (3.000000, 4.000000), (5.000000, 6.000000))',
      expect.stringContaining('a column must be a vector'),
    ]);
  });

  test('multiply numbers, vectors and matrices', () => {
    expect(
      printedBy(`
        local m = mat(vec2(1, 2), vec2(3, 4))
        print(m * vec2(1, 1), m * 2, m * m, m + m == m * 2, m - m)
        print(mat4x4(vec4(1, 0, 0, 0), vec4(0, 1, 0, 0), vec4(0, 0, 1, 0), vec4(5, 6, 7, 1)) * vec3(1, 1, 1))`),
    ).toEqual([
      [
        'vec2(4.000000, 6.000000)',
        'mat2x2((2.000000, 4.000000), (6.000000, 8.000000))',
        'mat2x2((7.000000, 10.000000), (15.000000, 22.000000))',
        'true',
        'mat2x2((0.000000, 0.000000), (0.000000, 0.000000))',
      ].join('\t'),
      'vec3(6.000000, 7.000000, 8.000000)',
    ]);
  });
});
