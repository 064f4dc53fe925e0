import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../packages/fxhost/src/index.ts';
import { printedBy } from '../packages/fxhost/test/write-resource.ts';
import { jsRecorder, type Taken, takenBy } from './hardening/recorders.ts';
import { startHttpTarget } from './http-target.ts';
import { KEY, payload, postDirectly, type ServeOptions, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

/** Keeps whatever reaches it, the event with the type in its name too. */
const SUBSCRIBER = `${jsRecorder()}
  on('sonorancad:pushEvent:EVENT_911', (data, event) => take('typed', data.call.callId, event.id.length));
`;

const TONE_ONCE = ['export EVENT_TONE', 'event EVENT_TONE'];

/** The ways that events came, in order: by `export` and `event` one of such a type, by the others the arguments themselves. */
function waysOf(taken: readonly Taken[] = []): string[] {
  return taken.map(([way, first, ...rest]) => [way, (first as { type?: string }).type ?? first, ...rest].join(' '));
}

describe('the resource on the stand-in', () => {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function serve(options: ServeOptions = {}) {
    const served = await serveResource(options);
    closing.push(() => served.close());
    return served;
  }

  /** How events reached the consumer since this was asked last; what is missing does not come. */
  const reached = async (host: FxHost) => waysOf((await takenBy(host, ['consumer'])).consumer);

  it('takes an event from HTTP to a subscriber and to the local events, each once and in order', async () => {
    const { host, add, post } = await serve();
    add('consumer', SUBSCRIBER);
    host.ensure('sonorancad');
    host.ensure('consumer');
    expect(await post(payload('EVENT_911'))).toEqual([200, 'ok']);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    expect(await reached(host)).toEqual(['export EVENT_911', 'event EVENT_911', 'typed 302 36', ...TONE_ONCE]);
  });

  it.each([
    [
      'a target',
      {
        enablePushEventForwarding: true,
        pushEventForwardTargets: [{ name: 'bot', url: 'https://bot.example/events' }],
      },
    ],
    ['an alert', { alerts: { url: 'https://alerts.example/in' } }],
  ])('reads the certificates of https soon after the start, when %s needs them', async (_what, config) => {
    const COUNTING = `{
      const tls = require('node:tls');
      const { createSecureContext } = tls;
      let reads = 0;
      tls.createSecureContext = (...args) => { reads += 1; return createSecureContext(...args); };
      on('test:reads', (tell) => tell(reads));
    }`;
    const { host, configure, later } = await serve({ movableTime: true, before: { 'counting.js': COUNTING } });
    host.ensure('sonorancad');
    const readsNow = () => {
      let reads = -1;
      host.emit('test:reads', (count: number) => {
        reads = count;
      });
      return reads;
    };
    const readsAfter = async (milliseconds: number) => {
      later(milliseconds);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return readsNow();
    };
    host.tick(2);
    expect(await readsAfter(5_000)).toBe(0);
    configure(config);
    host.execute('sonorancad reload');
    expect(await readsAfter(0)).toBe(0);
    later(1_000);
    await until(() => readsNow() === 1);
  });

  it.each([
    ['the consumer first', ['consumer', 'sonorancad']],
    ['the consumer last', ['sonorancad', 'consumer']],
  ])('reaches a consumer once whoever starts first and whoever restarts: %s', async (_order, order) => {
    const { host, add, post } = await serve();
    add('consumer', SUBSCRIBER);
    for (const resource of order) host.ensure(resource);
    expect(await reached(host)).toEqual([]);
    for (const restarted of ['sonorancad', 'consumer', 'sonorancad']) {
      host.restart(restarted);
      expect(await reached(host)).toEqual([]);
      expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
      expect(await reached(host)).toEqual(TONE_ONCE);
    }
  });

  it('keeps an event that comes before consumers could subscribe', async () => {
    const { host, add, post } = await serve();
    add('consumer', SUBSCRIBER);
    host.ensure('consumer');
    host.ensure('sonorancad');
    const answer = await postDirectly(host, payload('EVENT_TONE'));
    expect(answer.status).toBe(200);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    expect(await reached(host)).toEqual([...TONE_ONCE, ...TONE_ONCE]);
  });

  it('answers an event before a subscriber that blocks for 200 ms is called', async () => {
    const { host, add } = await serve();
    add(
      'consumer',
      `exports.sonorancad.onPushEvent('*', () => {
        for (const end = Date.now() + 200; Date.now() < end; );
        print('has blocked');
      });`,
    );
    for (const name of ['sonorancad', 'consumer']) host.ensure(name);
    host.tick(2);
    const seen: string[] = [];
    const answered = postDirectly(host, payload('EVENT_UNIT_LOGOUT')).then(({ status }) => {
      seen.push(`answered ${status}`, ...printedBy(host, 'consumer'));
    });
    while (printedBy(host, 'consumer').length === 0) await setImmediate();
    seen.push(...printedBy(host, 'consumer'));
    await answered;
    expect(seen).toEqual(['answered 200', 'has blocked']);
  });

  it('says at the start where events are received, and that it is not affiliated', async () => {
    const { host } = await serve();
    host.ensure('sonorancad');
    const lines = printedBy(host, 'sonorancad');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`http://<this server>:${host.port}/sonorancad/event`);
    expect(lines[0]).toContain('not affiliated with Sonoran Software Systems');
  });

  it('refuses every event without a key and says how to set one', async () => {
    const { host, post } = await serve({ config: { apiKey: '' } });
    host.ensure('sonorancad');
    expect(await post(payload('EVENT_TONE', ''))).toEqual([400, 'Authentication Key Failed!']);
    expect(printedBy(host, 'sonorancad').join('\n')).toContain('set sonoran_apiKey');
  });

  it('counts an edited config.json after a restart, and a convar above it', async () => {
    const other = 'another-key-for-testing';
    const { host, configure, post } = await serve();
    host.ensure('sonorancad');
    expect(await post(payload('EVENT_TONE', other))).toEqual([400, 'Authentication Key Failed!']);
    configure({ apiKey: other });
    host.restart('sonorancad');
    expect(await post(payload('EVENT_TONE', other))).toEqual([200, 'ok']);
    host.setConvar('sonoran_apiKey', KEY);
    host.restart('sonorancad');
    expect(await post(payload('EVENT_TONE', other))).toEqual([400, 'Authentication Key Failed!']);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
  });

  it('answers under another folder name, and by the documented path below it', async () => {
    const { host, post } = await serve({ name: 'cad-events' });
    host.ensure('cad-events');
    expect(await post(payload('EVENT_TONE'), '/cad-events/event')).toEqual([200, 'ok']);
    expect(await post(payload('EVENT_TONE'), '/cad-events/sonorancad/event')).toEqual([200, 'ok']);
  });

  it('forwards each event as received to a bare origin', async () => {
    const listener = await startHttpTarget();
    closing.push(() => listener.close());
    const { host, post } = await serve({
      config: { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${listener.port}` },
    });
    host.ensure('sonorancad');
    const body = payload('EVENT_911');
    expect(await post(body)).toEqual([200, 'ok']);
    await listener.count(1);
    expect(listener.received[0]).toMatchObject({ path: '/sonorancad/event', body: Buffer.from(body) });
  });

  it('does not forward what was refused', async () => {
    const listener = await startHttpTarget();
    closing.push(() => listener.close());
    const { host, post } = await serve({
      config: { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${listener.port}` },
    });
    host.ensure('sonorancad');
    expect(await post(payload('EVENT_911', 'not-the-right-key'))).toEqual([400, 'Authentication Key Failed!']);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    await listener.count(1);
    expect(listener.received.map(({ body }) => JSON.parse(body.toString()).type)).toEqual(['EVENT_TONE']);
  });

  it('answers what is still open with 503 and dispatches what was answered when it stops', async () => {
    const { host, add } = await serve();
    add('consumer', SUBSCRIBER);
    host.ensure('sonorancad');
    host.ensure('consumer');
    expect(await reached(host)).toEqual([]);
    const socket = connect(host.port, '127.0.0.1');
    closing.push(() => void socket.destroy());
    const half = 'POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{';
    await new Promise((resolve) => socket.write(half, resolve));
    // When this one is answered, what was sent before it has come too.
    expect((await fetch(`${host.url}/sonorancad/event`)).status).toBe(200);
    const answered = await postDirectly(host, payload('EVENT_TONE'));
    expect(answered.status).toBe(200);
    host.stop('sonorancad');
    expect(waysOf(host.callExport('consumer', 'taken') as Taken[])).toEqual(TONE_ONCE);
    const head = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    expect(head).toMatch(/^HTTP\/1\.1 503 /);
  });
});
