import { expect, it } from '@jest/globals';
import { OUTAGES, throughOutage } from '../forward/outage.ts';

const forms = Object.entries(OUTAGES);

it.each([60, 61, 90].flatMap((minutes) => forms.map(([name, form]) => ({ minutes, name, form }))))(
  'an outage of $minutes minutes, in which the target $name, loses nothing and keeps the order',
  ({ minutes, form }) => {
    for (const hasAnswered of [true, false]) {
      for (const isKilled of [false, true]) {
        const options = { form, minutes, everyMs: 1_000, hasAnswered, isKilled };
        const { sent, taken, deadLetters } = throughOutage(options);
        expect(deadLetters).toBe(0);
        expect(taken).toEqual(sent);
        expect(taken.length).toBeGreaterThan(minutes * 60);
      }
    }
  },
  120_000,
);
