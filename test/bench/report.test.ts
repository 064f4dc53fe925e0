import { expect, it } from '@jest/globals';
import { ratioOf } from '../../scripts/bench/report.ts';

it('takes the median of the ratios of pairs, which a machine that changes its speed hits alike', () => {
  const pairs = [
    [10, 20],
    [40, 84],
    [5, 15],
  ] as const;
  expect(ratioOf(pairs)).toEqual({ value: 2.1, spread: [2, 3] });
});
