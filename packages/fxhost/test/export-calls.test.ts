import { describe, expect, it } from '@jest/globals';
import { manifest, serverWith } from './server-with.ts';

const lua = (script: string) => ({
  'fxmanifest.lua': manifest(`server_script 'server.lua'`),
  'server.lua': script,
});

describe('host.exportCalls', () => {
  it('has caller, resource, name and arguments of each call from JavaScript and Lua', async () => {
    const host = await serverWith({
      my_library: `exports('add', (a, b) => a + b)`,
      fromJs: `print(exports.my_library.add(1, 2)); exports.my_library.add(3, 4)`,
      fromLua: lua(`print(exports.my_library:add(5, { x = 6 }))`),
    });
    expect(host.exportCalls).toEqual([
      { caller: 'fromJs', resource: 'my_library', name: 'add', args: [1, 2] },
      { caller: 'fromJs', resource: 'my_library', name: 'add', args: [3, 4] },
      { caller: 'fromLua', resource: 'my_library', name: 'add', args: [5, { x: 6 }] },
    ]);
  });

  it('has the calls of exports that a Lua resource offers', async () => {
    const host = await serverWith({
      library: lua(`exports('add', function(a, b) return a + b end)`),
      one: lua('print(exports.library:add(1, 2))'),
      two: 'print(exports.library.add(3, 4))',
    });
    expect(host.console()).toMatch(/\[script:one\] 3[\s\S]*\[script:two\] 7/);
    expect(host.exportCalls.map(({ caller, name, args }) => [caller, name, args])).toEqual([
      ['one', 'add', [1, 2]],
      ['two', 'add', [3, 4]],
    ]);
  });

  it('leaves out lookups, and callbacks that resources give each other in events', async () => {
    const host = await serverWith({
      one: `on('give', (callback) => callback(1)); exports('unused', () => {})`,
      two: `emit('give', (value) => print('got', value)); exports.one.unused`,
    });
    expect(host.console('two')).toBe('got 1');
    expect(host.exportCalls).toEqual([]);
  });
});
