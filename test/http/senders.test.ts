import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createPeerLabel, credentialsOf, Senders } from '../../src/http/senders.ts';
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

function labelOf(
  peer: string,
  headers: [string, string][],
  trusted = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
): string {
  const lowerCased = Object.fromEntries([...headers].reverse().map(([name, value]) => [name.toLowerCase(), value]));
  const request = { socket: { remoteAddress: peer }, headers: lowerCased, rawHeaders: headers.flat() };
  return createPeerLabel(trusted)(request as unknown as IncomingMessage);
}

describe('createPeerLabel', () => {
  it('gives the TCP peer when no proxy is trusted', () => {
    expect(labelOf('127.0.0.1', [['X-Forwarded-For', '198.51.100.1']], [])).toBe('127.0.0.1');
    expect(labelOf('203.0.113.1', [['X-Forwarded-For', '198.51.100.1']])).toBe('203.0.113.1');
  });

  it('gives the rightmost address that no trusted proxy has', () => {
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '192.0.2.66, 198.51.100.1, 10.1.2.3']])).toBe('198.51.100.1');
    expect(labelOf('::ffff:10.0.0.1', [['x-forwarded-for', '198.51.100.1']])).toBe('198.51.100.1');
    expect(labelOf('2001:db8::5', [['x-forwarded-for', '::ffff:198.51.100.1']])).toBe('198.51.100.1');
  });

  it('stops at what is no address', () => {
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '198.51.100.1, unknown']])).toBe('127.0.0.1');
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '198.51.100.1, <b>, 10.0.0.9']])).toBe('10.0.0.9');
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '']])).toBe('127.0.0.1');
  });

  it('ignores a header that came in two casings', () => {
    expect(
      labelOf('127.0.0.1', [
        ['X-Forwarded-For', '198.51.100.1'],
        ['x-forwarded-for', '192.0.2.66'],
      ]),
    ).toBe('127.0.0.1');
  });
});

it.each([
  ['bearer  abc', 'abc'],
  ['Bearer abc', 'abc'],
  ['Bearer', null],
  ['Bearer a b', 'a b'],
  ['Basic abc', null],
  [`Bearer ${'x'.repeat(2_000)}`, null],
])('reads the token of %j', (header, token) => {
  expect(credentialsOf(header, 'Bearer')).toBe(token);
});
