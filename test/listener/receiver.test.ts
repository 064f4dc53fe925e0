import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { createListener } from '../../src/listener/create-push-event-listener.ts';
import { ProcessedEvents } from '../../src/listener/receiver.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { ADAPTERS, type Served, serveBy } from './serve-by.ts';

const KEY = 'a-key-of-sixteen-letters';
const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const SECRET = secretOf('a secret of at least 24 bytes');
const NEXT_SECRET = secretOf('the next secret of 24 bytes or more');
const OTHER_SECRET = secretOf('a secret of somebody else, 24 bytes');
const BODY = JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } });

describe.each(ADAPTERS)('push event listener with two secrets, through its adapter %s', (adapter) => {
  let clock: ManualClock;
  let served: Served;

  beforeEach(async () => {
    clock = createManualClock();
    served = await serveBy(
      adapter,
      createListener({ apiKey: KEY, secret: [SECRET, NEXT_SECRET] }, clock, () => {}),
    );
  });
  afterEach(() => served.close());

  function signed(secrets: readonly string[], ageMs = 0, body = BODY): Record<string, string> {
    const timestamp = Math.floor((clock.now() - ageMs) / 1_000);
    return {
      'webhook-id': 'event-1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secrets, 'event-1', timestamp, Buffer.from(body)),
    };
  }

  it("accepts the forwarder's signature of either secret", async () => {
    for (const secrets of [[SECRET], [NEXT_SECRET], [OTHER_SECRET, NEXT_SECRET]])
      expect(await served.post(BODY, signed(secrets))).toEqual([200, 'ok']);
  });

  it('accepts a signature that the package standardwebhooks has made', async () => {
    const at = new Date(clock.now());
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(SECRET).sign('msg_1', at, BODY),
    };
    expect(await served.post(BODY, headers)).toEqual([200, 'ok']);
  });

  it('accepts a timestamp up to 5 minutes off in either direction, and refuses 301 seconds', async () => {
    for (const ageMs of [300_000, -300_000]) expect((await served.post(BODY, signed([SECRET], ageMs)))[0]).toBe(200);
    for (const ageMs of [301_000, -301_000]) expect((await served.post(BODY, signed([SECRET], ageMs)))[0]).toBe(401);
  });

  it.each<[string, () => Record<string, string>]>([
    ['no signature', () => ({})],
    ['the signature of another secret', () => signed([OTHER_SECRET])],
    ['the signature of another body', () => signed([SECRET], 0, `${BODY} `)],
    ['a signature for another id', () => ({ ...signed([SECRET]), 'webhook-id': 'event-2' })],
    ['a signature for another time', () => ({ ...signed([SECRET]), 'webhook-timestamp': '1700000001' })],
    ['a timestamp that is no number', () => ({ ...signed([SECRET]), 'webhook-timestamp': 'now' })],
    ['an empty signature', () => ({ ...signed([SECRET]), 'webhook-signature': '' })],
    ['a signature cut short', () => ({ ...signed([SECRET]), 'webhook-signature': 'v1,' })],
  ])('answers 401 to a request with %s', async (_what, headers) => {
    expect(await served.post(BODY, headers())).toEqual([401, 'Invalid Signature']);
    // The refused id was not remembered as processed.
    expect(await served.post(BODY, signed([SECRET]))).toEqual([200, 'ok']);
  });

  it('answers 400 to a wrong key in a signed request', async () => {
    const body = BODY.replace(KEY, 'another-key-entirely');
    expect(await served.post(body, signed([SECRET], 0, body))).toEqual([400, 'Authentication Key Failed!']);
  });
});

const DAY_MS = 24 * 3_600_000;

function setUp() {
  const clock = createManualClock();
  const processedEvents = new ProcessedEvents(clock.monotonic);
  return { clock, isRepeat: (id: string, replayAttempt = 0) => processedEvents.isRepeat(id, replayAttempt) };
}

describe('ProcessedEvents', () => {
  it('remembers an id for 8 days, one day longer than the forwarder can retry', () => {
    const { clock, isRepeat } = setUp();
    expect(isRepeat('a')).toBe(false);
    clock.advance(7 * DAY_MS + 3_600_000);
    expect(isRepeat('a')).toBe(true);
    clock.advance(DAY_MS);
    expect(isRepeat('a')).toBe(false);
  });

  it('forgets the oldest ids when it holds more than 100,000', () => {
    const { isRepeat } = setUp();
    for (let count = 0; count < 100_000; count += 1) isRepeat(`id-${count}`);
    expect(isRepeat('id-0')).toBe(true);
    isRepeat('one more');
    isRepeat('and another');
    expect(isRepeat('id-2')).toBe(true);
    expect(isRepeat('id-1')).toBe(false);
  });

  it('treats the first attempt of each replay as new', () => {
    const { isRepeat } = setUp();
    expect([isRepeat('a'), isRepeat('a', 1), isRepeat('a', 1)]).toEqual([false, false, false]);
    expect(isRepeat('a')).toBe(true);
  });

  it('treats a later attempt of a processed replay as a repeat, and of an unknown replay as new', () => {
    const { isRepeat } = setUp();
    isRepeat('a');
    expect(isRepeat('a', 3)).toBe(false);
    expect(isRepeat('a', 4)).toBe(true);
    // Another replay, whose first attempt got lost.
    expect(isRepeat('a', 2)).toBe(false);
  });

  it('distinguishes ids that are longer than the stored length', () => {
    const { isRepeat } = setUp();
    const long = 'x'.repeat(10_000);
    expect([isRepeat(`${long}1`), isRepeat(`${long}2`), isRepeat(`${long}1`)]).toEqual([false, false, true]);
  });
});
