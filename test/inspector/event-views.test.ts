import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { EventSummaries, wordsOf } from '../../src/inspector/event-views.ts';
import { KeptEvent } from '../../src/inspector/history.ts';
import { createRedaction, type Redaction } from '../../src/inspector/redaction.ts';
import { payload, KEY as SENT } from '../serve-resource.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY]);
const clock = { now: () => 1 };

/** @returns an event that is kept */
function keptOf(type: string, data: unknown, padding = ''): KeptEvent {
  const raw = Buffer.from(JSON.stringify({ key: KEY, type, data, padding }));
  const received = receiveEvent(raw, keys, 'http', 5);
  if (!received.accepted) throw new Error(received.reason);
  return new KeptEvent(7, received.event, raw, 0);
}

function summariesWith(redaction: () => Redaction): EventSummaries {
  return new EventSummaries({ redaction, keys: () => keys, clock, statusLabels: () => [] });
}
const redaction = createRedaction(keys, () => []);

it('the summary of an event is made once, and again when other secrets are to be left out', () => {
  let made = 0;
  const redact = (secret: string): Redaction => {
    const { json, ...rest } = createRedaction(keys, () => [secret]);
    return {
      ...rest,
      json(answer) {
        made += 1;
        return json(answer);
      },
    };
  };
  let inForce = redact('secret-one');
  const summaries = summariesWith(() => inForce);
  const kept = keptOf('EVENT_911', { call: { callId: 1, caller: 'secret-one', location: 'secret-two' } });
  for (let count = 0; count < 3; count += 1) summaries.json(kept);
  const shows = (text: string) => summaries.json(kept).includes(text);
  expect([made, shows('secret-one'), shows('secret-two')]).toEqual([1, false, true]);
  inForce = redact('secret-two');
  expect([shows('secret-one'), shows('secret-two')]).toEqual([true, false]);
});

it('a summary says what an event is about, or why it was not understood', () => {
  const of = (event: KeptEvent) => summariesWith(() => redaction).of(event);
  expect(of(keptOf('EVENT_911', { call: { callId: 1, caller: 'Ann' } }))).toMatchObject({ title: '911 from Ann' });
  expect(of(keptOf('EVENT_UNIT_LOGOUT', { identId: 'x' }))).toMatchObject({ text: expect.stringContaining('identId') });
});

it('a long event is listed without words about it', () => {
  const long = keptOf('EVENT_911', { call: { callId: 1 } }, 'x'.repeat(5_000));
  expect(summariesWith(() => redaction).of(long)).toMatchObject({ seq: 7, type: 'EVENT_911', title: '', text: '' });
});

it('an event that no words can be found for is listed all the same', () => {
  const summaries = new EventSummaries({
    redaction: () => redaction,
    keys: () => keys,
    clock,
    statusLabels: () => {
      throw new Error('there are none');
    },
  });
  expect(summaries.of(keptOf('EVENT_911', { call: { callId: 1 } }))).toMatchObject({ seq: 7, title: '', text: '' });
});

/** A target's; the key was taken out when the event came in. */
const SECRET = 'whsec_c2VjcmV0';
const STATUSES = ['OFF', 'BUSY', 'FREE', 'DRIVING', 'THERE'];

/** @returns the words about an event that came in */
function wordsAbout(body: string): ReturnType<typeof wordsOf> {
  const received = receiveEvent(Buffer.from(body), createKeyRing([SENT]), 'http', 0);
  if (!received.accepted) throw new Error('It was refused.');
  return wordsOf(received.event, STATUSES, (text) => text.replaceAll(SECRET, '***'));
}
const event = (type: string, data: object): string => JSON.stringify({ key: SENT, type, data });
const call = (call: object): string => event('EVENT_911', { call });

describe('the words about an event', () => {
  it('say what happened, and more in one line', () => {
    expect(wordsAbout(payload('EVENT_UNIT_STATUS')).title).toBe('Unit 12, Unit 18 → THERE');
    const { title, text } = wordsAbout(call({ callId: 7, caller: 'Ann\nOnymous', description: 'a\t\tfire' }));
    expect([title, text]).toEqual(['911 from Ann Onymous: a fire', 'Call: 7 · Caller: Ann Onymous']);
  });

  it('say no more than its type of one that is not known, and why of one that was not understood', () => {
    expect(wordsAbout(event('EVENT_NUMBERED', { number: 1 }))).toEqual({ title: '', text: '' });
    expect(wordsAbout(event('EVENT_UNIT_STATUS', { status: 'x' }))).toEqual({
      title: '',
      text: expect.stringContaining('identIds'),
    });
  });

  it('are cut, never through a character, and never so that a part of a secret is left', () => {
    expect(wordsAbout(call({ callId: 7, description: `${'x'.repeat(159)}😀` })).text).toBe(`${'x'.repeat(159)}…`);
    for (let at = 80; at < 200; at += 1) {
      const { title, text } = wordsAbout(call({ callId: 7, description: `${'.'.repeat(at)}${SECRET}` }));
      expect(title + text).not.toContain(SECRET.slice(0, 4));
    }
  });
});
