import { afterEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { createListener } from '../../src/listener/create-push-event-listener.ts';
import type { PushEvent, PushEventListenerOptions } from '../../src/listener/push-event-listener.ts';
import { createManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';
import { type Before, type Served, serveBy } from './serve-by.ts';

const KEY = 'a-key-of-sixteen-letters';
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
// The spaces get lost if a body is parsed and serialised again, which invalidates its signature.
const BODY = `{ "key": "${KEY}", "type": "EVENT_UNIT_LOGOUT", "data": { "identId": 12 } }`;

/** Creates a body parser that sets the same properties as the framework's parsers. */
function createParser(leave: (text: string) => Record<string, unknown>): Before {
  return async (request, left) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    Object.assign(left, leave(Buffer.concat(chunks).toString()));
  };
}

const parseAsObject = createParser((text) => ({ body: JSON.parse(text) }));

describe.each(['middleware', 'express'] as const)('push event listener behind a body parser, through %s', (adapter) => {
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
    ['an object', parseAsObject],
    ['text', createParser((body) => ({ body }))],
    ['bytes', createParser((text) => ({ body: Buffer.from(text) }))],
    ['an object and the text as rawBody', createParser((rawBody) => ({ body: JSON.parse(rawBody), rawBody }))],
  ])('receives an event whose body was parsed into %s', async (_form, before) => {
    const { handled } = await serve(before);
    expect(await served.post(BODY)).toEqual([200, 'ok']);
    expect(await handled()).toMatchObject([{ type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } }]);
  });

  it('reads the body itself if the parser has set `body` without reading the request', async () => {
    const { handled } = await serve((_request, left) => void Object.assign(left, { body: {} }));
    expect(await served.post(BODY)).toEqual([200, 'ok']);
    expect(await handled()).toHaveLength(1);
  });

  it('refuses a wrong key and a body that is too large, as without a parser', async () => {
    await serve(parseAsObject, { maxBodyBytes: 100 });
    expect(await served.post('{"key":"another-key-entirely"}')).toEqual([400, 'Authentication Key Failed!']);
    expect(await served.post(JSON.stringify({ key: KEY, more: 'x'.repeat(100) }))).toEqual([413, 'Body Too Large']);
  });

  it('checks a signature against the bytes in rawBody', async () => {
    const { signed } = await serve(
      createParser((rawBody) => ({ body: JSON.parse(rawBody), rawBody })),
      { secret: SECRET },
    );
    expect(await served.post(BODY, signed)).toEqual([200, 'ok']);
    expect(await served.post(BODY)).toEqual([401, 'Invalid Signature']);
  });

  it.each<[string, Before, Partial<PushEventListenerOptions>, RegExp]>([
    [
      'only a parsed object is left and a secret is set',
      parseAsObject,
      { secret: SECRET },
      /^A signature needs the bytes of the body.*rawBody/,
    ],
    ['the parser has kept nothing', createParser(() => ({})), {}, /^A body parser read the request before.*rawBody/],
  ])('fails with advice and answers 500 if %s', async (_what, before, options, message) => {
    const { signed } = await serve(before, options);
    const [status, text] = await served.post(BODY, signed);
    // Koa logs the message instead of sending it.
    expect([status, text]).toEqual([
      500,
      adapter === 'express' ? expect.stringMatching(message) : 'Internal Server Error',
    ]);
  });
});
