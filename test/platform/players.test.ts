import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { manifest, printedBy, serverWith } from '../../packages/fxhost/test/server-with.ts';
import { bundleResource } from '../../scripts/build/bundle.ts';

let script: string;
beforeAll(async () => {
  const { server } = await bundleResource('0.0.0', join(import.meta.dirname, 'probe-server.ts'));
  script = Buffer.from(server).toString();
});

const POSTAL = {
  'fxmanifest.lua': manifest(`server_script 'server.js'`, `postal_file 'new-postals.json'`),
  'server.js': '',
  'new-postals.json': '[]',
};

/** Returns the lines of one kind that the probe script printed. */
const said = (host: FxHost, kind: string): string[] =>
  printedBy(host, 'probe').filter((line) => line.startsWith(JSON.stringify(kind)));

describe('the platform functions for players', () => {
  it('lists the connected players and reports each player who joins or drops', async () => {
    const host = await serverWith({ probe: script }, { setup: (server) => server.addPlayer({ id: 4 }) });
    expect(said(host, 'list')).toEqual(['"list" [4]']);
    const player = host.addPlayer({ id: 7, identifiers: ['license:a', 'steam:b'], coords: [1, 2, 3] });
    host.tick();
    player.drop();
    expect(said(host, 'join').at(-1)).toBe('"join" 7 ["license:a","steam:b"] {"x":1,"y":2,"z":3}');
    expect(said(host, 'drop')).toEqual(['"drop" 7']);
  });

  it("ignores playerJoining and playerDropped when a player's game or a resource triggers them", async () => {
    const host = await serverWith({ probe: script });
    const player = host.addPlayer();
    host.tick();
    const before = printedBy(host, 'probe').length;
    player.trigger('playerDropped', 'x');
    player.trigger('playerJoining', '1');
    host.emit('playerDropped', 'x');
    host.tick();
    expect(
      printedBy(host, 'probe')
        .slice(before)
        .filter((line) => !line.includes('not safe for net')),
    ).toEqual([]);
  });

  it('reads commands, permissions, jobs and manifests, and sends client events, for a connected player', async () => {
    const qb = {
      'server.js': `
        exports('GetCoreObject', () => ({ Functions: { GetPlayer: () => ({ PlayerData: { job: { name: 'police', onduty: false } } }) } }));
        on('change', (id) => emit('QBCore:Server:OnJobUpdate', id, { name: 'ambulance', onduty: true }));`,
    };
    const host = await serverWith({ probe: script, 'qb-core': qb, 'nearest-postal': POSTAL });
    const [player, other] = [host.addPlayer(), host.addPlayer()];
    host.execute(`add_ace player.${player.id} police.duty allow`);
    host.natives.runAsPlayer(player.id, 'cadnotify mute 10m');
    host.emit('change', player.id);
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(said(host, 'command')[0]).toBe(`"command" ${player.id} ["mute","10m"]`);
    expect(said(host, 'ace')[0]).toBe('"ace" true false');
    expect(said(host, 'job')).toEqual([
      '"job" {"name":"police","isOnDuty":false}',
      '"job" {"name":"ambulance","isOnDuty":true}',
    ]);
    expect(said(host, 'framework')[0]).toBe('"framework" true');
    host.execute('stop qb-core');
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(said(host, 'framework').at(-1)).toBe('"framework" false');
    expect(said(host, 'file')[0]).toBe('"file" "[]" null');
    expect(said(host, 'started')[0]).toBe('"started" true false');
    expect(printedBy(host, 'probe').some((line) => line.includes('No such export x in resource gone'))).toBe(true);
    const received = ({ received: events }: typeof player) => events.map(({ event, latent }) => [event, latent]);
    expect(received(player).slice(0, 2)).toEqual([
      ['quick', false],
      ['slow', true],
    ]);
    expect(received(other)[0]).toEqual(['slow', true]);
  });
});

describe('FrameworkDutyChecks', () => {
  it.each([
    ['qbx_core', `exports('GetPlayer', (id) => ({ PlayerData: { job: { name: 'police' + id, onduty: false } } }))`],
    [
      'qb-core',
      `const GetPlayer = (id) => ({ PlayerData: { job: { name: 'police' + id, onduty: false } } });
       exports('GetCoreObject', () => ({ Functions: { GetPlayer } }))`,
    ],
    [
      'es_extended',
      `const GetPlayerFromId = (id) => ({ job: { name: 'police' + id, onDuty: false } });
       exports('getSharedObject', () => ({ GetPlayerFromId }))`,
    ],
  ])('reads the job of a player from %s', async (framework, serverScript) => {
    const host = await serverWith({ probe: script, [framework]: { 'server.js': serverScript } });
    const player = host.addPlayer({ id: 5 });
    host.addPlayer();
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(said(host, 'job')).toEqual(['"job" {"name":"police5","isOnDuty":false}']);
    expect(said(host, 'framework')).toEqual(['"framework" true']);
  });

  it('returns no job until the framework has loaded the player, then asks again', async () => {
    const serverScript = `
      const loaded = new Set();
      exports('GetPlayer', (id) => (loaded.has(id) ? { PlayerData: { job: { name: 'police' } } } : null));
      on('load', (id) => loaded.add(id));`;
    const host = await serverWith({ probe: script, qbx_core: { 'server.js': serverScript } });
    const player = host.addPlayer();
    host.addPlayer();
    host.natives.runAsPlayer(player.id, 'cadnotify');
    host.emit('load', player.id);
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(said(host, 'job')).toEqual(['"job" null', '"job" {"name":"police","isOnDuty":true}']);
  });

  it.each([
    ['QBCore:Server:OnPlayerUnload', '(id)'],
    ['QBCore:Server:PlayerLoaded', '({ PlayerData: { source: id } })'],
    ['esx:playerLogout', '(id)'],
    ['esx:playerLoaded', '(id)'],
  ])('asks for the job again after %s', async (name, args) => {
    const qb = {
      'server.js': `let job = 'police';
      exports('GetCoreObject', () => ({ Functions: { GetPlayer: () => ({ PlayerData: { job: { name: job, onduty: true } } }) } }));
      on('switch', (id) => { job = 'baker'; emit('${name}', ${args}); });`,
    };
    const host = await serverWith({ probe: script, 'qb-core': qb });
    const player = host.addPlayer();
    host.addPlayer();
    const jobs = () => said(host, 'job');
    host.natives.runAsPlayer(player.id, 'cadnotify');
    host.emit('switch', player.id);
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(jobs()).toEqual(['"job" {"name":"police","isOnDuty":true}', '"job" {"name":"baker","isOnDuty":true}']);
  });
});
