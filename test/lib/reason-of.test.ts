import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { reasonOf } from '../../src/lib/text.ts';

it.each([
  ['an error', new Error('broken'), 'broken'],
  ['an error of another resource', runInNewContext('new TypeError("broken")'), 'broken'],
  ['a text', 'broken', 'broken'],
  ['an object', { message: 'broken' }, 'broken'],
  ['an object without words', { message: 5 }, 'no reason given'],
  ['nothing', undefined, 'no reason given'],
  ['null', null, 'no reason given'],
])('takes its words from %s', (_what, thrown, expected) => {
  expect(reasonOf(thrown)).toBe(expected);
});
