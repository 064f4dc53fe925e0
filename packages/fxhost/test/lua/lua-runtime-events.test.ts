import { describe, expect, it } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

describe('events in Lua', () => {
  it('reach handlers in the order they were added, until removed', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `local first = AddEventHandler('e', function() print('first') end)
       AddEventHandler('e', function() print('second') RemoveEventHandler(first) end)`,
    );
    server.emit('e');
    server.emit('e');
    expect(server.printed).toEqual(['lua: first', 'lua: second', 'lua: second']);
  });

  it('give the one who triggers them false when they were cancelled', () => {
    const server = createScriptedServer();
    server.cancelled.add('cancelled');
    server.run('lua', `print(TriggerEvent('passed'), TriggerEvent('cancelled'))`);
    expect(server.printed).toEqual(['lua: 1\tfalse']);
  });

  it('go out with arguments that are packed already', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `AddEventHandler('e', function(...) print(...) end)
       local packed = msgpack.pack_args(1, 'a')
       TriggerEventInternal('e', packed, #packed)
       TriggerClientEventInternal('c', 3, packed, #packed)
       TriggerLatentClientEventInternal('l', -1, packed, #packed, 5000)`,
    );
    expect(server.printed).toEqual(['lua: 1\ta']);
    expect(server.sent).toEqual([
      { name: 'c', target: '3', args: [1, 'a'], bytesPerSecond: undefined },
      { name: 'l', target: '-1', args: [1, 'a'], bytesPerSecond: 5000 },
    ]);
  });

  it('isolate a failing handler and name its place', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `AddEventHandler('e', function()
         error('bad thing')
       end)
       AddEventHandler('e', function() print('goes on') end)`,
    );
    server.emit('e');
    expect(server.printed).toEqual([
      'lua: ^1SCRIPT ERROR: @lua/server.lua:2: bad thing^7',
      'lua: ^3> handler^7 (^5@lua/server.lua^7:2)',
      'lua: goes on',
    ]);
  });

  it("have '' as source locally, the player's number from the net, and the outer one again afterwards", () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `RegisterNetEvent('net', function()
         TriggerEvent('local')
         print(math.type(source), source)
       end)
       AddEventHandler('local', function() print(type(source), '[' .. source .. ']') end)
       AddEventHandler('dropped', function() print(source) end)`,
    );
    server.emitFrom('net:7', 'net');
    server.emitFrom('internal-net:8', 'dropped');
    expect(server.printed).toEqual(['lua: string\t[]', 'lua: integer\t7', 'lua: 8']);
  });

  it('refuse a client that triggers what was not registered for the net', () => {
    const server = createScriptedServer();
    server.run('lua', `AddEventHandler('secret', function() print('ran') end) RegisterNetEvent('open')`);
    server.emitFrom('net:7', 'secret');
    expect(server.printed).toEqual(['lua: event secret was not safe for net']);
    expect(server.runtime('lua').netSafeEvents()).toEqual(['open']);
  });

  it('go to clients, latent ones with their rate', () => {
    const server = createScriptedServer();
    server.run('lua', `TriggerClientEvent('c', -1, 'x', {}) TriggerLatentClientEvent('l', 3, 5000, nil)`);
    expect(server.sent).toEqual([
      { name: 'c', target: '-1', args: ['x', []], bytesPerSecond: undefined },
      { name: 'l', target: '3', args: [null], bytesPerSecond: 5000 },
    ]);
  });

  it('let a handler wait and go on at a tick', () => {
    const server = createScriptedServer();
    server.run('lua', `AddEventHandler('e', function(x) print('before') Wait(100) print('after', x) end)`);
    server.tick(1000);
    server.emit('e', 5);
    server.tick(1050);
    expect(server.printed).toEqual(['lua: before']);
    server.tick(1100);
    expect(server.printed).toEqual(['lua: before', 'lua: after\t5']);
  });

  it('know who invoked them', () => {
    const server = createScriptedServer();
    server.run('lua', `AddEventHandler('e', function() print(GetInvokingResource()) end)`);
    server.emit('e');
    server.emitFrom('', 'e');
    expect(server.printed).toEqual(['lua: js', 'lua: nil']);
  });
});

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
