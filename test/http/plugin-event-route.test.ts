import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import type { HttpEventOutcome } from '../../src/events/push-event.ts';
import { readHops } from '../../src/forward/signed-headers.ts';
import { createApp } from '../../src/http/app.ts';
import { type LocalServer, openLocally } from '../local-server.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const KEY = 'a-key-for-testing';

describe('POST /pluginevent', () => {
  const clock = createManualClock();
  const log = createRecordingLog();
  const ring = createKeyRing([KEY]);
  const asked: unknown[][] = [];
  let outcome: HttpEventOutcome = { status: 'unhandled' };
  let server: LocalServer;

  beforeAll(async () => {
    const app = createApp({
      keys: () => ring,
      accept() {},
      async answerHttpEvent(...args) {
        asked.push(args);
        return outcome;
      },
      version: '5.0.0',
      healthToken: () => null,
      readHops,
      peerLabel: () => () => 'a peer',
      healthDetails: () => ({}),
      log,
      clock,
    });
    server = await openLocally(createServer(app.callback()));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked.length = 0;
    outcome = { status: 'answered', json: '{"ok":true}' };
    // The wrong keys of the test before are forgotten.
    clock.advance(60_000);
  });

  const ask = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
  async function post(body: string, path = '/pluginevent'): Promise<[number, string]> {
    const answer = await ask(path, { method: 'POST', body });
    return [answer.status, await answer.text()];
  }
  const envelope = (members: Record<string, unknown> = {}) =>
    JSON.stringify({ key: KEY, type: 'my_Type', data: [{ n: 1 }], ...members });

  it('has the body answered, as received but without its key, and sends the JSON', async () => {
    const answer = await ask('/pluginevent', { method: 'POST', body: envelope({ more: KEY }) });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'application/json; charset=utf-8',
      '{"ok":true}',
    ]);
    expect(asked).toEqual([['MY_TYPE', { type: 'my_Type', data: [{ n: 1 }], more: '(API key removed)' }]]);
  });

  it('answers the same below its documented prefix', async () => {
    expect(await post(envelope(), '/sonorancad/pluginevent')).toEqual([200, '{"ok":true}']);
  });

  it.each([
    ['unhandled', 404, 'No Handler'],
    ['failed', 500, 'Handler Failed'],
    ['late', 504, 'Handler Timeout'],
  ] as const)('answers to an event that is %s with %i', async (status, code, text) => {
    outcome = { status };
    expect(await post(envelope())).toEqual([code, text]);
  });

  it.each([
    ['a wrong key', envelope({ key: 'another-key-entirely' }), 'Authentication Key Failed!'],
    ['no key', envelope({ key: undefined }), 'Authentication Key Failed!'],
    ['no type', envelope({ type: undefined }), 'Invalid Type'],
    ['an empty type', envelope({ type: '' }), 'Invalid Type'],
    ['no JSON', 'not json', 'Invalid JSON'],
    ['no body', '', 'Invalid JSON'],
    ['half an object', `{"key":"${KEY}","type":`, 'Invalid JSON'],
  ])('refuses %s as /event does, and asks nobody', async (_what, body, text) => {
    expect(await post(body)).toEqual([400, text]);
    expect(asked).toEqual([]);
  });

  it('refuses what no resource could be handed: more than 500 levels', async () => {
    const nested = (levels: number) => `{"key":"${KEY}","type":"T","data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(await post(nested(499))).toEqual([200, '{"ok":true}']);
    expect(await post(nested(500))).toEqual([400, 'Nested Too Deep']);
    expect(asked).toHaveLength(1);
  });

  it('refuses a body of more than 1 MiB', async () => {
    expect(await post(envelope({ data: 'x'.repeat(1024 * 1024) }))).toEqual([413, 'Body Too Large']);
  });

  it('answers 408 when the body is not whole within 4 s', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /pluginevent HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    let head = '';
    socket.once('data', (chunk) => {
      head = chunk.toString();
    });
    for (; head === ''; clock.advance(4_000)) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each(['GET', 'PUT'])('answers 405 to %s', async (method) => {
    const answer = await ask('/pluginevent', { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('counts wrong keys together with those of /event', async () => {
    const wrong = envelope({ key: 'another-key-entirely' });
    for (let count = 0; count < 10; count += 1) {
      expect(await post(wrong, '/event')).toEqual([400, 'Authentication Key Failed!']);
      expect(await post(wrong, '/pluginevent')).toEqual([400, 'Authentication Key Failed!']);
    }
    expect(await post(wrong, '/pluginevent')).toEqual([429, 'Too Many Wrong Keys']);
    expect(await post(wrong, '/event')).toEqual([429, 'Too Many Wrong Keys']);
    expect(await post(envelope())).toEqual([200, '{"ok":true}']);
  });
});
