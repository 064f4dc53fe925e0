import { expect, it } from '@jest/globals';
import { completions } from '../../src/cli/console.ts';
import { serverWith } from '../server-with.ts';

it.each([
  ['gree', ['greet']],
  ['jo', ['join']],
  ['restart m', ['mine', 'more']],
  ['as ', ['1', '2']],
  ['drop 2', ['2']],
  ['greet m', []],
  ['restart mine m', []],
])('completing %j proposes %j', async (line, proposed) => {
  const host = await serverWith({ mine: `RegisterCommand('greet', () => {}, false)`, more: '' });
  host.addPlayer();
  host.addPlayer();
  expect(completions(host, line, ['join'])).toEqual(proposed);
});
