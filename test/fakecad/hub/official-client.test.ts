import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { until } from '../../until.ts';
import { CAD_KEY, closeCads, startCad } from '../started-cads.ts';

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
