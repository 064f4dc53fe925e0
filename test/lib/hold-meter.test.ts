import { describe, expect, it } from '@jest/globals';
import { HoldMeter } from '../../src/lib/hold-meter.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  const holds = new HoldMeter(clock.monotonic);
  const hold = (ms: number) => holds.measure(() => clock.advance(ms));
  return { clock, holds, hold };
}

describe('HoldMeter', () => {
  it('gives the longest hold once, and 0 until the next', () => {
    const { holds, hold } = setUp();
    hold(3);
    hold(2);
    expect([holds.takeLongest(), holds.takeLongest()]).toEqual([3, 0]);
  });

  it('returns what the measured work returns', () => {
    expect(setUp().holds.measure(() => 'done')).toBe('done');
  });

  it('measures work that throws, and passes the error on', () => {
    const { clock, holds } = setUp();
    const failing = () => {
      clock.advance(20);
      throw new Error('it failed');
    };
    expect(() => holds.measure(failing)).toThrow('it failed');
    expect(holds.takeLongest()).toBe(20);
  });
});
