import { styleText } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { toTerminal } from '../../src/cli/terminal.ts';

const always = { validateStream: false };

describe('a line for the terminal', () => {
  it('has the colours of a terminal for the colour codes of FXServer', () => {
    expect(toTerminal('a ^1red^7 b ^3^5blue', true)).toBe(
      `a ${styleText('redBright', 'red', always)} b ${styleText('cyanBright', 'blue', always)}`,
    );
  });

  it('is without them where there are no colours', () => {
    expect(toTerminal('^1red^7 ^a', false)).toBe('red ^a');
  });

  it('stays as it is without any', () => {
    expect(toTerminal('plain', true)).toBe('plain');
  });
});
