import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bundleResource } from '../../scripts/build/bundle.ts';
import { printedBy, serverWith } from '../fxhost/server-with.ts';

describe('the job of a player', () => {
  it.each([
    ['QBCore:Server:OnPlayerUnload', '(id)'],
    ['QBCore:Server:PlayerLoaded', '({ PlayerData: { source: id } })'],
    ['esx:playerLogout', '(id)'],
    ['esx:playerLoaded', '(id)'],
  ])('is asked anew after %s', async (name, args) => {
    const { server } = await bundleResource('0.0.0', { serverEntry: join(import.meta.dirname, 'probe-server.ts') });
    const qb = {
      'server.js': `let job = 'police';
      exports('GetCoreObject', () => ({ Functions: { GetPlayer: () => ({ PlayerData: { job: { name: job, onduty: true } } }) } }));
      on('switch', (id) => { job = 'baker'; emit('${name}', ${args}); });`,
    };
    const host = await serverWith({ probe: Buffer.from(server).toString(), 'qb-core': qb });
    const player = host.addPlayer();
    host.addPlayer();
    const jobs = () => printedBy(host, 'probe').filter((line) => line.startsWith('"job"'));
    host.natives.runAsPlayer(player.id, 'cadnotify');
    host.emit('switch', player.id);
    host.natives.runAsPlayer(player.id, 'cadnotify');
    expect(jobs()).toEqual(['"job" {"name":"police","isOnDuty":true}', '"job" {"name":"baker","isOnDuty":true}']);
  });
});
