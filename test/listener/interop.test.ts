import { afterEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import type { Target } from '../../src/forward/delivery.ts';
import { createDurableForwarder, type DurableForwarder } from '../../src/forward/durable-forwarder.ts';
import { createHttpSending, type HttpSending } from '../../src/forward/targets/http-sending.ts';
import { createListener, listenerClock } from '../../src/listener/create-push-event-listener.ts';
import type { PushEvent } from '../../src/listener/push-event-listener.ts';
import { eventFixtures, variantFixtures } from '../events/fixtures.ts';
import { createMemoryStore } from '../forward/memory-store.ts';
import { createTarget } from '../forward/scripted-target.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';
import { type Mishap, openRoughRoad, type RoughRoad } from './rough-road.ts';
import { ADAPTERS, type Adapter, type Served, serveBy } from './serve-by.ts';

const KEY = 'a-key-of-sixteen-letters';
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
const keys = createKeyRing([KEY]);

/** Every example there is, as the CAD would send it. */
const BODIES = [...eventFixtures(), ...variantFixtures()].map(({ body }) =>
  Buffer.from(JSON.stringify({ ...body, key: KEY })),
);

describe('a listener behind the resource', () => {
  let open: { served: Served; road: RoughRoad; forwarder: DurableForwarder; wire: HttpSending } | null = null;

  afterEach(async () => {
    open?.forwarder.stop();
    open?.wire.close();
    await open?.road.close();
    await open?.served.close();
    open = null;
  });

  async function setUp(adapter: Adapter, mishap: () => Mishap, target: Partial<Target> = {}) {
    const listener = createListener({ apiKey: KEY, secret: SECRET }, listenerClock, () => {});
    const events: PushEvent[] = [];
    listener.on('*', (event) => events.push(event));
    const served = await serveBy(adapter, listener);
    const road = await openRoughRoad(served.port, mishap);
    const wire = createHttpSending({ version: '5.0.0', clock: listenerClock, statusLabels: [] });
    const forwarder = createDurableForwarder({
      targets: [createTarget({ url: road.url, secrets: [SECRET], ...target })],
      store: createMemoryStore(),
      send: wire.send,
      clock: listenerClock,
      log: createRecordingLog(),
      currentKey: () => KEY,
      keys: () => keys,
      random: Math.random,
      retries: { waitsMs: [1], spread: [0.8, 1.2], parkAfter: 1_000 },
    });
    open = { served, road, forwarder, wire };
    const send = (body: Buffer): PushEvent => {
      const received = receiveEvent(body, keys, 'http', listenerClock.now());
      if (!received.accepted) throw new Error(received.reason);
      forwarder.enqueue(received.event, body);
      return received.event as PushEvent;
    };
    const delivered = () => forwarder.status().targets.every(({ queued }) => queued === 0);
    return { events, forwarder, road, send, delivered };
  }

  it.each(ADAPTERS)(
    'gets every example there is once and in order, by %s, whatever happens on the way',
    async (adapter) => {
      const round: Mishap[] = ['none', 'twice', 'unanswered', 'none', 'late twice', 'cut', 'unanswered', 'cut', 'none'];
      let requests = 0;
      const next = () => round[requests++ % round.length] ?? 'none';
      const { events, road, send, delivered } = await setUp(adapter, next);
      const sent = BODIES.map(send);
      await until(() => delivered() && events.length >= sent.length);
      expect(road.happened).toMatchObject({ refused: 0 });
      for (const mishap of round) expect(road.happened[mishap]).toBeGreaterThan(3);
      const withoutTime = ({ receivedAt, ...event }: PushEvent) => event;
      expect(events.map(withoutTime)).toEqual(sent.map(withoutTime));
    },
  );

  it('gets an event again that an operator replays, once for each time', async () => {
    const mishaps: Mishap[] = ['refused', 'refused', 'unanswered', 'unanswered', 'none'];
    const { events, forwarder, road, send, delivered } = await setUp('callback', () => mishaps.shift() ?? 'none');
    const { id } = send(BODIES[0] as Buffer);
    for (const times of [1, 2]) {
      await until(() => forwarder.deadLetters().length === 1 && events.length === times);
      expect(forwarder.replay(id)).toBe(1);
    }
    await until(() => delivered() && road.happened.none === 1);
    expect(events.map((event) => event.id)).toEqual([id, id, id]);
  });

  it('has events wait in the resource while its secret is another, and gets them when that is put right', async () => {
    const other = `whsec_${Buffer.from('a secret of somebody else, 24 bytes').toString('base64')}`;
    const { events, forwarder, road, send } = await setUp('callback', () => 'none', { secrets: [other] });
    const sent = [send(BODIES[0] as Buffer), send(BODIES[1] as Buffer)];
    const status = () => forwarder.status().targets[0];
    await until(() => status()?.state === 'parked');
    expect(status()).toMatchObject({ queued: 2, deadLetters: 0, advice: expect.stringContaining('secret') });
    forwarder.applyTargets([createTarget({ url: road.url, secrets: [SECRET] })]);
    forwarder.retry('bot');
    await until(() => events.length === 2);
    expect(events.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  });
});
