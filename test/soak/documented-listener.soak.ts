import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { documentedListener } from '../forward/documented-listener.ts';
import { startHttpTarget } from '../http-target.ts';
import { KEY, serveResource } from '../serve-resource.ts';

it('delivers a hundred events once each to a listener that never answers, and is sure of all of them in the end', async () => {
  const handled: string[] = [];
  const listener = await startHttpTarget(
    documentedListener(KEY, ['EVENT_NUMBERED'], (_id, body) => handled.push(JSON.stringify(body))),
  );
  const served = await serveResource({
    config: { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${listener.port}` },
  });
  try {
    served.host.ensure('sonorancad');
    const bodies = Array.from({ length: 100 }, (_, number) =>
      JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: { number } }),
    );
    for (const body of bodies) expect(await served.post(body)).toEqual([200, 'ok']);
    const status = () => served.host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus;
    for (let waited = 0; waited < 100 && status().targets[0]?.queued !== 0; waited += 1) await sleep(1_000);
    expect(handled).toEqual(bodies);
    expect(status().targets[0]).toMatchObject({
      queued: 0,
      silent: true,
      counts: { delivered: 100, unconfirmed: 100 },
    });
  } finally {
    await served.close();
    await listener.close();
  }
}, 180_000);
