import { expect, it } from '@jest/globals';
import { parseHops } from '../../src/forward/signed-headers.ts';

it.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['3', 3],
  ['999999999', 100],
  ['9999999999', 0],
  ['-1', 0],
  ['3, 4', 0],
  ['0x5', 0],
])('the header %j says %d forwarders', (value, hops) => {
  expect(parseHops(value)).toBe(hops);
});
