import { expect, it } from '@jest/globals';
import { plainAddress } from '../../src/ingress/plain-address.ts';

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
