import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

function printedBy(script: string, natives = {}): string[] {
  const server = createScriptedServer(natives);
  server.run('lua', script);
  return server.printed.map((line) => line.replace('lua: ', ''));
}

describe('globals in Lua', () => {
  it('print a vector with its parts', () => {
    const server = createScriptedServer();
    server.run('lua', `print(vector3(1, 2.5, 3), vector2(-1, 0)) print('at ' .. tostring(vec4(1, 2, 3, 4)))`);
    expect(server.printed).toEqual([
      'lua: vec3(1.000000, 2.500000, 3.000000)\tvec2(-1.000000, 0.000000)',
      'lua: at vec4(1.000000, 2.000000, 3.000000, 4.000000)',
    ]);
  });

  it('have no way to processes or to code in files', () => {
    expect(
      printedBy(`print(io.popen, os.execute, package, pcall(require, 'socket'), dofile, loadfile)
        local kept = {} for name in pairs(os) do kept[#kept + 1] = name end table.sort(kept) print(table.concat(kept, ' '))`),
    ).toEqual(['nil\tnil\tnil\tfalse\tnil\tnil', 'clock date difftime microtime nanotime time']);
  });

  it('call natives with plain values and give false or a number for booleans', () => {
    const calls: unknown[][] = [];
    const natives = {
      SetConvar: (...args: unknown[]) => calls.push(args) < 0,
      IsOn: () => true,
      GetConvarFloat: () => 1,
      GetNumPlayerIndices: () => 2,
      GetPlayerFromIndex: (index: unknown) => String(Number(index) + 10),
      Fails: () => {
        throw new Error('no');
      },
      RegisterCommand: (_name: unknown, handler: unknown) => calls.push([handler]) < 0,
    };
    expect(
      printedBy(
        `print(SetConvar('schlüssel', 5, 1.0, { a = { 1 } }, nil), IsOn(), GetConvarFloat('x', 0.5))
         print(json.encode(GetPlayers()), GetCurrentResourceName())
         print(pcall(Fails))
         RegisterCommand('x', function() end, false)`,
        natives,
      ),
    ).toEqual(['false\t1\t1.0', '["10","11"]\tlua', 'false\tExecution of native Fails in script host failed: no']);
    expect(calls).toEqual([['schlüssel', 5, 1, { a: [1] }, null], ['lua:1:0']]);
  });

  it('have json that keeps integers, nulls in lists and what was escaped', () => {
    expect(
      printedBy(`local t = json.decode('{"a": [1, 2.0, null, 4], "b": null, "c": "\\\\u00fc\\\\ud83d\\\\ude00\\\\\\\\ud83d\\\\n"}')
        print(math.type(t.a[1]), math.type(t.a[2]), t.a[3], t.a[4], t.b, t.c == 'ü😀\\\\ud83d\\n')
        print(json.encode({ 1, 2.5, 0.1, 1e300, 'a"\\1', {}, { x = json.null, y = { 1, nil, 3 } } }))
        print(json.encode({ a = { 1 } }, { indent = true }))
        print(json.decode('{"a":'))
        print(pcall(json.encode, { f = print }))`),
    ).toEqual([
      'integer\tfloat\tnil\t4\tnil\ttrue',
      '[1,2.5,0.1,1e+300,"a\\"\\u0001",[],{"x":null,"y":[1,null,3]}]',
      '{',
      '    "a": [',
      '        1',
      '    ]',
      '}',
      'nil\tInvalid value. (5)',
      'false\tunsupported type: function',
    ]);
  });

  it('print warnings in yellow', () => {
    expect(printedBy(`warn('the disk ', 'is full')`)).toEqual(['^3Warning: the disk is full^7']);
  });

  it('have vectors', () => {
    expect(
      printedBy(`local v = vector3(1, 2, 3) + vector3(2, 0, 3)
        print(v.x, v.y, v.z, #(vector2(3, 4)), v == vec3(3, 2, 6), v * 2)`),
    ).toEqual(['3.0\t2.0\t6.0\t5.0\ttrue\tvec3(6.000000, 4.000000, 12.000000)']);
  });

  it('say which file could not be read or run', () => {
    const server = createScriptedServer();
    expect(server.run('lua', 'local =')).toBe(false);
    expect(server.run('lua', `error('at load')`)).toBe(false);
    expect(server.run('lua', `print('fine')`)).toBe(true);
    expect(server.printed[0]).toMatch(
      /^lua: Error parsing script @lua\/server.lua in resource lua: @lua\/server.lua:1: /,
    );
    expect(server.printed[1]).toBe('lua: ^1SCRIPT ERROR: @lua/server.lua:1: at load^7');
    expect(server.printed.at(-1)).toBe('lua: fine');
  });
});

const COUNTER = `
  local seen = 0
  AddEventHandler('work', function(data, callback)
    seen = seen + 1
    if callback then callback(data.n) end
  end)
  exports('seen', function() return seen end)
  exports('memory', function() collectgarbage() collectgarbage() return collectgarbage('count') end)`;

describe('limits of Lua', () => {
  it('nothing grows over 20,000 events with callbacks and errors', () => {
    const server = createScriptedServer();
    server.run('lua', COUNTER);
    const memory = server.exportOf('lua', 'memory');
    const emitMany = (count: number) => {
      for (let n = 0; n < count; n++) {
        server.emit('work', { n, text: 'x'.repeat(100) }, n % 10 === 0 ? () => undefined : null);
        if (n % 50 === 0) server.emit('work', 'no table');
      }
      server.tick(0);
    };
    emitMany(2000);
    const [before] = memory() as [number];
    const functionsBefore = server.jsFunctions.size;
    emitMany(20_000);
    const [after] = memory() as [number];
    server.tick(1);
    expect(server.exportOf('lua', 'seen')()).toEqual([22_440]);
    expect(after - before).toBeLessThan(50);
    expect(server.jsFunctions.size).toBeLessThanOrEqual(functionsBefore + 1);
  });

  it('frees a Lua function when JavaScript lets go of it', () => {
    const server = createScriptedServer();
    server.run('lua', `exports('f', function() end)`);
    const handed = server.exportOf('lua', 'f');
    const held = server.runtime('lua').countRefs();
    handed.release();
    expect(server.runtime('lua').countRefs()).toBe(held - 1);
  });

  it('frees what it held when it stops', () => {
    const server = createScriptedServer();
    server.run('lua', `AddEventHandler('keep', function(fn) Kept = fn end)`);
    server.emit('keep', () => undefined);
    expect(server.jsFunctions.size).toBe(1);
    server.stop('lua');
    expect(server.jsFunctions.size).toBe(0);
  });

  it('stops a resource that is running when it returns', () => {
    const server = createScriptedServer();
    server.run('lua', `AddEventHandler('e', function() TriggerEvent('stop') print('still here') end)`);
    server.on('stop', () => server.runtime('lua').dispose('stop'));
    server.emit('e');
    server.emit('e');
    expect(server.printed).toEqual(['lua: still here']);
  });

  it('calls 30 deep between resources, and refuses at 40 with a text, again and again', () => {
    const server = createScriptedServer();
    const script = (own: string, other: string) => `
      exports('down', function(n)
        if n == 0 then return 0 end
        return 1 + exports.${other}:down(n - 1)
      end)
      AddEventHandler('${own}', function(n) Depth = n TriggerEvent('${other}', n + 1) end)
      exports('depth', function() return Depth end)`;
    server.run('a', script('a', 'b'));
    server.run('b', script('b', 'a'));
    const down = server.exportOf('a', 'down');
    for (let round = 0; round < 20; round++) {
      server.printed.length = 0;
      expect(down(30)).toEqual([30]);
      expect(server.printed).toEqual([]);
      down(60);
      server.emit('a', 1);
    }
    expect(server.printed).toContain('a: ^1SCRIPT ERROR: calls into Lua nested more than 40 deep^7');
    expect(down(30)).toEqual([30]);
  });
});
