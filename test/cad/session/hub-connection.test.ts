import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeCad, startFakeCad } from '../../../packages/fakecad/src/index.ts';
import { type Hub, openHub } from '../../../src/cad/session/hub-connection.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { openLocally } from '../../local-server.ts';
import { createManualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';
import { authenticate, pushEvent, startRawHub } from './raw-hub.ts';

const KEY = 'a-key-for-testing';
const COMMUNITY = 'mycommunity';

let cad: FakeCad;
let hubs: Hub[];
let received: unknown[];
let lost: string[];
let clock: Clock;

beforeEach(async () => {
  cad = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
  hubs = [];
  received = [];
  lost = [];
  clock = listenerClock;
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
    clock,
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

describe('HubConnection', () => {
  it.each([
    ['at once', false],
    ['after negotiating', true],
  ])('connects %s, and receives events as objects and as text', async (_how, negotiates) => {
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
    ['cut within a message', () => cad.dropSessions(true)],
    ['ended by the hub', () => cad.endSessions()],
    ['ended by the hub, which allows a reconnect', () => cad.endSessions(true)],
  ])('reports the loss once when the connection is %s', async (_how, drop) => {
    const hub = await connect();
    drop();
    await until(() => lost.length === 1);
    await expect(hub.invoke('unitLocation', [])).rejects.toThrow();
    expect(received).toEqual([]);
    hub.close();
    expect(lost).toHaveLength(1);
  });

  it('receives messages that arrived during a hitch of the game, and counts them as a sign of life', async () => {
    const manual = createManualClock();
    clock = manual;
    await connect();
    // After a hitch, timers run before sockets. Both timers run here, before the event is read.
    const pushed = cad.push('EVENT_TEST', { a: 1 });
    manual.advance(40_000);
    expect(await pushed).toBe('session');
    await until(() => received.length === 1);
    manual.pass();
    expect(received).toMatchObject([{ data: { a: 1 } }]);
    expect(lost).toEqual([]);
  });

  it('ends the connection when the hub sends nothing for 30 s', async () => {
    const manual = createManualClock();
    clock = manual;
    const hub = await connect();
    manual.advance(29_999);
    const answer = hub.invoke('unitLocation', []);
    await answer;
    manual.advance(29_999);
    manual.pass();
    expect(lost).toEqual([]);
    manual.advance(10_000);
    manual.pass();
    expect(lost).toEqual(['the CAD was silent for 30 s']);
  });

  it('pings at least every 15 s, and stops when it is closed', async () => {
    const manual = createManualClock();
    clock = manual;
    const raw = await startRawHub((client) => authenticate(client));
    const hub = create(raw.url);
    await hub.start();
    manual.advance(15_000);
    const records = () => raw.clients[0]?.records ?? [];
    await until(() => records().some(({ type }) => type === 6));
    hub.close();
    expect(manual.waiting).toBe(0);
    await raw.close();
  });

  it('reads a message of many events in slices, and loses none when the socket is lost', async () => {
    let time = 0;
    let pauses = 0;
    const soon = (callback: () => void) => {
      pauses += 1;
      listenerClock.soon(callback);
    };
    clock = { ...listenerClock, monotonic: () => (time += 1), soon };
    const raw = await startRawHub((client) => authenticate(client));
    await create(raw.url).start();
    const events = Array.from({ length: 1_000 }, (_, index) => index);
    const [client] = raw.clients;
    client?.send(...events.map((event) => ({ ...pushEvent(event), invocationId: 'x' })));
    await until(() => received.length > 0);
    client?.socket.resetAndDestroy();
    await until(() => lost.length === 1);
    expect(received).toEqual(events);
    expect(pauses).toBeGreaterThan(100);
    await raw.close();
  });

  it('rejects a call that the hub does not answer within 30 s', async () => {
    const manual = createManualClock();
    clock = manual;
    const raw = await startRawHub((client) => authenticate(client));
    const hub = create(raw.url);
    await hub.start();
    const call = hub.invoke('unitLocation', []);
    manual.advance(10_000);
    await hub.invoke('authenticatev2');
    manual.advance(20_000);
    await expect(call).rejects.toThrow('the hub did not answer within 30 s');
    expect(lost).toEqual([]);
    await raw.close();
  });

  it('answers with an error when the hub wants a result of a call', async () => {
    const raw = await startRawHub((client) => authenticate(client));
    const hub = create(raw.url);
    await hub.start();
    const [client] = raw.clients;
    client?.send(
      { ...pushEvent('a'), invocationId: 'x' },
      { type: 1, target: 'other', arguments: [], invocationId: 'y' },
    );
    await until(() => client?.records.filter(({ type }) => type === 3).length === 2);
    expect(client?.records.slice(-2)).toMatchObject([
      { type: 3, invocationId: 'x', error: expect.any(String) },
      { type: 3, invocationId: 'y', error: expect.any(String) },
    ]);
    expect(received).toEqual(['a']);
    await raw.close();
  });

  it('leaves no timer behind when the hub closes the connection', async () => {
    const manual = createManualClock();
    clock = manual;
    await connect();
    expect(manual.waiting).toBe(1);
    cad.endSessions();
    await until(() => lost.length === 1);
    expect(manual.waiting).toBe(0);
  });

  it('receives nothing after it is closed, and does not report a loss', async () => {
    const hub = await connect();
    hub.close();
    await cad.push('EVENT_TEST', {});
    await until(() => cad.sessions.length === 0);
    expect([received, lost]).toEqual([[], []]);
  });

  it('closes a connecting socket at once', async () => {
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

  it('opens no socket when it is closed during the negotiation', async () => {
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
    await expect(started).rejects.toThrow('the connection was closed');
    expect(upgrades).toEqual([]);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    [{ connectionId: 'a', connectionToken: 'b' }, '?id=b'],
    [{ connectionId: 'a' }, '?id=a'],
    [{}, '?id='],
  ])("opens the WebSocket with the id of the negotiation's answer %j", async (answer, query) => {
    const opened: (string | undefined)[] = [];
    const negotiating = createServer((_request, response) => response.end(JSON.stringify(answer)));
    negotiating.on('upgrade', (request, socket) => {
      opened.push(request.url);
      socket.destroy();
    });
    const server = await openLocally(negotiating);
    await expect(create(`${server.url}/apiWsHub`, true).start()).rejects.toThrow();
    expect(opened).toEqual([`/apiWsHub${query}`]);
    await server.close();
  });

  it.each([
    ['has another status', 500, '{}', 'the hub answered 500 to the negotiation'],
    ['is too long', 200, `{"connectionToken":"a"}${' '.repeat(64 * 1024)}`, 'too long'],
    ['is not JSON', 200, 'a token', 'refused the negotiation'],
    ['is a refusal', 200, '{"error":"no"}', 'refused the negotiation'],
    ['redirects to the same address', 200, '{"url":"SAME"}', 'redirected more than 3 times'],
  ])('opens no socket when the answer to the negotiation %s', async (_what, status, answer, reason) => {
    const say: RequestListener = (_request, response) => response.writeHead(status).end(answer.replace('SAME', url));
    const server = await openLocally(createServer(say));
    const url = `${server.url}/apiWsHub`;
    await expect(create(url, true).start()).rejects.toThrow(reason);
    await server.close();
  });

  it('opens no socket to an address without encryption', async () => {
    await expect(create('http://198.51.100.7/apiWsHub').start()).rejects.toThrow('without encryption');
  });

  it.each([
    ['nothing listens at the address', false],
    ['nothing listens at the address', true],
  ])('fails to start when %s (negotiating: %s)', async (_what, negotiates) => {
    await expect(create(`${cad.url}/elsewhere`, negotiates).start()).rejects.toThrow();
  });

  it('does not follow a negotiating hub to an address without encryption', async () => {
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
    ['is not JSON', 'secret text\u001e', /not a message of its protocol/],
    ['has no separator', '{"type":6,"secret":1}', /not a message of its protocol/],
    ['is not a SignalR message', '{"type":"secret"}\u001e', /not a message of its protocol/],
    ['is longer than 4 MiB', `{"type":6,"secret":"${'x'.repeat(4 * 1024 * 1024)}"}\u001e`, /Max payload size exceeded/],
  ])('ends the connection when a message %s, and does not quote the message', async (_what, message, reason) => {
    const raw = await startRawHub((client) => authenticate(client, () => client.sendText(message)));
    const hub = create(raw.url);
    await hub.start();
    void hub.invoke('authenticatev2').catch(() => {});
    await until(() => lost.length === 1);
    expect(lost).toEqual([expect.stringMatching(reason)]);
    expect(lost[0]).not.toContain('secret');
    expect(received).toEqual([]);
    await raw.close();
  });
});
