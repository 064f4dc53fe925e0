import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readSamples } from '../../../scripts/send/sample-payloads.ts';
import type { FakeCad } from '../src/fake-cad.ts';
import { describePush } from '../src/pushes.ts';
import { applyEvent } from '../src/world/apply-event.ts';
import { createWorld } from '../src/world/world.ts';
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

const samples = readSamples();

function worldAfter(...types: string[]) {
  const world = createWorld([{ id: 1 }]);
  for (const type of types) applyEvent(world, 1, type, samples[type]?.data);
  return world;
}

it('units come, change and go', () => {
  const statuses = (...types: string[]) =>
    worldAfter(...types)
      .at(1)
      .units.map(({ id, status }) => [id, status]);
  expect(statuses('EVENT_UNIT_LOGIN')).toEqual([[12, 2]]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE')).toEqual([
    [12, 3],
    [18, 4],
  ]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_STATUS')).toEqual([[12, 4]]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_LOGOUT')).toEqual([]);
  expect(worldAfter('EVENT_UNIT_LOGIN', 'EVENT_UNIT_PANIC').at(1).units).toMatchObject([{ isPanic: true }]);
});

it('dispatch calls come, change and are closed', () => {
  const calls = (...types: string[]) => worldAfter('EVENT_DISPATCH_NEW', ...types).at(1).dispatchCalls;
  expect(calls()).toMatchObject([{ callId: 501, priority: 2, idents: [12, 18] }]);
  expect(calls('EVENT_DISPATCH_EDIT')).toMatchObject([{ callId: 501, priority: 1, idents: [12, 18, 21] }]);
  expect(calls('EVENT_DISPATCH_UNIT_DETACH')).toMatchObject([{ idents: [18] }]);
  expect(calls('EVENT_DISPATCH_UNIT_DETACH', 'EVENT_DISPATCH_UNIT_ATTACH')).toMatchObject([{ idents: [18, 12] }]);
  expect(calls('EVENT_DISPATCH_NOTE')[0]?.notes).toHaveLength(2);
  const closed = worldAfter('EVENT_DISPATCH_NEW', 'EVENT_DISPATCH_CLOSED').at(1);
  expect([closed.dispatchCalls, closed.closedCalls]).toMatchObject([[], [{ callId: 501, status: 2 }]]);
});

it('911 calls come and go', () => {
  expect(worldAfter('EVENT_911').at(1).emergencyCalls).toMatchObject([{ callId: 302 }]);
  expect(worldAfter('EVENT_911', 'EVENT_REMOVE_911').at(1).emergencyCalls).toEqual([]);
});

it('players are linked', () => {
  expect([...worldAfter('EVENT_COMMUNITY_LINK_VERIFIED').links]).toHaveLength(1);
});

it('all others, and what is not understood, change nothing', () => {
  const untouched = createWorld([{ id: 1 }]).at(1);
  const others = Object.keys(samples).filter((type) =>
    /RECORD|GROUP|TONE|LOGS|ALERT|PAGER|CALLOUT|BODYCAM|SIGN|CHAR/.test(type),
  );
  expect(others.length).toBeGreaterThan(10);
  expect(worldAfter(...others).at(1)).toEqual(untouched);
  const world = createWorld([{ id: 1 }]);
  applyEvent(world, 1, 'EVENT_UNIT_LOGIN', { unit: 'none' });
  applyEvent(world, 1, 'constructor', {});
  expect(world.at(1)).toEqual(untouched);
});
