import { describe, expect, it } from '@jest/globals';
import { formatDuration } from '../../src/commands/console-text.ts';

describe('formatDuration', () => {
  it.each([
    [-1, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_199_000, '120 min'],
    [7_200_000, '2 h'],
    [172_799_000, '48 h'],
    [172_800_000, '2 d'],
  ])('says %i ms as %s', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words);
  });
});
