import { expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import { EventSummaries } from '../../src/inspector/event-summaries.ts';
import { KeptEvent } from '../../src/inspector/history.ts';
import { createRedaction } from '../../src/inspector/redaction.ts';

const event = { id: 'id', type: 'EVENT_NUMBERED', data: {}, receivedAt: 5, source: 'http', valid: false } as const;
const kept = new KeptEvent(
  7,
  { ...event, issues: ['data: got "secret-one", "secret-two"'] } as never,
  Buffer.from('{}'),
  0,
);

it('the summary of an event is made once, and again when other secrets are to be left out', () => {
  let made = 0;
  const redact = (secret: string) => {
    const { json, ...redaction } = createRedaction(createKeyRing([]), [secret]);
    return {
      ...redaction,
      json(answer: unknown) {
        made += 1;
        return json(answer);
      },
    };
  };
  let redaction = redact('secret-one');
  const summaries = new EventSummaries({ redaction: () => redaction, statusLabels: () => [] });
  for (let count = 0; count < 3; count += 1) summaries.json(kept);
  expect([made, summaries.json(kept).includes('secret-one'), summaries.json(kept).includes('secret-two')]).toEqual([
    1,
    false,
    true,
  ]);
  redaction = redact('secret-two');
  expect(summaries.json(kept).includes('secret-two')).toBe(false);
});

it('an event that no words can be found for is listed all the same', () => {
  const known = { ...event, type: 'EVENT_TONE', valid: true };
  const broken = new KeptEvent(7, known as never, Buffer.from('{}'), 0);
  const redaction = createRedaction(createKeyRing([]), []);
  const summaries = new EventSummaries({ redaction: () => redaction, statusLabels: () => [] });
  expect(summaries.of(broken)).toMatchObject({ seq: 7, type: 'EVENT_TONE', title: '', text: '' });
});
