import { describe, expect, test } from '@jest/globals';
import { createScriptedServer } from './scripted-server.ts';

describe('Citizen.InvokeNative', () => {
  test('calls a native by the hash of its name, whatever it says of the result', () => {
    const server = createScriptedServer({ GetPlayerPed: (id) => Number(id) + 100 });
    server.run(
      'lua',
      `print(Citizen.InvokeNative(\`GET_PLAYER_PED\`, 5, Citizen.ResultAsInteger()))
       print(Citizen.InvokeNative(joaat('GET_PLAYER_PED') & 0xFFFFFFFF, Citizen.ReturnResultAnyway(), 6))`,
    );
    expect(server.printed).toEqual(['lua: 105', 'lua: 106']);
  });

  test('returns the stack trace of the script for FORMAT_STACK_TRACE', () => {
    const server = createScriptedServer();
    server.run('lua', 'local function inner() print(Citizen.InvokeNative(`FORMAT_STACK_TRACE`, nil, 0)) end\ninner()');
    expect(server.printed[0]).toBe('lua: ^3> inner^7 (^5@lua/server.lua^7:1)');
  });

  test('throws an error with the hash when it knows no such native', () => {
    const server = createScriptedServer();
    server.run('lua', 'print(pcall(Citizen.InvokeNative, 0x1234))');
    expect(server.printed[0]).toContain('fxhost knows no native of the hash 0x1234');
  });
});

describe('a script file', () => {
  test('may wait while it loads', () => {
    const server = createScriptedServer();
    expect(server.run('lua', `print('a') Wait(100) print('b')`)).toBe(true);
    server.tick(50);
    expect(server.printed).toEqual(['lua: a']);
    server.tick(100);
    expect(server.printed).toEqual(['lua: a', 'lua: b']);
  });
});

describe('ClearTimeout', () => {
  test('ends threads of SetTimeout and CreateThread, and returns whether there was one', () => {
    const server = createScriptedServer();
    server.run(
      'lua',
      `local later = SetTimeout(100, function() print('later') end)
       local thread = CreateThread(function() print('thread') Wait(50) print('never') end)
       SetTimeout(50, function()
         print(ClearTimeout(later), ClearTimeout(later), ClearTimeout(thread), ClearTimeout(99))
       end)`,
    );
    for (let now = 0; now <= 200; now += 50) server.tick(now);
    expect(server.printed).toEqual(['lua: thread', 'lua: true\tfalse\ttrue\tfalse']);
  });
});
