import { expect, it } from '@jest/globals';
import { isIpOrRange } from '../../src/config/schema.ts';

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
