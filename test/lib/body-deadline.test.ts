import { describe, expect, it } from '@jest/globals';
import { createDeadline } from '../../src/lib/body.ts';
import { createManualClock } from '../manual-clock.ts';

describe('a deadline for many', () => {
  const begin = () => {
    const clock = createManualClock();
    const deadline = createDeadline(clock, 4_000);
    const expired: string[] = [];
    return { clock, expired, wait: (name: string) => deadline(() => expired.push(`${name} at ${clock.monotonic()}`)) };
  };

  it('ends each wait after its own time', () => {
    const { clock, expired, wait } = begin();
    wait('first');
    clock.advance(1_500);
    wait('second');
    clock.advance(10_000);
    wait('third');
    clock.advance(10_000);
    expect(expired).toEqual(['first at 4000', 'second at 5500', 'third at 15500']);
  });

  it('leaves out what was called off, and ends those after it in time', () => {
    const { clock, expired, wait } = begin();
    const cancel = wait('first');
    clock.advance(10);
    wait('second');
    cancel();
    clock.advance(10_000);
    expect(expired).toEqual(['second at 4010']);
  });

  it('needs one timer for all, and none once nothing waits', () => {
    const { clock, wait } = begin();
    for (let count = 0; count < 100; count += 1) wait('one of many');
    expect(clock.waiting).toBe(1);
    clock.advance(4_000);
    expect(clock.waiting).toBe(0);
  });
});
