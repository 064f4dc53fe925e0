import { describe, expect, it } from '@jest/globals';
import { backoffWait, HostBackoff } from '../../src/lib/backoff.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp(random: () => number) {
  const clock = createManualClock();
  return { clock, backoff: new HostBackoff(clock, random) };
}

describe('the wait after failures', () => {
  it('grows as the list says, and stays at its last entry', () => {
    const backoff = { waitsMs: [1_000, 5_000], spread: [1, 1] } as const;
    expect([1, 2, 3, 50].map((failures) => backoffWait(backoff, failures, () => 0.5))).toEqual([
      1_000, 5_000, 5_000, 5_000,
    ]);
  });

  it('is spread between the two factors', () => {
    const backoff = { waitsMs: [1_000], spread: [0.8, 1.2] } as const;
    expect([0, 0.5, 1].map((random) => backoffWait(backoff, 1, () => random))).toEqual([800, 1_000, 1_200]);
    expect(backoffWait({ ...backoff, spread: [1, 0.5] }, 1, () => 0.5)).toBe(750);
  });
});

describe('a host that does not answer', () => {
  it('is left alone twice as long after each failed try, up to a minute', () => {
    const { clock, backoff } = setUp(() => 1 - Number.EPSILON);
    for (let count = 0; count < 3; count += 1) {
      expect(backoff.admit()).toBeNull();
      backoff.failed();
    }
    const waits: (number | null)[] = [];
    for (let count = 0; count < 6; count += 1) {
      waits.push(backoff.nextTryInMs());
      clock.advance(backoff.nextTryInMs() ?? 0);
      expect(backoff.admit()).toBeNull();
      backoff.failed();
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('is left alone for half of that at least', () => {
    const { backoff } = setUp(() => 0);
    for (let count = 0; count < 3; count += 1) backoff.failed();
    expect(backoff.nextTryInMs()).toBe(2_500);
  });

  it('is not left alone longer because many requests were under way when it fell', () => {
    const { backoff } = setUp(() => 0);
    for (let count = 0; count < 40; count += 1) backoff.failed();
    expect(backoff.nextTryInMs()).toBe(2_500);
  });

  it('is tried by one request at a time, and by another when nobody heard of that one again', () => {
    const { clock, backoff } = setUp(() => 0);
    for (let count = 0; count < 3; count += 1) backoff.failed();
    clock.advance(2_500);
    expect(backoff.admit()).toBeNull();
    expect(backoff.admit()).toBe(15_000);
    clock.advance(15_000);
    expect(backoff.admit()).toBeNull();
  });

  it('is forgiven with one answer', () => {
    const { backoff } = setUp(() => 0);
    backoff.failed();
    backoff.failed();
    backoff.answered();
    backoff.failed();
    backoff.failed();
    expect(backoff.admit()).toBeNull();
    backoff.failed();
    expect(backoff.admit()).toBe(2_500);
    backoff.answered();
    expect(backoff.admit()).toBeNull();
  });
});
