import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../scripts/fakecad/fake-cad.ts';
import { describePush } from '../../scripts/fakecad/pushes.ts';
import { connectRaw, HANDSHAKE, invoke } from './hub/raw-client.ts';
import { CAD_KEY, closeCads, startCad } from './started-cads.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await closeCads();
});

/** A game server that keeps what it is sent. */
async function gameServer(): Promise<{ port: string; got: [path: string, body: unknown][] }> {
  const got: [string, unknown][] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    got.push([`${request.method} ${request.url}`, JSON.parse(text)]);
    response.end('ok');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: String((server.address() as AddressInfo).port), got };
}

async function openSession(cad: FakeCad): Promise<void> {
  const client = await connectRaw(cad);
  client.send(HANDSHAKE);
  await invoke(client, 'authenticatev2', 'community', CAD_KEY, 1);
}

describe('a push event of the pretend CAD', () => {
  it('goes by HTTP to the address in the list while there is no session', async () => {
    const { port, got } = await gameServer();
    const cad = await startCad({ servers: [{ id: 1, mapIp: '127.0.0.1', listenerPort: port }] });
    expect(await cad.push('EVENT_TONE', { url: 'a' })).toBe('http');
    const event = { key: CAD_KEY, type: 'EVENT_TONE', data: { url: 'a' } };
    expect(got).toEqual([['POST /sonorancad/event', event]]);
    expect(cad.pushes).toMatchObject([{ type: 'EVENT_TONE', serverId: 1, outcome: 'http', answer: '200 ok' }]);
  });

  it('goes by HTTP only while there is no session, and both ways when told to', async () => {
    const { port, got } = await gameServer();
    const cad = await startCad({ servers: [{ id: 1, mapIp: 'localhost', listenerPort: port }] });
    await openSession(cad);
    expect(await cad.push('EVENT_TONE', {})).toBe('session');
    expect(got).toEqual([]);
    expect(await cad.push('EVENT_TONE', {}, { via: 'http' })).toBe('http');
    expect(await cad.push('EVENT_TONE', {}, { via: 'both' })).toBe('both');
    expect(got).toHaveLength(2);
  });

  it.each([
    ['without an address', { id: 1 }, 'no address yet'],
    ['with no port', { id: 1, mapIp: '127.0.0.1', listenerPort: 'x' }, 'no address yet'],
    ['on another machine', { id: 1, mapIp: '203.0.113.10', listenerPort: '30120' }, 'not on this machine'],
    ['that does not listen', { id: 1, mapIp: '127.0.0.1', listenerPort: '1' }, 'ECONNREFUSED'],
  ])('gets to no server %s', async (_, server, reason) => {
    const cad = await startCad({ servers: [server] });
    expect(await cad.push('EVENT_TONE', {})).toBe('none');
    expect(cad.pushes[0]?.answer).toContain(reason);
  });

  it("about the panel's configuration goes over a session only", async () => {
    const { port, got } = await gameServer();
    const cad = await startCad({ servers: [{ id: 1, mapIp: '127.0.0.1', listenerPort: port }] });
    expect(await cad.push('EVENT_FIVEM_CONFIGURATION', {})).toBe('none');
    expect(got).toEqual([]);
  });

  it('over a session only gets nowhere without one', async () => {
    const cad = await startCad();
    expect(await cad.push('EVENT_TONE', {}, { via: 'session' })).toBe('none');
    expect(cad.pushes.map(describePush)).toEqual([
      'EVENT_TONE did not get through: There is no session with the server.',
    ]);
  });

  it('changes nothing that the CAD believes, unless it is fired', async () => {
    const cad = await startCad();
    const event = { type: 'EVENT_UNIT_LOGIN', data: { unit: { id: 12 } } };
    await cad.push(event.type, event.data);
    expect(cad.world.at(1).units).toEqual([]);
    expect(await cad.fire(event)).toMatchObject({ type: 'EVENT_UNIT_LOGIN', outcome: 'none' });
    expect(cad.world.at(1).units).toEqual([{ id: 12 }]);
  });
});
