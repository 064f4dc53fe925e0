import { expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { EventSummaries } from '../../src/inspector/event-summaries.ts';
import { KeptEvent } from '../../src/inspector/history.ts';
import { createRedaction, type Redaction } from '../../src/inspector/redaction.ts';

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
  expect(of(keptOf('EVENT_911', { call: { callId: 1, caller: 'Ann' } }))).toMatchObject({ title: '911 call 1' });
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
