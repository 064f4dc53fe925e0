import { expect, it } from '@jest/globals';
import { toTerminal } from '../../scripts/start/ansi-colours.ts';

it('turns the colour codes of FXServer into those of a terminal', () => {
  expect(toTerminal('^1red^7 a', true)).toBe('\u001b[91mred\u001b[0m a\u001b[0m');
});

it('takes them out where there are no colours', () => {
  expect(toTerminal('^1red^7 ^a', false)).toBe('red ^a');
});

it('leaves a line without any as it is', () => {
  expect(toTerminal('plain', true)).toBe('plain');
});
