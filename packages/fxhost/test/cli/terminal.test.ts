import { styleText } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { toTerminal } from '../../src/cli/terminal.ts';

const always = { validateStream: false };

describe('toTerminal', () => {
  it('turns the colour codes of FXServer into those of a terminal', () => {
    expect(toTerminal('a ^1red^7 b ^3^5blue', true)).toBe(
      `a ${styleText('redBright', 'red', always)} b ${styleText('cyanBright', 'blue', always)}`,
    );
  });

  it('removes colour codes when the terminal shows no colours', () => {
    expect(toTerminal('^1red^7 ^a', false)).toBe('red ^a');
  });

  it('leaves a line without colour codes unchanged', () => {
    expect(toTerminal('plain', true)).toBe('plain');
  });
});
