import { describe, expect, it } from '@jest/globals';
import {
  AddressRanges,
  isIpOrRange,
  isLoopbackHost,
  isOwnHost,
  isPrivateHost,
  isPublicIpv4,
  networkOf,
  plainAddress,
  refusedAddress,
} from '../../src/lib/addresses.ts';

describe('addresses that are refused', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'FEBF:ffff::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    '[fd00:ec2::254]',
    'fd00:0ec2:0:0:0:0:0:0254',
  ])('include %s', (address) => {
    expect(refusedAddress(address)).not.toBeNull();
  });

  it.each(['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', '0.0.0.0'])(
    'include %s inside IPv6, however it is put there',
    (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
      const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
      const forms = ['::ffff:X', '64:ff9b::X', '64:ff9b:1::X', '::X', '::ffff:H', '64:ff9b::H', '2002:H::1'];
      const written = forms.map((form) => form.replace('X', address).replace('H', hex));
      expect(written.filter((form) => refusedAddress(form) === null)).toEqual([]);
    },
  );

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '192.168.1.20',
    '172.16.0.1',
    'fd00::1',
    'fd00:ec2::253',
    'fec0::1',
    '203.0.113.5',
    '2001:db8::1',
    '2002:cb00:7105::1',
    '64:ff9b::203.0.113.5',
    '168.63.129.17',
    '192.0.0.1',
    'bot.example',
  ])('do not include %s', (address) => {
    expect(refusedAddress(address)).toBeNull();
  });
});

describe('hosts that count as private', () => {
  it.each([
    'localhost',
    'bot',
    'bot.lan',
    'nas.local',
    'api.internal',
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '[::1]',
    '[fd12::1]',
    '[::ffff:10.0.0.1]',
  ])('include %s', (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });

  it.each(['bot.example', '203.0.113.5', '172.32.0.1', '100.128.0.1', '[2001:db8::1]', '[::ffff:203.0.113.5]'])(
    'do not include %s',
    (host) => {
      expect(isPrivateHost(host)).toBe(false);
    },
  );
});

describe('ranges of addresses', () => {
  it('hold addresses of both families, and nothing that is no address', () => {
    const ranges = new AddressRanges(['10.0.0.0/8', '2001:db8::/32', '203.0.113.7']);
    const inside = ['10.255.0.1', '2001:db8::5', '203.0.113.7'];
    expect(inside.filter((address) => !ranges.has(address))).toEqual([]);
    const outside = ['11.0.0.1', '2001:db9::5', '203.0.113.8', '10.0.0.0/8', 'localhost', ''];
    expect(outside.filter((address) => ranges.has(address))).toEqual([]);
  });
});

describe('what does not leave this machine', () => {
  it.each(['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])('is sent to %s', (host) =>
    expect(isLoopbackHost(host)).toBe(true),
  );

  it.each(['127.example', '0.0.0.0', '[::]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '203.0.113.5', ''])(
    'is not sent to %j',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );
});

describe('this machine', () => {
  it.each(['localhost', '127.8.8.8', '0.0.0.0', '[::1]', '[::]', '[::ffff:7f00:1]', '203.0.113.5', '[2001:db8::5]'])(
    'is %s',
    (host) => expect(isOwnHost(host, ['203.0.113.5', '2001:db8::5'])).toBe(true),
  );

  it.each(['127.example', 'bot.example', '203.0.113.6', '[2001:db8::6]'])('is not %s', (host) =>
    expect(isOwnHost(host, ['203.0.113.5', '2001:db8::5'])).toBe(false),
  );
});

describe('a public IPv4 address', () => {
  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '203.0.113.5 ',
    '1.2.3',
    '',
  ])('is not %j', (text) => expect(isPublicIpv4(text)).toBe(false));

  it.each(['172.32.0.1', '100.128.0.1', '192.169.0.1', '203.0.113.5'])('may be %s', (text) =>
    expect(isPublicIpv4(text)).toBe(true),
  );
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

it.each([
  ['::ffff:198.51.100.1', '198.51.100.1'],
  ['::FFFF:198.51.100.1', '198.51.100.1'],
  ['198.51.100.1', '198.51.100.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['64:ff9b::198.51.100.1', '64:ff9b::198.51.100.1'],
  ['::ffff:198.51.100.1 and more', '::ffff:198.51.100.1 and more'],
])('the plain address of %s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

it.each(['203.0.113.7', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::ffff:203.0.113.7', '::1/128'])(
  '%s is an address or a range',
  (text) => expect(isIpOrRange(text)).toBe(true),
);

it.each([
  '',
  '203.0.113',
  '10.0.0.0/33',
  '2001:db8::/129',
  '10.0.0.0/',
  '/8',
  '10.0.0.0/8/8',
  'fe80::1%eth0',
  'localhost',
  '1.2.3.4:80',
])('%j is neither', (text) => expect(isIpOrRange(text)).toBe(false));
