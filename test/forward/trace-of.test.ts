import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { traceOf } from '../../src/forward/scheduler.ts';

it.each([
  ['an error', new Error('broken')],
  ['one of another resource', runInNewContext('new Error("broken")')],
])('says of %s what it is and where it came from', (_what, thrown) => {
  expect(traceOf(thrown)).toMatch(/^Error: broken\n +at .*\d+:\d+/);
});

it.each([
  ['a text', 'broken', 'broken'],
  ['an object', { message: 'broken' }, 'broken'],
  ['an object whose stack is none', { stack: 5, message: 'broken' }, 'broken'],
  ['null', null, 'no reason given'],
  ['nothing', undefined, 'no reason given'],
])('says of %s what there is', (_what, thrown, expected) => {
  expect(traceOf(thrown)).toBe(expected);
});
