import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { createManualClock } from '../../../../test/manual-clock.ts';
import { until } from '../../../../test/until.ts';
import type { FakeCad, FakeCadOptions } from '../../src/fake-cad.ts';
import { CAD_KEY, closeCads, startCad } from '../started-cads.ts';
import { connectRaw, HANDSHAKE, invoke, type RawClient } from './raw-client.ts';

afterEach(closeCads);

async function connected(options: Partial<FakeCadOptions> = {}): Promise<{ cad: FakeCad; client: RawClient }> {
  const cad = await startCad(options);
  return { cad, client: await shaken(cad) };
}

async function shaken(cad: FakeCad): Promise<RawClient> {
  const client = await connectRaw(cad);
  client.send(HANDSHAKE);
  await until(() => client.records.length > 0);
  expect(client.records).toEqual([{}]);
  return client;
}

async function authenticated(cad: FakeCad, serverId?: number): Promise<RawClient> {
  const client = await shaken(cad);
  const args = ['community', CAD_KEY, ...(serverId === undefined ? [] : [serverId])];
  expect((await invoke(client, 'authenticatev2', ...args)).result).toEqual({ success: true, error: null, count: 0 });
  return client;
}

describe('the hub of the pretend CAD', () => {
  it('lets a client negotiate, and takes what it was given once', async () => {
    const cad = await startCad();
    const response = await fetch(`${cad.url}/apiWsHub/negotiate?negotiateVersion=1`, { method: 'POST' });
    const { connectionToken, ...rest } = (await response.json()) as { connectionToken: string };
    expect(rest).toMatchObject({
      negotiateVersion: 1,
      connectionId: expect.any(String),
      availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text', 'Binary'] }],
    });
    const client = await connectRaw(cad, `?id=${connectionToken}`);
    client.send(HANDSHAKE);
    await until(() => client.records.length > 0);
    await expect(connectRaw(cad, `?id=${connectionToken}`)).rejects.toThrow('no connection');
  });

  it('speaks no other protocol', async () => {
    const client = await connectRaw(await startCad());
    client.send({ protocol: 'messagepack', version: 1 });
    await until(() => client.closed !== null);
    expect(client.records).toEqual([{ error: expect.stringContaining('json') }]);
  });

  it('takes a handshake and an invocation in one message, and a record in two', async () => {
    const client = await connectRaw(await startCad());
    const call = JSON.stringify({ type: 1, invocationId: '1', target: 'unitLocation', arguments: [[]] });
    client.sendText(`${JSON.stringify(HANDSHAKE)}\u001e${call.slice(0, 20)}`);
    client.sendText(`${call.slice(20)}\u001e`);
    expect(await client.next({ type: 3 })).toMatchObject({ invocationId: '1' });
  });

  it.each([
    ['another community', ['other', CAD_KEY, 1]],
    ['another key', ['community', 'another-key', 1]],
    ['a server that the community does not have', ['community', CAD_KEY, 9]],
    ['too little', ['community']],
  ])('authenticates nobody with %s', async (_, args) => {
    const { cad, client } = await connected();
    const { result } = await invoke(client, 'authenticatev2', ...args);
    expect(result).toEqual({ success: false, error: expect.any(String), count: 0 });
    expect(cad.sessions).toEqual([]);
    expect(client.closed).toBeNull();
  });

  it('answers what it does not know, `authenticate` among it, with an error', async () => {
    const { client } = await connected();
    expect((await invoke(client, 'authenticate', 'community', CAD_KEY)).error).toBe(
      "Unknown hub method 'authenticate'",
    );
  });

  it('answers no invocation that wants no answer', async () => {
    const { client } = await connected();
    client.send({ type: 1, target: 'authenticate', arguments: [] });
    expect(await invoke(client, 'unitLocation')).toBe(client.records[1]);
  });

  it('keeps the key out of what it remembers', async () => {
    const cad = await startCad();
    await authenticated(cad, 1);
    expect(cad.requests).toEqual([
      expect.objectContaining({
        method: 'INVOKE',
        path: '/apiWsHub/authenticatev2',
        body: ['community', '(key)', 1],
        status: 200,
      }),
    ]);
  });

  it('sends events to the session of their server, as objects or as text', async () => {
    const cad = await startCad({ servers: [{ id: 1 }, { id: 2 }] });
    const [first, second] = [await authenticated(cad, 1), await authenticated(cad, 2)];
    expect(cad.sessions.map(({ serverId }) => serverId)).toEqual([1, 2]);
    expect(await cad.push('EVENT_TONE', { url: 'a' }, { serverId: 2 })).toBe('session');
    const event = { key: CAD_KEY, type: 'EVENT_TONE', data: { url: 'a' } };
    expect(await second.next({ type: 1 })).toEqual({ type: 1, target: 'pushEvent', arguments: [event] });
    cad.faults.payloadAsText = true;
    await cad.push('GET_LOGS', undefined, { serverId: 2, beside: { logKey: '123456' } });
    const [text] = (await second.next({ type: 1 })).arguments as [string];
    expect(JSON.parse(text)).toEqual({ key: CAD_KEY, type: 'GET_LOGS', logKey: '123456' });
    await invoke(first, 'nothing');
    expect(first.records.filter(({ type }) => type === 1)).toEqual([]);
  });

  it('sends no events to a session without a server', async () => {
    const cad = await startCad();
    await authenticated(cad);
    expect(cad.sessions).toMatchObject([{ serverId: null }]);
    expect(await cad.push('EVENT_TONE', {})).toBe('none');
  });

  it('gives a server one session: a new one takes the place of the old one', async () => {
    const cad = await startCad();
    const old = await authenticated(cad, 1);
    const young = await authenticated(cad, 1);
    expect(cad.sessions).toHaveLength(1);
    expect(await old.next({ type: 7 })).toEqual({ type: 7, error: expect.any(String) });
    await until(() => old.closed !== null);
    await cad.push('EVENT_TONE', {});
    await young.next({ target: 'pushEvent' });
  });

  it('forgets a session that has gone', async () => {
    const cad = await startCad();
    (await authenticated(cad, 1)).close();
    await until(() => cad.sessions.length === 0);
  });

  it('ends sessions with a word, and cuts them without one', async () => {
    const cad = await startCad();
    const ended = await authenticated(cad, 1);
    expect(cad.endSessions(true)).toBe(1);
    expect(await ended.next({ type: 7 })).toEqual({ type: 7, allowReconnect: true });
    await until(() => ended.closed === 1000);
    const cut = await authenticated(cad, 1);
    expect(cad.dropSessions()).toBe(1);
    await until(() => cut.closed === 1006);
    expect(cut.records.filter(({ type }) => type === 7)).toEqual([]);
  });

  it('pings every 15 seconds, and gives up on a client that is silent for more than 30', async () => {
    const clock = createManualClock();
    const { client } = await connected({ clock });
    clock.advance(14_999);
    clock.advance(1);
    await client.next({ type: 6 });
    client.send({ type: 6 });
    await invoke(client, 'nothing');
    clock.advance(30_000);
    await client.next({ type: 6 });
    await client.next({ type: 6 });
    expect(client.records.filter(({ type }) => type === 6)).toHaveLength(3);
    clock.advance(15_000);
    await client.next({ type: 7 });
    await until(() => client.closed !== null);
  });

  it.each([
    ['bytes in place of text', (client: RawClient) => client.sendBytes(Buffer.from('{}')), 1003],
    ['a message over 1 MiB', (client: RawClient) => client.sendText('x'.repeat(1024 * 1024 + 1)), 1009],
  ])('ends over %s', async (_, send, code) => {
    const { client } = await connected();
    send(client);
    await until(() => client.closed !== null);
    expect(client.closed).toBe(code);
  });

  it('gives up on a client that does not begin', async () => {
    const clock = createManualClock();
    const client = await connectRaw(await startCad({ clock }));
    clock.advance(15_000);
    await until(() => client.closed !== null);
  });

  it.each([
    ['a record that is no message', '"text"\u001e'],
    ['a message over 32 KiB', `{"type":1,"target":"${'x'.repeat(33_000)}"}\u001e`],
  ])('ends a connection over %s', async (_, text) => {
    const { client } = await connected();
    client.sendText(text);
    await client.next({ type: 7 });
    await until(() => client.closed !== null);
  });
});

describe('locations over the hub', () => {
  const update = { identId: 12, location: 'Alta St' };

  it.each([
    ['are refused without authentication', false, [update], 'Unauthenticated. Call authenticate first.'],
    ['must be some', true, [], 'Missing unit location updates.'],
    ['are 25 at most', true, Array(26).fill(update), 'Too many unit updates in one call. Max is 25.'],
    [
      'say whose they are',
      true,
      [{ location: 'Alta St' }],
      'Each unit update requires identId, apiId, communityUserId, or roblox, and location.',
    ],
  ])('%s', async (_, isAuthenticated, updates, error) => {
    const cad = await startCad();
    const client = isAuthenticated ? await authenticated(cad, 1) : await shaken(cad);
    expect((await invoke(client, 'unitLocation', updates)).result).toEqual({ success: false, error, count: 0 });
  });

  it('come 200 ms apart', async () => {
    const clock = createManualClock();
    const cad = await startCad({ clock });
    cad.world.at(1).units = [{ id: 12 }];
    const client = await authenticated(cad, 1);
    const move = async () => (await invoke(client, 'unitLocation', Array(25).fill(update))).result;
    expect(await move()).toEqual({ success: true, error: null, count: 25 });
    clock.advance(199);
    expect(await move()).toMatchObject({ error: 'UNIT_LOCATION updates are limited to every 200ms.' });
    clock.advance(1);
    expect(await move()).toMatchObject({ success: true });
    expect(cad.world.at(1).units).toEqual([{ id: 12, location: 'Alta St' }]);
  });
});

const connections: HubConnection[] = [];

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.stop()));
  await closeCads();
});

const OPTIONS = {
  'that negotiates': {},
  'that skips the negotiation': { transport: HttpTransportType.WebSockets, skipNegotiation: true },
};

function connect(cad: FakeCad, options: object = {}): HubConnection {
  const connection = new HubConnectionBuilder()
    .withUrl(`${cad.url}/apiWsHub`, options)
    .configureLogging(LogLevel.None)
    .build();
  connections.push(connection);
  return connection;
}

describe.each(Object.entries(OPTIONS))('the official client library %s', (_, options) => {
  it('authenticates itself and gets events', async () => {
    const cad = await startCad();
    const connection = connect(cad, options);
    const events: unknown[] = [];
    connection.on('pushEvent', (event) => events.push(event));
    await connection.start();
    const result = await connection.invoke('authenticatev2', 'community', CAD_KEY, 1);
    expect(result).toEqual({ success: true, error: null, count: 0 });
    const long = { text: 'ä'.repeat(70_000) };
    await cad.push('EVENT_TONE', { short: 1 });
    await cad.push('EVENT_TONE', long);
    await until(() => events.length === 2);
    expect(events).toEqual([
      { key: CAD_KEY, type: 'EVENT_TONE', data: { short: 1 } },
      { key: CAD_KEY, type: 'EVENT_TONE', data: long },
    ]);
  });
});

describe('the official client library', () => {
  it('hears an error for a method that there is not', async () => {
    const connection = connect(await startCad());
    await connection.start();
    const failed = await connection.invoke('authenticate', 'community', CAD_KEY).catch((error: Error) => error.message);
    expect(failed).toContain("Unknown hub method 'authenticate'");
  });

  it.each([
    ['the hub drops it', (cad: FakeCad) => cad.dropSessions()],
    ['the hub drops it in the middle of a message', (cad: FakeCad) => cad.dropSessions(true)],
    ['the hub says goodbye', (cad: FakeCad) => cad.endSessions()],
    [
      'an event is cut off',
      (cad: FakeCad) => {
        cad.faults.dropSocketMidMessage = true;
        return cad.push('EVENT_TONE', {});
      },
    ],
  ])('notices when %s', async (_, end) => {
    const cad = await startCad();
    const connection = connect(cad);
    const events: unknown[] = [];
    connection.on('pushEvent', (event) => events.push(event));
    let isClosed = false;
    connection.onclose(() => {
      isClosed = true;
    });
    await connection.start();
    await connection.invoke('authenticatev2', 'community', CAD_KEY, 1);
    await end(cad);
    await until(() => isClosed);
    expect(events).toEqual([]);
    expect(cad.sessions).toEqual([]);
  });

  it('gives up on a hub that says nothing', async () => {
    const cad = await startCad();
    cad.faults.mute = true;
    const connection = connect(cad);
    connection.serverTimeoutInMilliseconds = 100;
    const outcome = await connection.start().then(
      () => 'connected',
      (error: Error) => error.message,
    );
    expect(outcome).toContain('Server timeout elapsed');
  });

  it('gets no connection while connections are refused', async () => {
    const cad = await startCad();
    cad.faults.refuseConnections = true;
    const outcome = await connect(cad, OPTIONS['that skips the negotiation'])
      .start()
      .then(
        () => 'connected',
        () => 'refused',
      );
    expect(outcome).toBe('refused');
  });
});
