import { afterEach, expect, it } from '@jest/globals';
import { startNats } from '../scripts/nats-server.ts';
import type { LaneStatus } from '../src/forward/forwarding-status.ts';
import { describeWithNats } from './nats-server.ts';
import { openBroker } from './nats-stream.ts';
import { KEY, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function setUp() {
  const server = await startNats();
  cleanUp.push(() => server.close());
  const network = { name: 'network', url: server.url, stream: 'sonoran', createStream: true, timeoutMs: 1_000 };
  const served = await serveResource({
    config: {
      ...{ enablePushEventForwarding: true, serverId: 4, pushEventForwardRetrySeconds: [0.2] },
      pushEventForwardTargets: [network],
    },
  });
  cleanUp.push(() => served.close());
  served.host.ensure('sonorancad');
  return {
    server,
    served,
    lane: () => (served.host.callExport('sonorancad', 'getForwardingStatus') as { targets: LaneStatus[] }).targets[0],
    async post(count: number) {
      for (const number of numbers(count)) {
        const body = JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: { number } });
        expect(await served.post(body)).toEqual([200, 'ok']);
      }
    },
    async stored() {
      const broker = await openBroker(server.url);
      const messages = await broker.messages();
      await broker.close();
      return messages;
    },
  };
}

/** The client's own timers are the global ones, which run with the game's ticks only. */
describeWithNats('a stream as a target, on the stand-in', () => {
  it('gets what was posted, over a broker that dies, freezes and comes back', async () => {
    const { server, lane, post, stored } = await setUp();
    await post(20);
    await until(() => lane()?.counts.delivered === 20);
    await server.kill();
    await post(20);
    await until(() => lane()?.reason === 'ECONNREFUSED');
    await server.start();
    await until(() => lane()?.queued === 0);
    server.freeze();
    await post(20);
    await until(() => lane()?.reason === 'no answer in time');
    server.thaw();
    await until(() => lane()?.queued === 0);
    const found = await stored();
    expect(found.map(({ text }) => JSON.parse(text).data.number)).toEqual([
      ...numbers(20),
      ...numbers(20),
      ...numbers(20),
    ]);
    expect(found[0]?.subject).toBe('sonoran.push.4.EVENT_NUMBERED');
    expect(found.map(({ text }) => text).join('')).not.toContain(KEY);
  });

  it('is shown by forward status and doctor', async () => {
    const { server, served, lane, post } = await setUp();
    await post(1);
    await until(() => lane()?.counts.delivered === 1);
    served.host.execute('sonorancad forward status');
    served.host.execute('sonorancad doctor');
    const lines = () => served.host.lines.join('\n');
    await until(() => lines().includes('Events are forwarded to network.'));
    expect(lines()).toContain(server.url);
  });
});
