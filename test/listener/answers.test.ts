import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { createListener } from '../../src/listener/create-push-event-listener.ts';
import type { PushEvent, PushEventListener } from '../../src/listener/push-event-listener.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';
import { SECRET } from './page-samples.ts';
import { ADAPTERS, type Served, serveBy } from './serve-by.ts';

const KEY = 'a-key-of-sixteen-letters';
const envelope = (members: Record<string, unknown> = {}) =>
  JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 }, ...members });

describe.each(ADAPTERS)('push event listener through its adapter %s', (adapter) => {
  let clock: ManualClock;
  let listener: PushEventListener;
  let served: Served;
  let events: PushEvent[];

  beforeEach(async () => {
    clock = createManualClock();
    events = [];
    listener = createListener({ apiKey: KEY, maxBodyBytes: 1024 }, clock, () => {});
    listener.on('*', (event) => events.push(event));
    served = await serveBy(adapter, listener);
  });
  afterEach(() => served.close());

  /** Waits for a number of events. Koa sends its answer slightly before the listener queues the handlers. */
  async function handled(count: number): Promise<PushEvent[]> {
    await until(() => {
      clock.pass();
      return events.length >= count;
    });
    return events;
  }

  it('answers 200 to an event, and calls the handlers after the answer', async () => {
    expect(await served.post(envelope())).toEqual([200, 'ok']);
    expect(events).toEqual([]);
    const event = { type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 }, valid: true, source: 'http' };
    expect(await handled(1)).toEqual([{ ...event, id: expect.any(String), receivedAt: clock.now() }]);
  });

  it.each([
    ['a wrong key', { key: 'another-key-entirely' }, 'Authentication Key Failed!'],
    ['no key', { key: undefined }, 'Authentication Key Failed!'],
    ['no type', { type: undefined }, 'Invalid Type'],
    ['a type that is not a string', { type: 7 }, 'Invalid Type'],
  ])('answers 400 to an event with %s', async (_what, members, text) => {
    expect(await served.post(envelope(members))).toEqual([400, text]);
    expect(clock.waiting).toBeLessThanOrEqual(1);
  });

  it.each(['', 'not json', `{"key":"${KEY}","type":`])('answers 400 Invalid JSON to the body %j', async (body) => {
    expect(await served.post(body)).toEqual([400, 'Invalid JSON']);
  });

  it('answers 200 to a probe of the forwarder without passing it to a handler', async () => {
    expect(await served.post(envelope({ type: 'SONORANCAD_PROBE' }))).toEqual([200, 'ok']);
    expect(await served.post(envelope({ type: 'EVENT_OF_TOMORROW' }))).toEqual([200, 'ok']);
    expect((await handled(1)).map(({ type }) => type)).toEqual(['EVENT_OF_TOMORROW']);
  });

  it('answers 200 with the issue to an invalid event, and passes the event on as received', async () => {
    const [status, text] = await served.post(envelope({ data: { identId: 'x' } }));
    expect([status, text]).toEqual([200, expect.stringMatching(/^ok \(data not understood: data\.identId: .+\)$/)]);
    expect(await handled(1)).toMatchObject([{ valid: false, data: { identId: 'x' } }]);
  });

  it('accepts a body of exactly maxBodyBytes, and answers 413 to one byte more', async () => {
    const padded = (bytes: number) => envelope({ more: 'x'.repeat(bytes - envelope({ more: '' }).length) });
    expect(await served.post(padded(1024))).toEqual([200, 'ok']);
    expect(await served.post(padded(1025))).toEqual([413, 'Body Too Large']);
  });

  it('answers 413 to a chunked body that exceeds maxBodyBytes', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { port: served.port, host: '127.0.0.1', path: '/sonorancad/event', method: 'POST' };
      const request = httpRequest(options, (response) => resolve(response.statusCode));
      request.on('error', reject);
      request.write('x'.repeat(1024));
      request.end('x');
    });
    expect(status).toBe(413);
  });

  it('answers 408 and closes the connection if the body is incomplete after 4 s', async () => {
    const socket = connect(served.port, '127.0.0.1');
    socket.write('POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    let text = '';
    let hasEnded = false;
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => {
      hasEnded = true;
    });
    await until(() => clock.waiting === 1);
    clock.advance(3_999);
    await served.ask('/sonorancad/event');
    expect(text).toBe('');
    clock.advance(1);
    await until(() => hasEnded);
    expect(text).toMatch(/^HTTP\/1\.1 408 .*\r\n\r\nRequest Timeout$/s);
  });

  it('drops the event of a client that disconnects in the middle of a body', async () => {
    const socket = connect(served.port, '127.0.0.1');
    socket.write(`POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${envelope()}`);
    await until(() => clock.waiting === 1);
    socket.destroy();
    expect(await served.post(envelope({ data: { identId: 13 } }))).toEqual([200, 'ok']);
    clock.advance(4_000);
    expect((await handled(1)).map(({ data }) => data)).toEqual([{ identId: 13 }]);
  });

  it('answers GET and HEAD with 200, so that a browser shows that the address is reachable', async () => {
    const answer = await served.ask('/sonorancad/event?from=browser');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await answer.text()).toContain('reachable');
    const head = await served.ask('/sonorancad/event', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('answers 405 to other methods, and leaves other paths to the rest of the server', async () => {
    const answer = await served.ask('/sonorancad/event', { method: 'PUT', body: '{}' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const isLast = adapter === 'callback' || adapter === 'fetch';
    for (const path of ['/', '/event', '/sonorancad/events', '/sonorancad/event/x'])
      expect(await served.post(envelope(), {}, path)).toEqual([404, isLast ? 'Not Found' : 'behind']);
  });

  it('answers 429 after 20 wrong keys in a minute, but still 200 to a right key', async () => {
    const wrong = envelope({ key: 'another-key-entirely' });
    const answers = [];
    for (let count = 0; count < 22; count += 1) answers.push((await served.post(wrong))[0]);
    expect(answers).toEqual([...Array(20).fill(400), 429, 429]);
    expect(await served.post(envelope())).toEqual([200, 'ok']);
    clock.advance(60_000);
    expect(await served.post(wrong)).toEqual([400, 'Authentication Key Failed!']);
  });

  it('passes an event on once for its webhook-id, and again for a replay', async () => {
    const id = 'c0ffee00-0000-4000-8000-000000000001';
    const headers = { 'webhook-id': id };
    expect(await served.post(envelope({ key: 'another-key-entirely' }), headers)).toEqual([
      400,
      'Authentication Key Failed!',
    ]);
    for (let count = 0; count < 3; count += 1) expect(await served.post(envelope(), headers)).toEqual([200, 'ok']);
    const replay = { ...headers, 'x-sonorancad-replay': 'true' };
    expect(await served.post(envelope(), replay)).toEqual([200, 'ok']);
    expect(await served.post(envelope(), { 'webhook-id': 'last' })).toEqual([200, 'ok']);
    expect((await handled(3)).map((event) => event.id)).toEqual([id, id, 'last']);
  });
});

describe('push event listener with a secret', () => {
  it('drops a recorded request that is sent again, even with an unsigned replay header', async () => {
    const clock = createManualClock();
    const events: PushEvent[] = [];
    const listener = createListener({ apiKeys: [KEY], secret: SECRET }, clock, () => {}).on('*', (event) =>
      events.push(event),
    );
    const served = await serveBy('callback', listener);
    const signed = (id: string) => {
      const timestamp = Math.floor(clock.now() / 1_000);
      const signature = signatureOf([SECRET], id, timestamp, Buffer.from(envelope()));
      return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
    };
    const recorded = signed('the-event');
    const unsigned: Record<string, string>[] = [
      {},
      { 'x-sonorancad-replay': 'true' },
      { 'x-sonorancad-replay': 'true', 'x-sonorancad-attempt': '1' },
    ];
    for (const replay of unsigned) {
      expect(await served.post(envelope(), { ...recorded, ...replay })).toEqual([200, 'ok']);
    }
    // The signature covers the id, so a changed id makes it invalid.
    expect(await served.post(envelope(), { ...recorded, 'webhook-id': 'the-event.r1' })).toEqual([
      401,
      'Invalid Signature',
    ]);
    for (const id of ['the-event.r1', 'the-event.r1', 'the-event.r2', 'last']) {
      expect(await served.post(envelope(), signed(id))).toEqual([200, 'ok']);
    }
    await until(() => {
      clock.pass();
      return events.at(-1)?.id === 'last';
    });
    expect(events.map(({ id }) => id)).toEqual(['the-event', 'the-event', 'the-event', 'last']);
    await served.close();
  });
});

describe('push event listener with the option path', () => {
  it('answers at that path and 404 at the default one', async () => {
    const clock = createManualClock();
    const served = await serveBy(
      'callback',
      createListener({ apiKeys: [KEY], path: '/cad' }, clock, () => {}),
    );
    expect(await served.post(envelope(), {}, '/cad?x=1')).toEqual([200, 'ok']);
    expect(await served.post(envelope())).toEqual([404, 'Not Found']);
    await served.close();
  });
});
