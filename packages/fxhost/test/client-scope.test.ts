import { describe, expect, it } from '@jest/globals';
import { manifest, printedBy, serverWith } from './server-with.ts';

const withClient = (client: string, server = '') => ({
  'fxmanifest.lua': manifest(`server_script 'server.js'`, `client_script 'client.js'`, `shared_script 'shared.js'`),
  'server.js': server,
  'client.js': client,
  'shared.js': `const shared = 'shared'`,
});

describe('client scripts', () => {
  it('are not run by the server', async () => {
    const host = await serverWith({ one: withClient(`print('client')`) });
    expect(printedBy(host, 'one')).toEqual([]);
  });

  it('receive what the server sends to their player, with 65535 as source', async () => {
    const host = await serverWith({
      one: withClient(
        `onNet('e', (a) => print(shared, source, a.b)); on('f', () => {})`,
        `on('go', (id) => { emitNet('e', id, { b: 1 }); emitNet('f', id) })`,
      ),
    });
    const [first, second] = [host.addPlayer(), host.addPlayer()];
    const client = host.runClient(first, 'one');
    const other = host.runClient(second, 'one');
    host.emit('go', first.id);
    expect(client.lines).toEqual(['shared 65535 1', '^1Error: Event f was not safe for net^7']);
    expect(other.lines).toEqual([]);
    client.stop();
    host.emit('go', first.id);
    expect(client.lines).toHaveLength(2);
  });

  it('send events to the server as their player', async () => {
    const host = await serverWith({ one: withClient(`emitNet('hi', 1)`, `onNet('hi', (n) => print(source, n))`) });
    const player = host.addPlayer();
    host.runClient(player, 'one');
    host.tick();
    expect(printedBy(host, 'one')).toEqual([`${player.id} 1`]);
  });

  it('call the natives of the test, which are recorded, and no others', async () => {
    const host = await serverWith({
      one: withClient(
        `print(PlayerPedId(), typeof SetHttpHandler, typeof require, typeof process, GetCurrentResourceName()); BeginText('a', 1)`,
      ),
    });
    const client = host.runClient(host.addPlayer(), 'one', {
      natives: { PlayerPedId: () => 7, BeginText: () => null },
    });
    expect(client.lines).toEqual(['7 undefined undefined undefined one']);
    expect(client.calls).toEqual([
      { name: 'PlayerPedId', args: [] },
      { name: 'BeginText', args: ['a', 1] },
    ]);
  });

  it('call exports of other resources that the test gives', async () => {
    const shown: unknown[] = [];
    const host = await serverWith({
      one: withClient(
        `print(exports.ox_lib.notify({ title: 'a' })); try { exports.gone.x() } catch (error) { print(error.message) }`,
      ),
    });
    const client = host.runClient(host.addPlayer(), 'one', {
      exports: { ox_lib: { notify: (options) => shown.push(options) } },
    });
    expect(client.lines).toEqual(['1', 'No such export x in resource gone']);
    expect(shown).toEqual([{ title: 'a' }]);
  });

  it('have timers that run by frames', async () => {
    const host = await serverWith({
      one: withClient(`setTimeout(() => print('late'), 20); on('e', async () => { await null; print('later') })`),
    });
    const client = host.runClient(host.addPlayer(), 'one');
    client.emit('e');
    client.tick();
    expect(client.lines).toEqual(['later']);
    client.tick();
    expect(client.lines).toEqual(['later', 'late']);
  });

  it('have commands that their player types, and print what goes wrong in them', async () => {
    const host = await serverWith({
      one: withClient(`RegisterCommand('Say', (source, args, raw) => print(source, args.join('+'), raw), false);
        RegisterCommand('fail', () => { throw new Error('no') }, false)`),
    });
    const client = host.runClient(host.addPlayer(), 'one');
    expect(['say "a b" c', 'fail', 'other'].map(client.runCommand)).toEqual([true, true, false]);
    expect(client.lines[0]).toBe('0 a b+c say "a b" c');
    expect(client.lines[1]).toContain('no');
    client.stop();
    expect(client.runCommand('say')).toBe(false);
  });

  it('print what a promise of theirs was refused for', async () => {
    const host = await serverWith({ one: withClient(`on('e', () => Share(Promise.resolve()))`) });
    const printed: string[] = [];
    let promise: unknown;
    const client = host.runClient(host.addPlayer(), 'one', {
      natives: {
        Share(value) {
          promise = value;
        },
      },
      log: (line) => printed.push(line),
    });
    client.emit('e');
    expect(host.rejected(new Error('refused'), promise)).toBe(true);
    expect(host.rejected(new Error('refused'), Promise.resolve())).toBe(false);
    expect(printed).toEqual([expect.stringMatching(/^Unhandled promise rejection: Error: refused/)]);
    expect(client.lines).toEqual(printed);
  });

  it('end when their player leaves, without being told', async () => {
    const host = await serverWith({
      one: withClient(`on('e', () => print('alive')); on('onResourceStop', () => print('told'))`),
    });
    const player = host.addPlayer();
    const client = host.runClient(player, 'one');
    client.emit('e');
    player.drop();
    client.emit('e');
    client.tick();
    expect(client.lines).toEqual(['alive']);
  });
});

const withLua = (client: string, server = '', others: Readonly<Record<string, string>> = {}) => ({
  'fxmanifest.lua': manifest(
    `server_script 'server.js'`,
    `client_scripts { 'client.lua', 'client.js' }`,
    `export 'named'`,
  ),
  'server.js': server,
  'client.lua': client,
  'client.js': '',
  ...others,
});

describe('client scripts in Lua', () => {
  it('receive what the server sends to their player, with 65535 as source', async () => {
    const host = await serverWith({
      one: withLua(
        `RegisterNetEvent('e', function(a) print(source, a.b) end)
         AddEventHandler('f', function() print('never') end)`,
        `on('go', (id) => { emitNet('e', id, { b: 1 }); emitNet('f', id) })`,
      ),
    });
    const [first, second] = [host.addPlayer(), host.addPlayer()];
    const client = host.runClient(first, 'one');
    const other = host.runClient(second, 'one');
    host.emit('go', first.id);
    expect(client.lines).toEqual(['65535\t1', 'event f was not safe for net']);
    expect(other.lines).toEqual([]);
    client.stop();
    host.emit('go', first.id);
    expect(client.lines).toHaveLength(2);
  });

  it('send events to the server as their player, and none to players', async () => {
    const host = await serverWith({
      one: withLua(
        `TriggerServerEvent('hi', 1, nil, 'x')
         TriggerLatentServerEvent('hi', 1000, 2)
         print(TriggerClientEvent, RegisterServerEvent, PerformHttpRequest, GetPlayers, IsDuplicityVersion())
         print(GetHashKey('adder'), joaat('ADDER'))`,
        `onNet('hi', (...args) => print(source, ...args))`,
      ),
    });
    const player = host.addPlayer();
    const client = host.runClient(player, 'one');
    host.tick();
    expect(printedBy(host, 'one')).toEqual([`${player.id} 1 null x`, `${player.id} 2`]);
    expect(client.lines).toEqual(['nil\tnil\tnil\tnil\tfalse', '-1216765807\t-1216765807']);
  });

  it('call the natives of the test, which are recorded', async () => {
    const host = await serverWith({ one: withLua(`print(PlayerPedId(), GetCurrentResourceName(), SetHttpHandler)`) });
    const client = host.runClient(host.addPlayer(), 'one', { natives: { PlayerPedId: () => 7 } });
    expect(client.lines).toEqual(['7\tone\tnil']);
    expect(client.calls).toEqual([{ name: 'PlayerPedId', args: [] }]);
  });

  it('have threads that wait by frames', async () => {
    const host = await serverWith({
      one: withLua(`CreateThread(function() print('soon') Wait(20) print('late') end) print('now')`),
    });
    const client = host.runClient(host.addPlayer(), 'one');
    expect(client.lines).toEqual(['now']);
    client.tick();
    client.tick();
    expect(client.lines).toEqual(['now', 'soon']);
    client.tick();
    expect(client.lines).toEqual(['now', 'soon', 'late']);
  });

  it('call exports of the JavaScript of the same resource, and offer theirs to it', async () => {
    const host = await serverWith({
      one: withLua(
        `exports('double', function(n, callback) callback(n * 2) return n, 'two' end)
         AddEventHandler('go', function() print(exports.one:greet('you')) end)
         function named() return 'by the manifest' end`,
        '',
        {
          'client.js': `exports('greet', (who) => 'hello ' + who);
            on('go', () => print(exports.one.double(4, (n) => print(n)), exports.one.named()))`,
        },
      ),
    });
    const client = host.runClient(host.addPlayer(), 'one');
    client.emit('go');
    expect(client.lines).toEqual(['hello you', '8', '4,two by the manifest']);
    expect([client.callExport('greet', 'all'), client.callExport('named')]).toEqual(['hello all', 'by the manifest']);
    expect(() => client.callExport('gone')).toThrow('No such export gone in resource one');
  });

  it('call exports and hear local events of other resources in the same game, and of no other game', async () => {
    const host = await serverWith({
      one: withLua(`local calls = 0
        exports('who', function() calls = calls + 1 return GetInvokingResource(), calls end)
        TriggerEvent('made', 'one')`),
      two: withLua(
        `AddEventHandler('made', function(by) print('made by ' .. by) end)
         AddEventHandler('go', function()
           print(GetResourceState('one'), pcall(function() return exports.one:who() end))
         end)`,
      ),
    });
    const [first, second] = [host.addPlayer(), host.addPlayer()];
    const two = host.runClient(first, 'two');
    const one = host.runClient(first, 'one');
    const elsewhere = host.runClient(second, 'two');
    two.emit('go');
    two.emit('go');
    expect(two.lines).toEqual(['made by one', 'started\ttrue\ttwo\t1', 'started\ttrue\ttwo\t2']);
    elsewhere.emit('go');
    expect(elsewhere.lines).toEqual(['missing\tfalse\t@two/client.lua:3: No such export who in resource one']);
    one.stop();
    two.emit('go');
    expect(two.lines.at(-1)).toMatch(/^missing\tfalse\t.*No such export who in resource one$/);
  });

  it('call exports of other resources that the test gives, and are called back', async () => {
    const host = await serverWith({
      one: withLua(`print(exports.ox_lib:inputDialog({ title = 'a' }, function(answer) print(answer) end))`),
    });
    const shown: unknown[] = [];
    const client = host.runClient(host.addPlayer(), 'one', {
      exports: {
        ox_lib: {
          inputDialog(options, done) {
            shown.push(options);
            (done as (answer: string) => void)('yes');
            return 5;
          },
        },
      },
    });
    expect(client.lines).toEqual(['yes', '5']);
    expect(shown).toEqual([{ title: 'a' }]);
  });

  it('take messages of their page as events, and send it theirs by the native that the test gives', async () => {
    const host = await serverWith({
      one: withLua(`RegisterNUICallback('close', function(data, answer) print(data.reason) answer('ok') end)
        SendNUIMessage({ action = 'open' })`),
    });
    const sent: unknown[] = [];
    const client = host.runClient(host.addPlayer(), 'one', { natives: { SendNuiMessage: (text) => sent.push(text) } });
    client.emit('__cfx_nui:close', { reason: 'escape' }, (answer: unknown) => sent.push(answer));
    expect(client.lines).toEqual(['escape']);
    expect(sent).toEqual(['{"action":"open"}', 'ok']);
  });

  it('get a vector from a native that gives a Float32Array', async () => {
    const host = await serverWith({
      one: {
        'fxmanifest.lua': manifest(`client_scripts { 'client.lua', 'client.js' }`),
        'client.lua': 'print(GetEntityCoords(1), #(GetEntityCoords(1) - vec3(1, 2, 0)))',
        'client.js': 'print(JSON.stringify(GetEntityCoords(1)))',
      },
    });
    const natives = { GetEntityCoords: () => Float32Array.of(1, 2, 3) };
    const client = host.runClient(host.addPlayer(), 'one', { natives });
    expect(client.lines).toEqual(['vec3(1.000000, 2.000000, 3.000000)\t3.0', '[1,2,3]']);
  });

  it('say in their console lines what went wrong', async () => {
    const host = await serverWith({ one: withLua(`error('no')`, '', { 'client.js': `print('runs')` }) });
    const client = host.runClient(host.addPlayer(), 'one');
    expect(client.lines[0]).toBe('^1SCRIPT ERROR: @one/client.lua:1: no^7');
    expect(client.lines.at(-1)).toBe('runs');
  });

  it('have commands that their player types', async () => {
    const host = await serverWith({
      one: withLua(`RegisterCommand('say', function(source, args, raw) print(source, #args, args[1], raw) end, false)`),
    });
    const client = host.runClient(host.addPlayer(), 'one');
    expect(client.runCommand('say "a b" c')).toBe(true);
    expect(client.lines).toEqual(['0\t2\ta b\tsay "a b" c']);
  });
});
