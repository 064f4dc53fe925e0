import { expect, it } from '@jest/globals';
import { Senders } from '../../src/http/senders.ts';
import { createManualClock } from '../manual-clock.ts';

const DAY_MS = 24 * 3_600_000;
const [FIRST, ALL] = [4_096, Number.POSITIVE_INFINITY];

function setUp() {
  const clock = createManualClock();
  return { clock, senders: new Senders(clock) };
}

it('only the first 4 KiB are searched of what a sender of wrong keys sends, until it has shown a right one', () => {
  const { senders } = setUp();
  expect(senders.searchedBytes('198.51.100.7')).toBe(ALL);
  senders.distrust('198.51.100.7');
  expect(senders.searchedBytes('198.51.100.7')).toBe(FIRST);
  expect(senders.searchedBytes('198.51.100.8')).toBe(ALL);
  senders.trust('198.51.100.7');
  expect(senders.searchedBytes('198.51.100.7')).toBe(ALL);
  senders.distrust('198.51.100.7');
  expect(senders.searchedBytes('198.51.100.7')).toBe(ALL);
});

it('a right key counts for a day, and so does a wrong one', () => {
  const { clock, senders } = setUp();
  senders.trust('198.51.100.7');
  senders.distrust('198.51.100.8');
  clock.advance(DAY_MS - 1);
  senders.distrust('198.51.100.7');
  expect([senders.searchedBytes('198.51.100.7'), senders.searchedBytes('198.51.100.8')]).toEqual([ALL, FIRST]);
  clock.advance(1);
  expect([senders.searchedBytes('198.51.100.7'), senders.searchedBytes('198.51.100.8')]).toEqual([FIRST, ALL]);
});

it('an IPv6 network of 64 bits is one sender', () => {
  const { senders } = setUp();
  senders.distrust('2001:db8:1:2::1');
  expect(senders.searchedBytes('2001:db8:1:2::ffff')).toBe(FIRST);
  expect(senders.searchedBytes('2001:db8:1:3::1')).toBe(ALL);
});

it('strangers make nobody forget who has the key', () => {
  const { senders } = setUp();
  senders.trust('198.51.100.7');
  for (let number = 0; number < 2_000; number += 1) senders.distrust(`2001:db8:0:${number.toString(16)}::1`);
  senders.distrust('198.51.100.7');
  expect(senders.searchedBytes('198.51.100.7')).toBe(ALL);
});
