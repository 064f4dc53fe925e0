import { expect, it } from '@jest/globals';
import { urlHost } from '../../scripts/fxhost/host.ts';

it.each([
  [undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '[::1]'],
  ['127.0.0.2', '127.0.0.2'],
])('what listens on %s is reached at %s', (bindHost, expected) => {
  expect(urlHost(bindHost)).toBe(expected);
});
