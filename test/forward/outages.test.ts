import { describe, expect, it } from '@jest/globals';
import { OUTAGES, throughOutage } from './outage.ts';

describe('an outage of more than an hour, with the usual settings', () => {
  it.each(Object.entries(OUTAGES))('loses nothing and keeps the order when the target %s', (_form, form) => {
    for (const hasAnswered of [true, false]) {
      const options = { form, minutes: 61, everyMs: 30_000, hasAnswered, isKilled: false };
      const { sent, taken, deadLetters } = throughOutage(options);
      expect({ hasAnswered, taken, deadLetters }).toEqual({ hasAnswered, taken: sent, deadLetters: 0 });
    }
  });
});
