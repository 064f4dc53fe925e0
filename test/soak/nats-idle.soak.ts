import { expect, it } from '@jest/globals';
import { startNats } from '../../scripts/nats-server.ts';
import { startProxy } from '../cluster/frozen-connections.ts';
import { describeWithNats } from '../nats-server.ts';
import { KEY, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

describeWithNats('a stream as a target, on the stand-in', () => {
  it('is asked whether it is there while no event comes, by timers that follow the ticks', async () => {
    const server = await startNats();
    const proxy = await startProxy(() => server.port);
    const network = { name: 'network', url: `nats://127.0.0.1:${proxy.port}`, stream: 'sonoran', createStream: true };
    const served = await serveResource({
      config: { enablePushEventForwarding: true, pushEventForwardTargets: [network] },
    });
    try {
      served.host.ensure('sonorancad');
      expect(await served.post(JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: {} }))).toEqual([200, 'ok']);
      await until(() => proxy.pings() > 0);
      const before = proxy.pings();
      const began = performance.now();
      await until(() => proxy.pings() >= before + 2);
      const seconds = (performance.now() - began) / 1_000;
      expect(seconds).toBeGreaterThan(20);
      expect(seconds).toBeLessThan(45);
    } finally {
      await served.close();
      await proxy.close();
      await server.close();
    }
  }, 120_000);
});
