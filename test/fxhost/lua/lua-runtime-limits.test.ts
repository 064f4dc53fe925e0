import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

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
