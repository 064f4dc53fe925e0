import { describe, expect, it } from '@jest/globals';
import { isPrivateHost, refusedAddress } from '../../../src/forward/targets/address-kinds.ts';

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
