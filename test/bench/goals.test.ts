import { expect, it } from '@jest/globals';
import { describeGoals } from '../../scripts/bench/goals.ts';

it('says of each goal whether the figure reaches it', () => {
  expect(
    describeGoals([
      { name: 'ratio', value: 1.75, unit: '', atMost: 1.75 },
      { name: 'load', value: 50.4, unit: ' ms', atMost: 50 },
      { name: 'c/d', value: 0.39, unit: '', atLeast: 0.4 },
    ]),
  ).toEqual([
    'reached  ratio  1.75 (at most 1.75)',
    'MISSED   load   50 ms (at most 50 ms)',
    'MISSED   c/d    0.39 (at least 0.4)',
  ]);
});
