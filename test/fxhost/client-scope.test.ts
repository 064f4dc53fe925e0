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
