import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { isThenable } from '../../src/lib/is-thenable.ts';

it.each([
  ['a promise', Promise.resolve(), true],
  ['a promise of another resource', runInNewContext('Promise.resolve()'), true],
  ['what only has the name', JSON.parse('{"then": true}'), false],
  ['nothing', null, false],
  ['text', 'then', false],
])('tells whether %s is to be waited for', (_what, value, expected) => {
  expect(isThenable(value)).toBe(expected);
});
