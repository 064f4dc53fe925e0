import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import type { HttpEventOutcome } from '../../src/events/push-event.ts';
import type { ReceivedEvent } from '../../src/events/receive.ts';
import { readHops } from '../../src/forward/signed-headers.ts';
import { createApp } from '../../src/http/app.ts';
import { type LocalServer, openLocally } from '../local-server.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog, type RecordedLine } from '../recording-log.ts';

const KEY = 'a-key-for-testing';
const TOKEN = 'a-token-for-testing';

describe('createApp behind a plain Node server', () => {
  const clock = createManualClock();
  const log = createRecordingLog();
  const ring = createKeyRing([KEY]);
  const accepted: { received: ReceivedEvent; raw: Buffer }[] = [];
  const asked: unknown[][] = [];
  let outcome: HttpEventOutcome;
  let failing = false;
  let sender = 'a sender';
  let server: LocalServer;

  beforeAll(async () => {
    const app = createApp({
      keys: () => ring,
      intake: {
        accept(received, raw) {
          if (failing) throw new Error('the store is gone');
          accepted.push({ received, raw });
        },
        refuse() {},
      },
      holds: { measure: (work) => work() },
      async answerHttpEvent(...args) {
        asked.push(args);
        return outcome;
      },
      version: '5.0.0',
      healthToken: () => TOKEN,
      readHops,
      peerLabel: () => () => sender,
      healthDetails: () => ({ forwarding: true }),
      mask: (text) => text,
      routes: [
        {
          method: 'get',
          path: '/of/:name',
          handle(context) {
            context.body = context.params.name;
          },
        },
      ],
      log,
      clock,
    });
    server = await openLocally(createServer(app.callback()));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    accepted.length = 0;
    failing = false;
    sender = 'a sender';
  });

  const ask = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
  async function post(body: string | Buffer, path = '/event'): Promise<[number, string]> {
    const answer = await ask(path, { method: 'POST', body: new Uint8Array(Buffer.from(body)) });
    return [answer.status, await answer.text()];
  }
  const envelope = (members: Record<string, unknown>) =>
    JSON.stringify({ key: KEY, type: 'EVENT_SOMETHING_NEW', data: {}, ...members });

  it('answers ok to an event, and hands it on with the bytes as received', async () => {
    const body = `{ "key":"${KEY}", "type":"event_something_new", "data":[{"n":9007199254740993}] }`;
    expect(await post(body)).toEqual([200, 'ok']);
    expect(accepted).toHaveLength(1);
    expect(accepted[0]?.raw.toString()).toBe(body);
    expect(accepted[0]?.received.event).toMatchObject({
      type: 'EVENT_SOMETHING_NEW',
      source: 'http',
      receivedAt: clock.now(),
      valid: true,
    });
    expect(accepted[0]?.received.body).toEqual({ type: 'event_something_new', data: { n: 9007199254740992 } });
  });

  it('does nothing about a request of the panel of the CAD, and says why', async () => {
    log.lines.length = 0;
    expect(await post(envelope({ type: 'EVENT_FIVEM_CONFIGURATION', data: { revision: 3 } }))).toEqual([200, 'ok']);
    expect(accepted).toEqual([]);
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('over the session only'),
      fields: { from: 'a sender' },
    });
  });

  it('takes the other names that the documents of the CAD have for types', async () => {
    await post(envelope({ type: 'EVENT_UNIT_ATTACH', data: { callId: 501, idents: [12] } }));
    expect(accepted[0]?.received.event).toMatchObject({ type: 'EVENT_DISPATCH_UNIT_ATTACH', valid: true });
    expect(accepted[0]?.received.body).toMatchObject({ type: 'EVENT_UNIT_ATTACH' });
  });

  it('answers as plain text', async () => {
    const answer = await ask('/event', { method: 'POST', body: envelope({}) });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each([
    ['a wrong key', { key: 'another-key-entirely' }, 'Authentication Key Failed!'],
    ['no key', { key: undefined }, 'Authentication Key Failed!'],
    ['no type', { type: undefined }, 'Invalid Type'],
    ['a type that is no text', { type: 7 }, 'Invalid Type'],
    ['an empty type', { type: '' }, 'Invalid Type'],
  ])('answers 400 to %s', async (_what, members, text) => {
    expect(await post(envelope(members))).toEqual([400, text]);
    expect(accepted).toEqual([]);
  });

  it.each(['', 'not json', '[1]', `{"key":"${KEY}","type":`])('answers 400 Invalid JSON to %j', async (body) => {
    expect(await post(body)).toEqual([400, 'Invalid JSON']);
  });

  it('does not mind the content type', async () => {
    const answer = await ask('/event', {
      method: 'POST',
      body: envelope({}),
      headers: { 'content-type': 'image/png' },
    });
    expect(answer.status).toBe(200);
  });

  it('says why the data of a known type was not understood, and takes the event', async () => {
    const [status, text] = await post(envelope({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 'x' } }));
    expect(status).toBe(200);
    expect(text).toMatch(/^ok \(data not understood: data\.identId: .+\)$/);
    expect(accepted[0]?.received.event).toMatchObject({ valid: false, data: { identId: 'x' } });
  });

  it('takes a body of exactly 1 MiB and refuses a larger one', async () => {
    const frame = envelope({ data: '' }).length;
    const padded = (bytes: number) => envelope({ data: 'x'.repeat(bytes - frame) });
    expect(await post(padded(1024 * 1024))).toEqual([200, 'ok']);
    expect(await post(padded(1024 * 1024 + 1))).toEqual([413, 'Body Too Large']);
  });

  it('refuses a larger body that comes without its length', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(
        { port: server.port, host: '127.0.0.1', path: '/event', method: 'POST' },
        (response) => resolve(response.statusCode),
      );
      request.on('error', reject);
      request.write('x'.repeat(1024 * 1024));
      request.end('x');
    });
    expect(status).toBe(413);
  });

  it.each(['/event', '/pluginevent'])('answers 408 when the body to %s is not whole within 4 s', async (path) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{`);
    let head = '';
    socket.once('data', (chunk) => {
      head = chunk.toString();
    });
    for (; head === ''; clock.advance(4_000)) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('answers 500 without details when an event cannot be stored', async () => {
    failing = true;
    expect(await post(envelope({}))).toEqual([500, 'Internal Server Error']);
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { reason: 'the store is gone' } });
  });

  it('answers the same below its documented prefix', async () => {
    expect(await post(envelope({}), '/sonorancad/event')).toEqual([200, 'ok']);
    expect(await post(envelope({}), '/event?from=proxy')).toEqual([200, 'ok']);
  });

  it('answers the routes of other parts, below the prefix and without it', async () => {
    const answers = await Promise.all(['/of/one', '/sonorancad/of/two', '/of'].map((path) => ask(path)));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['one', 'two', 'Not Found']);
  });

  it('tells a person with a browser that the address is reachable', async () => {
    const answer = await ask('/event');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('reachable');
  });

  it('shows its health to everybody and the details to the holder of the token', async () => {
    expect(await (await ask('/health')).json()).toEqual({ status: 'ok', version: '5.0.0' });
    const trusted = await ask('/health', { headers: { authorization: `bearer ${TOKEN}` } });
    expect(await trusted.json()).toEqual({ status: 'ok', version: '5.0.0', forwarding: true });
    const wrong = await ask('/health', { headers: { authorization: `Bearer ${KEY}` } });
    expect(await wrong.json()).toEqual({ status: 'ok', version: '5.0.0' });
  });

  it.each([
    ['PUT', '/event', 'HEAD, GET, POST'],
    ['POST', '/health', 'HEAD, GET'],
  ])('answers 405 to %s %s', async (method, path, allowed) => {
    const answer = await ask(path, { method });
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([
      405,
      allowed,
      'Method Not Allowed',
    ]);
  });

  it('answers OPTIONS with the methods there are', async () => {
    const answer = await ask('/sonorancad/event', { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([200, 'HEAD, GET, POST', '']);
  });

  it('answers 501 to methods that it does not know', async () => {
    const answer = await ask('/event', { method: 'PROPFIND' });
    expect([answer.status, await answer.text()]).toEqual([501, 'Not Implemented']);
  });

  it('answers 404 to other paths', async () => {
    const answer = await ask('/other');
    expect([answer.status, await answer.text()]).toEqual([404, 'Not Found']);
  });

  it('turns a peer away after 20 wrong keys with one warning, and serves it as soon as its key is right', async () => {
    clock.advance(60_000);
    sender = 'a flooding sender';
    const wrong = envelope({ key: 'another-key-entirely' });
    const answers = [];
    for (let count = 0; count < 100; count += 1) answers.push(await post(wrong));
    expect(answers.slice(0, 20)).toEqual(Array(20).fill([400, 'Authentication Key Failed!']));
    expect(answers.slice(20)).toEqual(Array(80).fill([429, 'Too Many Wrong Keys']));
    expect(await post(envelope({}))).toEqual([200, 'ok']);
    const ofFlood = ({ fields }: RecordedLine) => fields.from === 'a flooding sender';
    expect(log.lines.filter(ofFlood)).toHaveLength(100);
    expect(log.printed.filter(ofFlood)).toHaveLength(1);
    sender = 'another sender';
    expect(await post(wrong)).toEqual([400, 'Authentication Key Failed!']);
  });

  it('searches only the first 4 KiB for the key when the sender has shown none but wrong ones', async () => {
    const keyBehind = (bytes: number) => JSON.stringify({ type: 'T', data: 'x'.repeat(bytes), key: KEY });
    const keyInFront = envelope({ data: 'x'.repeat(10_000) });
    sender = '198.51.100.7';
    expect(await post(keyBehind(10_000))).toEqual([200, 'ok']);
    expect(await post(envelope({ key: 'another-key-entirely' }))).toEqual([400, 'Authentication Key Failed!']);
    // It is trusted.
    expect(await post(keyBehind(10_000))).toEqual([200, 'ok']);
    sender = '198.51.100.8';
    for (const body of ['no json', envelope({ key: undefined }), envelope({ key: 'another-key-entirely' })]) {
      sender = `${sender}0`;
      expect(await post(body)).toEqual([400, expect.anything()]);
      expect(await post(keyBehind(10_000))).toEqual([400, 'Authentication Key Failed!']);
      expect(log.lines.at(-1)?.message).toContain('no API key in its first 4 KiB');
      expect(await post(' '.repeat(10_000) + keyInFront)).toEqual([400, 'Invalid JSON']);
      expect(await post(keyBehind(3_000))).toEqual([200, 'ok']);
      expect(await post(keyBehind(10_000))).toEqual([200, 'ok']);
    }
    sender = '198.51.100.9';
    await post(envelope({ key: undefined }));
    expect(await post(keyInFront)).toEqual([200, 'ok']);
  });

  it('knows a sender without a key by what came in chunks, too', async () => {
    sender = '198.51.100.6';
    const body = new Blob([envelope({ key: undefined })]).stream();
    expect((await ask('/event', { method: 'POST', body, duplex: 'half' })).status).toBe(408);
    await post(JSON.stringify({ type: 'T', data: 'x'.repeat(10_000), key: KEY }));
    expect(log.lines.at(-1)?.message).toContain('no API key in its first 4 KiB');
  });

  it('gives an event that came through a forwarder the id that it has there, and others one of ours', async () => {
    const idOf = async (headers: Record<string, string>) => {
      await ask('/event', { method: 'POST', body: envelope({}), headers });
      return accepted.at(-1)?.received.event.id;
    };
    expect(await idOf({ 'webhook-id': 'an-id', 'x-sonorancad-hop': '1' })).toBe('an-id');
    expect(await idOf({ 'webhook-id': 'an-id.r1', 'x-sonorancad-hop': '2' })).toBe('an-id.r1');
    const own = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
    expect(await idOf({ 'webhook-id': 'an-id' })).toMatch(own);
    expect(await idOf({ 'webhook-id': 'an-id', 'x-sonorancad-hop': '0' })).toMatch(own);
    expect(await idOf({ 'webhook-id': 'an id/of others', 'x-sonorancad-hop': '1' })).toMatch(own);
    expect(await idOf({ 'x-sonorancad-hop': '1' })).toMatch(own);
  });

  describe('POST /pluginevent', () => {
    const pluginEvent = (members: Record<string, unknown> = {}) =>
      envelope({ type: 'my_Type', data: [{ n: 1 }], ...members });
    const postPlugin = (body: string) => post(body, '/pluginevent');

    beforeEach(() => {
      asked.length = 0;
      outcome = { status: 'answered', json: '{"ok":true}' };
      // The wrong keys of the test before are forgotten.
      clock.advance(60_000);
    });

    it('has the body answered, as received but without its key, and sends the JSON', async () => {
      const answer = await ask('/pluginevent', { method: 'POST', body: pluginEvent({ more: KEY }) });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        200,
        'application/json; charset=utf-8',
        '{"ok":true}',
      ]);
      expect(asked).toEqual([['MY_TYPE', { type: 'my_Type', data: [{ n: 1 }], more: '(API key removed)' }]]);
    });

    it('answers the same below its documented prefix', async () => {
      expect(await post(pluginEvent(), '/sonorancad/pluginevent')).toEqual([200, '{"ok":true}']);
    });

    it.each([
      ['unhandled', 404, 'No Handler'],
      ['failed', 500, 'Handler Failed'],
      ['late', 504, 'Handler Timeout'],
    ] as const)('answers to an event that is %s with %i', async (status, code, text) => {
      outcome = { status };
      expect(await postPlugin(pluginEvent())).toEqual([code, text]);
    });

    it.each([
      ['a wrong key', pluginEvent({ key: 'another-key-entirely' }), 'Authentication Key Failed!'],
      ['no key', pluginEvent({ key: undefined }), 'Authentication Key Failed!'],
      ['no type', pluginEvent({ type: undefined }), 'Invalid Type'],
      ['an empty type', pluginEvent({ type: '' }), 'Invalid Type'],
      ['no JSON', 'not json', 'Invalid JSON'],
      ['no body', '', 'Invalid JSON'],
      ['half an object', `{"key":"${KEY}","type":`, 'Invalid JSON'],
    ])('refuses %s as /event does, and asks nobody', async (_what, body, text) => {
      expect(await postPlugin(body)).toEqual([400, text]);
      expect(asked).toEqual([]);
    });

    it('refuses what no resource could be handed: more than 500 levels', async () => {
      const nested = (levels: number) =>
        `{"key":"${KEY}","type":"T","data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      expect(await postPlugin(nested(499))).toEqual([200, '{"ok":true}']);
      expect(await postPlugin(nested(500))).toEqual([400, 'Nested Too Deep']);
      expect(asked).toHaveLength(1);
    });

    it('refuses a body of more than 1 MiB', async () => {
      expect(await postPlugin(pluginEvent({ data: 'x'.repeat(1024 * 1024) }))).toEqual([413, 'Body Too Large']);
    });

    it.each(['GET', 'PUT'])('answers 405 to %s', async (method) => {
      const answer = await ask('/pluginevent', { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it('counts wrong keys together with those of /event', async () => {
      const wrong = pluginEvent({ key: 'another-key-entirely' });
      for (let count = 0; count < 10; count += 1) {
        expect(await post(wrong)).toEqual([400, 'Authentication Key Failed!']);
        expect(await postPlugin(wrong)).toEqual([400, 'Authentication Key Failed!']);
      }
      expect(await postPlugin(wrong)).toEqual([429, 'Too Many Wrong Keys']);
      expect(await post(wrong)).toEqual([429, 'Too Many Wrong Keys']);
      expect(await postPlugin(pluginEvent())).toEqual([200, '{"ok":true}']);
    });
  });
});
