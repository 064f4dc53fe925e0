import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Target } from '../../../src/forward/delivery.ts';
import { createListener, listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import type { ListeningServer, PushEvent } from '../../../src/listener/push-event-listener.ts';
import { eventFixtures, variantFixtures } from '../../events/fixtures.ts';
import { createTarget } from '../../forward/scripted-target.ts';
import { type HttpTarget, startHttpTarget } from '../../http-target.ts';
import { until } from '../../until.ts';
import { linkPackage } from '../link-package.ts';
import { KEY, type RunningSample, runSample, SECRET } from '../page-samples.ts';
import { type Mishap, openRoughRoad, type RoughRoad } from '../rough-road.ts';
import { ADAPTERS, type Adapter, type Served, serveBy } from '../serve-by.ts';
import { type OpenForwarder, openForwarder } from './open-forwarder.ts';

/** All sample events. */
const EVENTS = [...eventFixtures(), ...variantFixtures()].map(({ body }) => body);

describe('push event listener behind the forwarder', () => {
  let open: { served: Served; road: RoughRoad; forwarding: OpenForwarder } | null = null;

  afterEach(async () => {
    open?.forwarding.close();
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
    const forwarding = openForwarder({ url: road.url, secrets: [SECRET], ...target }, 1);
    open = { served, road, forwarding };
    const { forwarder, send, isDone } = forwarding;
    return { events, forwarder, road, send, isDone };
  }

  it.each(ADAPTERS)(
    'receives every sample event once and in order through %s, despite lost answers, cut bodies and duplicates',
    async (adapter) => {
      const round: Mishap[] = ['none', 'twice', 'unanswered', 'none', 'late twice', 'cut', 'unanswered', 'cut', 'none'];
      let requests = 0;
      const next = () => round[requests++ % round.length] ?? 'none';
      const { events, road, send, isDone } = await setUp(adapter, next);
      const sent = EVENTS.map(send);
      await until(() => isDone() && events.length >= sent.length);
      expect(road.happened).toMatchObject({ refused: 0 });
      for (const mishap of round) expect(road.happened[mishap]).toBeGreaterThan(3);
      const withoutTime = ({ receivedAt, ...event }: PushEvent) => event;
      expect(events.map(withoutTime)).toEqual(sent.map(withoutTime));
    },
  );

  it('receives a replayed event once for each replay, despite refused and lost answers', async () => {
    const mishaps: Mishap[] = ['refused', 'refused', 'unanswered', 'unanswered', 'none'];
    const { events, forwarder, road, send, isDone } = await setUp('callback', () => mishaps.shift() ?? 'none');
    const { id } = send(EVENTS[0] ?? {});
    for (const times of [1, 2]) {
      await until(() => forwarder.deadLetters().length === 1 && events.length === times);
      expect(forwarder.replay(id)).toBe(1);
    }
    await until(() => isDone() && road.happened.none === 1);
    expect(events.map((event) => event.id)).toEqual([id, id, id]);
  });

  it('receives waiting events after the secret of the target is corrected', async () => {
    const other = `whsec_${Buffer.from('a secret of somebody else, 24 bytes').toString('base64')}`;
    const { events, forwarder, road, send } = await setUp('callback', () => 'none', { secrets: [other] });
    const sent = [send(EVENTS[0] ?? {}), send(EVENTS[1] ?? {})];
    const status = () => forwarder.status().targets[0];
    await until(() => status()?.state === 'parked');
    expect(status()).toMatchObject({ queued: 2, deadLetters: 0, advice: expect.stringContaining('secret') });
    forwarder.applyTargets([createTarget({ url: road.url, secrets: [SECRET] })]);
    forwarder.retry('bot');
    await until(() => events.length === 2);
    expect(events.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  });
});

describe('push event listener behind the forwarder and a proxy that fails for one event', () => {
  let opened: { server: ListeningServer; between: HttpTarget; forwarder: OpenForwarder } | null = null;

  afterEach(async () => {
    opened?.forwarder.close();
    await opened?.between.close();
    await opened?.server.close();
    opened = null;
  });

  it('receives the deferred event once and last, and the others in order', async () => {
    const listener = createListener({ apiKey: KEY, secret: SECRET }, listenerClock, () => {});
    const events: PushEvent[] = [];
    listener.on('*', (event) => events.push(event));
    const server = await listener.listen(0);
    let failing: string | null = null;
    /** The number of requests with the failing event. */
    let failures = 0;
    const between = await startHttpTarget(async (_request, response, { path, headers, body }) => {
      const passed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
        name,
        String(headers[name]),
      ]);
      if (headers['webhook-id'] === failing && events.length < 6) {
        failures += 1;
        // A longer wait after three failures keeps the deferred event alive until the others have arrived.
        return void response.writeHead(500, failures > 3 ? { 'retry-after': '1' } : {}).end();
      }
      const url = `http://127.0.0.1:${server.port}${path}`;
      const answer = await fetch(url, { method: 'POST', body, headers: Object.fromEntries(passed) as never });
      response.writeHead(answer.status).end(await answer.text());
    });
    const forwarder = openForwarder({ url: `http://127.0.0.1:${between.port}/sonorancad/event`, secrets: [SECRET] });
    opened = { server, between, forwarder };
    const sent = Array.from({ length: 7 }, (_, index) => {
      const { id } = forwarder.send({ type: 'EVENT_UNIT_LOGOUT', data: { identId: index } });
      failing ??= id;
      return id;
    });
    await until(() => events.length >= 7 && forwarder.isDone());
    const [late, ...others] = sent;
    expect(events.map(({ id }) => id)).toEqual([...others, late]);
    expect(failures).toBeGreaterThan(2);
  });
});

/** Timeout for an answer. `before.mjs` never answers, so it is short; a busy machine still answers in time. */
const ANSWER_TIMEOUT_MS = 2_000;
const callers = Array.from({ length: 8 }, (_, index) => `caller ${index + 1}`);
const call = (caller: string, callId: number) => ({
  type: 'EVENT_911',
  data: { call: { callId, isEmergency: true, caller, location: '', description: '', metaData: {} } },
});
/** An event for which `before.mjs` has no `case` and `after.mjs` has no handler. */
const WITHOUT_CASE = { type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } };

describe('forwarder that sends to a sample of docs/listener.md', () => {
  let folder: string;
  let sample: RunningSample | null = null;
  let open: OpenForwarder | null = null;

  beforeAll(async () => {
    folder = linkPackage();
  });
  afterEach(async () => {
    open?.close();
    await sample?.close();
    open = null;
    sample = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['before.mjs', { silent: true, counts: { unwanted: 2, lost: 0 } }],
    ['after.mjs', { silent: false, counts: { delivered: 10, unconfirmed: 0, unwanted: 0, lost: 0 } }],
  ])('delivers each event to %s once and in order', async (name, expected) => {
    const running = await runSample(name, folder);
    sample = running;
    open = openForwarder({ url: running.url, timeoutMs: ANSWER_TIMEOUT_MS });
    const { send, forwarder } = open;
    const status = () => forwarder.status().targets[0];
    callers.slice(0, 4).map(call).map(send);
    send(WITHOUT_CASE);
    callers.slice(4).map(call).map(send);
    // Both samples answer this event, after all earlier events.
    send(WITHOUT_CASE);
    await until(() => status()?.counts.unwanted === expected.counts.unwanted && running.lines().length > 8);
    if (!expected.silent) await until(() => status()?.queued === 0);
    expect(running.lines().slice(1)).toEqual(callers.map((caller) => `911 call from ${caller}`));
    expect(status()).toMatchObject({ deadLetters: 0, ...expected });
  });
});
