import { describe, expect, it } from '@jest/globals';
import { RateLimit, type RateLimitOptions } from '../../src/lib/rate-limit.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp(options: Partial<RateLimitOptions> = {}) {
  const clock = createManualClock();
  const limit = new RateLimit({ most: 2, windowMs: 1_000, ...options }, clock);
  const taken = (key: string, times: number) =>
    Array.from({ length: times }, () => limit.take(key)).filter(Boolean).length;
  return { clock, limit, taken };
}

describe('a rate limit', () => {
  it('lets so many of a key through within any window', () => {
    const { clock, taken } = setUp();
    expect(taken('one', 1)).toBe(1);
    clock.advance(600);
    expect(taken('one', 5)).toBe(1);
    expect(taken('other', 5)).toBe(2);
    clock.advance(399);
    expect(taken('one', 1)).toBe(0);
    clock.advance(1);
    expect(taken('one', 5)).toBe(1);
  });

  it('says how many are left, and how long to wait for the next', () => {
    const { clock, limit, taken } = setUp();
    expect([limit.left('one'), limit.waitMs('one')]).toEqual([2, 0]);
    taken('one', 1);
    clock.advance(400);
    taken('one', 1);
    expect([limit.left('one'), limit.waitMs('one')]).toEqual([0, 600]);
    clock.advance(600);
    expect([limit.left('one'), limit.waitMs('one')]).toEqual([1, 0]);
  });

  it('bounds all keys together', () => {
    const { clock, taken } = setUp({ mostInAll: 3 });
    expect([taken('one', 2), taken('two', 2), taken('three', 2)]).toEqual([2, 1, 0]);
    clock.advance(1_000);
    expect(taken('three', 2)).toBe(2);
  });

  it('forgets the key that was let through longest ago when there are too many, and one that it is told to', () => {
    const { limit, taken } = setUp({ maxKeys: 2 });
    expect([taken('one', 3), taken('two', 3)]).toEqual([2, 2]);
    taken('three', 1);
    expect([taken('two', 1), taken('one', 1)]).toEqual([0, 1]);
    taken('one', 1);
    limit.forget('one');
    expect(taken('one', 1)).toBe(1);
  });
});
