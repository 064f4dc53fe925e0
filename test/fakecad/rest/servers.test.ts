import { afterEach, describe, expect, it } from '@jest/globals';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const SIGNS = 'POST /v2/general/servers/1/street-sign-auth';

describe("the pretend CAD's list of servers", () => {
  it('has one without an address to begin with', async () => {
    const { body } = await ask(await startCad(), 'GET /v2/general/servers');
    expect(body.servers).toEqual([expect.objectContaining({ id: 1, mapIp: '', listenerPort: '', signal: '100' })]);
  });

  it('comes in pages, or empty, as its faults want it', async () => {
    const cad = await startCad({ servers: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    const list = async (query = '') => (await ask(cad, `GET /v2/general/servers${query}`)).body;
    cad.faults.serversPerPage = 2;
    expect(await list()).toMatchObject({ servers: [{ id: 1 }, { id: 2 }], total: 3, hasMore: true });
    expect(await list('?limit=100&offset=2')).toMatchObject({ servers: [{ id: 3 }], total: 3, hasMore: false });
    cad.faults.noServers = true;
    expect(await list()).toEqual({ servers: [] });
    expect(cad.world.servers).toHaveLength(3);
  });

  it('is replaced as a whole: a server that is left out is gone, and unknown fields are kept', async () => {
    const cad = await startCad({ servers: [{ id: 1, name: 'Main' }, { id: 2 }] });
    const servers = [{ id: 1, mapIp: '203.0.113.10', listenerPort: '30120', addedLater: { a: 1 } }];
    const { body } = await ask(cad, 'PUT /v2/general/servers', { deployMap: false, servers });
    expect(body).toEqual({ servers });
    expect(cad.world.servers).toEqual(servers);
  });

  it.each([
    ['two servers of one id', { deployMap: false, servers: [{ id: 1 }, { id: 1 }] }],
    ['a port that is a number', { deployMap: false, servers: [{ id: 1, listenerPort: 30120 }] }],
    ['no word on the map', { servers: [{ id: 1 }] }],
  ])('refuses %s, and stays as it is', async (_, list) => {
    const cad = await startCad();
    expect((await ask(cad, 'PUT /v2/general/servers', list)).status).toBe(400);
    expect(cad.world.servers).toMatchObject([{ id: 1, name: 'Server 1' }]);
  });

  it('takes heartbeats', async () => {
    const cad = await startCad();
    const { body } = await ask(cad, 'POST /v2/general/servers/1/heartbeat', { playerCount: 12 });
    expect(body).toEqual({ serverId: 1, playerCount: 12, receivedAtUtc: expect.stringMatching(/Z$/) });
    expect(cad.world.at(1).playerCount).toBe(12);
  });

  it('checks smart signs against the address that requests come from', async () => {
    expect((await ask(await startCad(), SIGNS)).status).toBe(402);
    const plan = { version: 4, name: 'PRO' };
    const cad = await startCad({ plan, servers: [{ id: 1, mapIp: '203.0.113.10' }] });
    expect((await ask(cad, SIGNS)).status).toBe(403);
    cad.world.servers = [{ id: 1, mapIp: '203.0.113.10', differingOutbound: true, outboundIp: '127.0.0.1' }];
    expect((await ask(cad, SIGNS)).body).toEqual({ authorized: true, serverId: 1 });
  });
});
