import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type FakeCad, startFakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import type { Hub } from '../../../src/cad/session/hub.ts';
import { openHub } from '../../../src/cad/session/open-hub.ts';
import { listenerClock } from '../../../src/listener/listener-clock.ts';
import { until } from '../../hardening/recorders.ts';

const KEY = 'a-key-for-testing';
const COMMUNITY = 'mycommunity';

let cad: FakeCad;
let hubs: Hub[];
let received: unknown[];
let lost: string[];
let traced: string[];

beforeEach(async () => {
  cad = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
  hubs = [];
  received = [];
  lost = [];
  traced = [];
});
afterEach(async () => {
  for (const hub of hubs) hub.close();
  await cad.close();
});

function create(url = `${cad.url}/apiWsHub`, negotiates = false): Hub {
  const hub = openHub({
    url,
    negotiates,
    received: (payload) => received.push(payload),
    lost: (reason) => lost.push(reason),
    trace: (line) => traced.push(line),
    clock: listenerClock,
  });
  hubs.push(hub);
  return hub;
}

async function connect(negotiates = false): Promise<Hub> {
  const hub = create(undefined, negotiates);
  await hub.start();
  expect(await hub.invoke('authenticatev2', COMMUNITY, KEY, 1)).toEqual({ success: true, error: null, count: 0 });
  return hub;
}

describe("Microsoft's client at a hub", () => {
  it.each([
    ['at once', false],
    ['after negotiating', true],
  ])('connects %s, and gets events as objects and as text', async (_how, negotiates) => {
    await connect(negotiates);
    expect(await cad.push('EVENT_TEST', { a: 1 })).toBe('session');
    cad.faults.payloadAsText = true;
    expect(await cad.push('EVENT_TEST', { a: 2 })).toBe('session');
    await until(() => received.length === 2);
    expect(received[0]).toEqual({ key: KEY, type: 'EVENT_TEST', data: { a: 1 } });
    expect(JSON.parse(String(received[1]))).toMatchObject({ data: { a: 2 } });
  });

  it.each([
    ['cut', () => cad.dropSessions()],
    ['cut in the middle of a message', () => cad.dropSessions(true)],
    ['ended by the hub', () => cad.endSessions()],
    ['ended by the hub, who lets it come back', () => cad.endSessions(true)],
  ])('says once that the connection was lost, when it is %s', async (_how, drop) => {
    const hub = await connect();
    drop();
    await until(() => lost.length === 1);
    await expect(hub.invoke('unitLocation', [])).rejects.toThrow();
    expect(received).toEqual([]);
    hub.close();
    expect(lost).toHaveLength(1);
  });

  it('receives what lay there while the game stood still, before it gives up on a hub that was silent for 30 s', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await connect();
    const [giveUp] = timers.mock.calls.findLast(([, milliseconds]) => milliseconds === 30_000) ?? [];
    timers.mockRestore();
    // After a standstill timers come first: here both, so that the event is not read before.
    await sleep(0);
    const pushed = cad.push('EVENT_TEST', { a: 1 });
    giveUp?.();
    expect(await pushed).toBe('session');
    await until(() => lost.length === 1);
    expect(received).toMatchObject([{ data: { a: 1 } }]);
    expect(lost).toEqual([expect.stringMatching(/^Server timeout/)]);
  });

  it('leaves no timer behind when the hub says goodbye', async () => {
    const set = jest.spyOn(globalThis, 'setTimeout');
    const cleared = jest.spyOn(globalThis, 'clearTimeout');
    await connect();
    cad.endSessions();
    await until(() => lost.length === 1);
    await sleep(0);
    const timers = set.mock.results.map(({ value }) => value);
    const left = timers.filter((timer) => !cleared.mock.calls.some(([other]) => other === timer));
    jest.restoreAllMocks();
    expect([timers.length > 0, left.length]).toEqual([true, 0]);
  });

  it('receives nothing more once it is closed, and does not call that lost', async () => {
    const hub = await connect();
    hub.close();
    await cad.push('EVENT_TEST', {});
    await until(() => cad.sessions.length === 0);
    expect([received, lost]).toEqual([[], []]);
  });

  it('gives up at once on a socket that is still being opened', async () => {
    const silent: Server = createServer().on('upgrade', (_request, socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const hub = create(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/apiWsHub`);
    const upgraded = new Promise((resolve) => silent.once('upgrade', resolve));
    const started = hub.start();
    await upgraded;
    hub.close();
    await expect(started).rejects.toThrow();
    silent.closeAllConnections();
    silent.close();
  });

  it('opens no socket any more when it was closed while negotiating', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const upgrades: string[] = [];
    server.on('upgrade', (request, socket) => {
      upgrades.push(request.url ?? '');
      socket.destroy();
    });
    const hub = create(`http://127.0.0.1:${(server.address() as AddressInfo).port}/apiWsHub`, true);
    const asked = new Promise<ServerResponse>((resolve) =>
      server.once('request', (_request, response) => resolve(response)),
    );
    const started = hub.start();
    const response = await asked;
    hub.close();
    response.end(JSON.stringify({ negotiateVersion: 1, connectionToken: 'b' }));
    await expect(started).rejects.toThrow('closed before it was open');
    expect(upgrades).toEqual([]);
    server.closeAllConnections();
    server.close();
  });

  it('opens no socket without encryption', async () => {
    await expect(create('http://198.51.100.7/apiWsHub').start()).rejects.toThrow('without encryption');
  });

  it.each([
    ['the hub is elsewhere', false],
    ['the hub is elsewhere', true],
  ])('fails to start when %s (negotiating: %s)', async (_what, negotiates) => {
    await expect(create(`${cad.url}/elsewhere`, negotiates).start()).rejects.toThrow();
  });

  it('is not sent elsewhere without encryption by a negotiating hub', async () => {
    const answer = JSON.stringify({ url: 'http://198.51.100.7/apiWsHub', accessToken: 'a-token' });
    const plain = JSON.stringify({
      negotiateVersion: 1,
      connectionId: 'a',
      connectionToken: 'b',
      availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }],
    });
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(asked.length === 1 ? answer : plain);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/apiWsHub`;
    await expect(create(url, true).start()).rejects.toThrow('without encryption');
    expect(asked).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['is no JSON', 'secret text', 'the CAD sent what is no JSON'],
    [
      'is far too long',
      `{"type":6,"secret":"${'x'.repeat(4 * 1024 * 1024)}"}`,
      'the CAD sent a message that is too long, or no text',
    ],
  ])('drops a hub whose message %s, and repeats none of it', async (_what, message, reason) => {
    await connect();
    // The pretend CAD says such things to nobody, so they are put into what it sends.
    const send = JSON.stringify;
    JSON.stringify = ((value: unknown, ...rest: []) =>
      (value as { target?: unknown } | null)?.target === 'pushEvent' ? message : send(value, ...rest)) as typeof send;
    try {
      await cad.push('EVENT_TEST', {});
    } finally {
      JSON.stringify = send;
    }
    await until(() => lost.length === 1);
    expect(lost).toEqual([reason]);
    expect(traced.join()).not.toContain('secret');
    expect(received).toEqual([]);
  });
});
