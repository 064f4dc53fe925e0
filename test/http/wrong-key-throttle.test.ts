import { describe, expect, it } from '@jest/globals';
import { createWrongKeyThrottle, networkOf } from '../../src/http/wrong-key-throttle.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  const throttle = createWrongKeyThrottle(clock.monotonic);
  const excessive = (address: string, times: number) =>
    Array.from({ length: times }, () => throttle.isExcessive(address)).filter(Boolean).length;
  return { clock, throttle, excessive };
}

describe('createWrongKeyThrottle', () => {
  it('lets each peer have 20 wrong keys a minute', () => {
    const { excessive, clock } = setUp();
    expect(excessive('198.51.100.1', 100)).toBe(80);
    expect(excessive('198.51.100.2', 20)).toBe(0);
    clock.advance(59_999);
    expect(excessive('198.51.100.1', 1)).toBe(1);
    clock.advance(1);
    expect(excessive('198.51.100.1', 21)).toBe(1);
  });

  it('counts the addresses of one IPv6 network together, and a mapped IPv4 address as what it is', () => {
    const { excessive } = setUp();
    expect(excessive('2001:db8:1:2:3::4', 20) + excessive('2001:db8:1:2::5', 1)).toBe(1);
    expect(excessive('::ffff:198.51.100.1', 20) + excessive('198.51.100.1', 1)).toBe(1);
  });

  it('remembers 1,000 peers and forgets the oldest', () => {
    const { excessive, throttle } = setUp();
    excessive('198.51.100.1', 20);
    for (let peer = 0; peer < 999; peer += 1) throttle.isExcessive(`203.0.${peer >> 8}.${peer & 255}`);
    expect(excessive('198.51.100.1', 1)).toBe(1);
    throttle.isExcessive('203.0.113.113');
    expect(excessive('198.51.100.1', 1)).toBe(0);
  });
});

describe('networkOf', () => {
  it.each([
    ['198.51.100.1', '198.51.100.1'],
    ['::FFFF:198.51.100.1', '198.51.100.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0001:0002:0003:0004:0005:0006', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::198.51.100.1', '64:ff9b:0:0::/64'],
    ['1::3:4:5:6:7:8', '1:0:3:4::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
