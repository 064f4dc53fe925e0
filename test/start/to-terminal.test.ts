import { styleText } from 'node:util';
import { expect, it } from '@jest/globals';
import { toTerminal } from '../../scripts/start.ts';

const always = { validateStream: false };

it('turns the colour codes of FXServer into those of a terminal', () => {
  expect(toTerminal('a ^1red^7 b ^3^5blue', true)).toBe(
    `a ${styleText('redBright', 'red', always)} b ${styleText('cyanBright', 'blue', always)}`,
  );
});

it('takes them out where there are no colours', () => {
  expect(toTerminal('^1red^7 ^a', false)).toBe('red ^a');
});

it('leaves a line without any as it is', () => {
  expect(toTerminal('plain', true)).toBe('plain');
});
