import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

describe('threads in Lua', () => {
  it('start at the next tick, at once, or later', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `CreateThread(function() print('thread') end)
       Citizen.CreateThreadNow(function() print('now') Wait(0) print('next') end)
       SetTimeout(100, function() print('later') end)`,
    );
    expect(server.printed).toEqual(['lua: now']);
    server.tick(0);
    expect(server.printed).toEqual(['lua: now', 'lua: thread', 'lua: next']);
    server.tick(50);
    expect(server.printed).toHaveLength(3);
    server.tick(100);
    expect(server.printed[3]).toBe('lua: later');
  });

  it('go once around a tick however short they wait', () => {
    const server = createScriptedServer();
    server.run('lua', `CreateThread(function() while true do print('turn') Wait(0) end end)`);
    server.tick(0);
    server.tick(50);
    expect(server.printed).toEqual(['lua: turn', 'lua: turn']);
  });

  it('await promises, settled or not, and raise their rejection', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `local p, q = promise.new(), promise.new()
       CreateThread(function() print('p', Citizen.Await(p)) print(pcall(Citizen.Await, q)) end)
       AddEventHandler('settle', function() p:resolve(5) q:reject('no') end)
       p:next(function(v) return v + 1 end):next(function(v) print('chained', v) end)
       promise.all({ p, promise.new(function(r) r:resolve(2) end) }):next(function(v) print(json.encode(v)) end)`,
    );
    server.tick(0);
    server.emit('settle');
    expect(server.printed).toEqual(['lua: chained\t6', 'lua: [5,2]', 'lua: p\t5', 'lua: false\tno']);
  });

  it('report their errors and leave the others running', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `local function inner() error({}) end
       CreateThread(function()
         inner()
       end)
       CreateThread(function() print('fine') end)`,
    );
    server.tick(0);
    expect(server.printed).toEqual([
      'lua: ^1SCRIPT ERROR: error object is not a string^7',
      'lua: ^3> inner^7 (^5@lua/server.lua^7:1)',
      'lua: ^3> [global chunk]^7 (^5@lua/server.lua^7:3)',
      'lua: fine',
    ]);
  });
});
