import { describe, expect, it } from '@jest/globals';
import { wantsColours } from '../../src/program/lines.ts';

describe('colours', () => {
  it.each([
    [true, { isTTY: true }, {}, false],
    [true, { isTTY: true }, { NO_COLOR: '' }, false],
    [false, { isTTY: true }, { NO_COLOR: '1' }, false],
    [false, { isTTY: true }, { TERM: 'dumb' }, false],
    [false, { isTTY: true }, {}, true],
    [false, {}, {}, false],
  ])('are wanted: %j, for %j with %j, forbidden: %j', (wanted, stream, env, isForbidden) => {
    expect(wantsColours(stream, env, isForbidden)).toBe(wanted);
  });
});
