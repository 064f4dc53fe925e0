import { describe, expect, it } from '@jest/globals';
import { Repeats } from '../../src/listener/receiver.ts';
import { createManualClock } from '../manual-clock.ts';

const DAY_MS = 24 * 3_600_000;

function setUp() {
  const clock = createManualClock();
  const repeats = new Repeats(clock.monotonic);
  return { clock, repeats, isRepeat: (id: string, replayAttempt = 0) => repeats.isRepeat(id, replayAttempt) };
}

describe('what tells repeats from new events', () => {
  it('knows an id for longer than the forwarder can be told to try, and not for ever', () => {
    const { clock, isRepeat } = setUp();
    expect(isRepeat('a')).toBe(false);
    clock.advance(7 * DAY_MS + 3_600_000);
    expect(isRepeat('a')).toBe(true);
    clock.advance(DAY_MS);
    expect(isRepeat('a')).toBe(false);
  });

  it('forgets the oldest ids when there are too many', () => {
    const { isRepeat } = setUp();
    for (let count = 0; count < 100_000; count += 1) isRepeat(`id-${count}`);
    expect(isRepeat('id-0')).toBe(true);
    isRepeat('one more');
    isRepeat('and another');
    expect(isRepeat('id-2')).toBe(true);
    expect(isRepeat('id-1')).toBe(false);
  });

  it('takes a replay as new, as often as one is asked for', () => {
    const { isRepeat } = setUp();
    expect([isRepeat('a'), isRepeat('a', 1), isRepeat('a', 1)]).toEqual([false, false, false]);
    expect(isRepeat('a')).toBe(true);
  });

  it('drops a later attempt at a replay that was taken, and takes one whose earlier attempts never came', () => {
    const { isRepeat } = setUp();
    isRepeat('a');
    expect(isRepeat('a', 3)).toBe(false);
    expect(isRepeat('a', 4)).toBe(true);
    // Another replay, of which the first attempt was lost on the way.
    expect(isRepeat('a', 2)).toBe(false);
  });

  it('tells ids apart that are longer than it keeps', () => {
    const { isRepeat } = setUp();
    const long = 'x'.repeat(10_000);
    expect([isRepeat(`${long}1`), isRepeat(`${long}2`), isRepeat(`${long}1`)]).toEqual([false, false, true]);
  });
});
