import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { KEY, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const COUNT = 2_000;
const SENDERS = ['198.51.100.7:5555', '203.0.113.9:5555'] as const;
const RIGHT = JSON.stringify({ key: KEY, type: 'T' });
const WRONG = JSON.stringify({ key: 'not-the-right-key', type: 'T' });
const TOKEN = 'a-token-for-testing';
const MINUTE_MS = 60_000;

describe('a flood of 2,000 events that a target refuses, and of 2,000 wrong keys from two addresses', () => {
  let target: HttpTarget;
  let served: ServedResource;

  beforeAll(async () => {
    target = await startHttpTarget((_request, response) => response.writeHead(422).end());
    const pushEventForwardUrl = `http://127.0.0.1:${target.port}/events`;
    const config = { enablePushEventForwarding: true, pushEventForwardUrl, healthToken: TOKEN };
    served = await serveResource({ trustPeerHeader: true, movableTime: true, config });
    served.host.ensure('sonorancad');
    for (let number = 0; number < COUNT; number += 1) {
      await postDirectly(served.host, RIGHT);
      await postDirectly(served.host, WRONG, { address: SENDERS[number % SENDERS.length] ?? '' });
    }
    await target.count(COUNT);
    await until(async () => (await counts()).deadLettered === COUNT);
  }, 120_000);

  afterAll(async () => {
    await served.close();
    await target.close();
  });

  async function ask(path: string): Promise<string> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return (await fetch(`${served.host.url}/sonorancad${path}`, { headers })).text();
  }

  async function counts() {
    const { forwarding, received } = JSON.parse(await ask('/health'));
    const { deadLettered } = forwarding.targets[0].counts;
    return { deadLettered, refusals: received.refusals };
  }

  const printed = (text: string) => printedBy(served.host, 'sonorancad').filter((line) => line.includes(text));

  test('prints one line for the target and one for each address', () => {
    expect(printed('An event was given up on')).toHaveLength(1);
    expect(printed('Refused an event')).toHaveLength(SENDERS.length);
  });

  test('is counted in full in the health report and in the metrics', async () => {
    expect(await counts()).toEqual({ deadLettered: COUNT, refusals: [{ reason: 'wrong-key', count: COUNT }] });
    expect(await ask('/metrics')).toMatch(/^sonorancad_events_refused_total\{reason="wrong-key"\} 2000$/m);
  });

  test('is summed up when it is over, and its console has fewer than 30 lines', async () => {
    served.later(5 * MINUTE_MS + 1_000);
    await until(() => printed('A line no longer repeats').length === 3);
    expect(printed('repeats=1999')).toHaveLength(1);
    expect(printed('repeats=999')).toHaveLength(SENDERS.length);
    expect(served.host.lines.length).toBeLessThan(30);
  });
});
