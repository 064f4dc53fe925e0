import { afterEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { createListener } from '../../src/listener/create-push-event-listener.ts';
import type { PushEvent, PushEventListenerOptions } from '../../src/listener/push-event-listener.ts';
import { createManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';
import { type Before, type Served, serveBy } from './serve-by.ts';

const KEY = 'a-key-of-sixteen-letters';
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
// Spaces, which a body that is written again does not have.
const BODY = `{ "key": "${KEY}", "type": "EVENT_UNIT_LOGOUT", "data": { "identId": 12 } }`;

/** A body parser that leaves what it has read where the framework's parsers do. */
function parser(leave: (text: string) => Record<string, unknown>): Before {
  return async (request, left) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    Object.assign(left, leave(Buffer.concat(chunks).toString()));
  };
}

const asObject = parser((text) => ({ body: JSON.parse(text) }));

describe.each(['middleware', 'express'] as const)('a listener behind a body parser, by %s,', (adapter) => {
  let served: Served;
  afterEach(() => served.close());

  async function serve(before: Before, options: Partial<PushEventListenerOptions> = {}) {
    const clock = createManualClock();
    const listener = createListener({ apiKey: KEY, ...options }, clock, () => {});
    const events: PushEvent[] = [];
    listener.on('*', (event) => events.push(event));
    served = await serveBy(adapter, listener, before);
    const timestamp = Math.floor(clock.now() / 1_000);
    const signed = {
      'webhook-id': 'event-1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf([SECRET], 'event-1', timestamp, Buffer.from(BODY)),
    };
    const handled = async () => {
      await until(() => {
        clock.pass();
        return events.length > 0;
      });
      return events;
    };
    return { signed, handled };
  }

  it.each<[string, Before]>([
    ['an object', asObject],
    ['text', parser((body) => ({ body }))],
    ['bytes', parser((text) => ({ body: Buffer.from(text) }))],
    ['an object and the text as rawBody', parser((rawBody) => ({ body: JSON.parse(rawBody), rawBody }))],
  ])('takes the body as %s', async (_form, before) => {
    const { handled } = await serve(before);
    expect(await served.post(BODY)).toEqual([200, 'ok']);
    expect(await handled()).toMatchObject([{ type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } }]);
  });

  it('reads the body itself when the parser left it alone, whatever the parser put in its place', async () => {
    const { handled } = await serve((_request, left) => void Object.assign(left, { body: {} }));
    expect(await served.post(BODY)).toEqual([200, 'ok']);
    expect(await handled()).toHaveLength(1);
  });

  it('refuses a wrong key and a body that is too large as ever', async () => {
    await serve(asObject, { maxBodyBytes: 100 });
    expect(await served.post('{"key":"another-key-entirely"}')).toEqual([400, 'Authentication Key Failed!']);
    expect(await served.post(JSON.stringify({ key: KEY, more: 'x'.repeat(100) }))).toEqual([413, 'Body Too Large']);
  });

  it('checks a signature against the bytes as they came', async () => {
    const { signed } = await serve(
      parser((rawBody) => ({ body: JSON.parse(rawBody), rawBody })),
      { secret: SECRET },
    );
    expect(await served.post(BODY, signed)).toEqual([200, 'ok']);
    expect(await served.post(BODY)).toEqual([401, 'Invalid Signature']);
  });

  it.each<[string, Before, Partial<PushEventListenerOptions>, RegExp]>([
    ['the bytes are gone that were signed', asObject, { secret: SECRET }, /^A signature cannot be checked .*rawBody/],
    ['the body is gone', parser(() => ({})), {}, /^The body of a push event was read before .*rawBody/],
  ])('says what to change when %s, and answers 500', async (_what, before, options, message) => {
    const { signed } = await serve(before, options);
    const [status, text] = await served.post(BODY, signed);
    // Koa keeps the message for the program's own log.
    expect([status, text]).toEqual([
      500,
      adapter === 'express' ? expect.stringMatching(message) : 'Internal Server Error',
    ]);
  });
});
