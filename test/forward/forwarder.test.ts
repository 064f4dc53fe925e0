import { afterEach, describe, expect, it } from '@jest/globals';
import { configureForwarding } from '../../src/forward/configure-forwarding.ts';
import type { PushEvent } from '../../src/push-events/push-event.ts';
import { createRecordingLog } from '../recording-log.ts';
import { type Listener, listen } from './listener.ts';

const event = {
  id: 'e-1',
  type: 'EVENT_911',
  data: {},
  receivedAt: 1,
  source: 'http',
  valid: true,
} as unknown as PushEvent;
const own = { port: 30120, resourceName: 'sonorancad', addresses: [] };

function setUp(config: { enablePushEventForwarding?: boolean; pushEventForwardUrl: string }) {
  const log = createRecordingLog();
  const surroundings = { own, version: '5.0.0', log, monotonic: () => performance.now() };
  const forwarder = configureForwarding({ enablePushEventForwarding: true, ...config }, surroundings);
  const logged = async () => {
    const before = log.lines.length;
    while (log.lines.length === before) await new Promise((resolve) => setImmediate(resolve));
    return log.lines.at(-1);
  };
  return { log, forwarder, logged };
}

describe('configureForwarding', () => {
  let listener: Listener | undefined;
  afterEach(() => listener?.close());

  it('gives nothing when forwarding is off or has no address', () => {
    expect(setUp({ enablePushEventForwarding: false, pushEventForwardUrl: 'http://127.0.0.1:1' }).forwarder).toBeNull();
    expect(setUp({ pushEventForwardUrl: '' }).forwarder).toBeNull();
  });

  it('refuses to forward to the path that events come in by', () => {
    const { forwarder, log } = setUp({ pushEventForwardUrl: 'http://127.0.0.1:30120' });
    expect(forwarder).toBeNull();
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      level: 'error',
      fields: { pushEventForwardUrl: 'http://127.0.0.1:30120/sonorancad/event' },
    });
  });

  it.each([
    ['invalid UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc0]), Buffer.from('"}')])],
    ['a number beyond 2^53', Buffer.from('{"a":9007199254740993}')],
    ['duplicate members and odd spacing', Buffer.from('{ "a":1,\t"a":2 }\n')],
  ])('forwards %s byte for byte', async (_what, body) => {
    listener = await listen();
    const { forwarder, logged } = setUp({ pushEventForwardUrl: `http://127.0.0.1:${listener.port}` });
    forwarder?.enqueue(event, body);
    await listener.count(1);
    expect(listener.received[0]).toMatchObject({ method: 'POST', path: '/sonorancad/event', body });
    expect(listener.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'sonorancad/5.0.0',
    });
    expect(await logged()).toMatchObject({
      level: 'debug',
      fields: { id: 'e-1', type: 'EVENT_911', status: 200, ms: expect.any(Number) },
    });
  });

  it('says the status of a refusal and only texts that are documented', async () => {
    const answers = ['Invalid Type', '{"you sent":"a-secret-key"}'];
    listener = await listen((_request, response) => response.writeHead(400).end(answers.shift()));
    const { forwarder, logged } = setUp({ pushEventForwardUrl: `http://127.0.0.1:${listener.port}/` });
    forwarder?.enqueue(event, Buffer.from('{}'));
    expect(await logged()).toMatchObject({ level: 'warn', fields: { status: 400, answer: 'Invalid Type' } });
    forwarder?.enqueue(event, Buffer.from('{}'));
    expect((await logged())?.fields.answer).toBeUndefined();
  });

  it('says why a delivery failed without the credentials of the URL', async () => {
    listener = await listen();
    const { port } = listener;
    await listener.close();
    const { forwarder, logged, log } = setUp({
      pushEventForwardUrl: `http://user:word@127.0.0.1:${port}/hook?token=hidden`,
    });
    forwarder?.enqueue(event, Buffer.from('{}'));
    expect(await logged()).toMatchObject({
      level: 'warn',
      fields: { reason: 'ECONNREFUSED', target: `http://127.0.0.1:${port}/hook` },
    });
    expect(JSON.stringify(log.lines)).not.toMatch(/word|hidden/);
  });

  it('keeps at most 100 requests under way', async () => {
    listener = await listen(() => {});
    const { forwarder, log } = setUp({ pushEventForwardUrl: `http://127.0.0.1:${listener.port}` });
    for (let count = 0; count < 101; count += 1) forwarder?.enqueue(event, Buffer.from('{}'));
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
