import { expect, it } from '@jest/globals';
import { createDeadlines } from '../../src/ingress/deadlines.ts';
import { createManualClock } from '../manual-clock.ts';

function deadlines() {
  const clock = createManualClock();
  const deadline = createDeadlines(4_000, clock);
  const expired: string[] = [];
  return { clock, expired, begin: (name: string) => deadline(() => expired.push(name)), deadline };
}

it('ends each one after its own time', () => {
  const { clock, expired, begin } = deadlines();
  begin('first');
  clock.advance(1_000);
  begin('second');
  clock.advance(2_999);
  expect(expired).toEqual([]);
  clock.advance(1);
  expect(expired).toEqual(['first']);
  clock.advance(1_000);
  expect(expired).toEqual(['first', 'second']);
});

it('needs one timer, however many there are', () => {
  const { clock, begin } = deadlines();
  for (const name of ['a', 'b', 'c']) begin(name)();
  expect(clock.waiting).toBe(1);
});

it('does not end one that was called off', () => {
  const { clock, expired, begin } = deadlines();
  begin('called off')();
  clock.advance(3_000);
  begin('kept');
  clock.advance(4_000);
  expect(expired).toEqual(['kept']);
});

it('can begin another when one ends', () => {
  const { clock, expired, begin, deadline } = deadlines();
  deadline(() => void begin('another'));
  clock.advance(8_000);
  expect(expired).toEqual(['another']);
});
