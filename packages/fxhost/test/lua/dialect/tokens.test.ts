import { describe, expect, test } from '@jest/globals';
import { tokenize } from '../../../src/lua/dialect/tokens.ts';

/** Each token as its text, without the end of the source. */
function textsOf(source: string): string[] {
  return tokenize(source)
    .slice(0, -1)
    .map(({ text }) => text);
}

describe('tokens of CfxLua', () => {
  test.each([
    ['a..=b...', ['a', '..=', 'b', '...']],
    ['x<<=y>>=z//=1^=2', ['x', '<<=', 'y', '>>=', 'z', '//=', '1', '^=', '2']],
    ['a?.b?[1]', ['a', '?', '.', 'b', '?', '[', '1', ']']],
    ['0x1p-4 3e+2 .5 1..2', ['0x1p-4', '3e+2', '.5', '1..2']],
    ['x-1', ['x', '-', '1']],
    [`'it\\'s' "\\"" '\\z \n  x'`, [`'it\\'s'`, '"\\""', `'\\z \n  x'`]],
    ['[[a]b]] [==[ ]] ]==] t[[[k]]]', ['[[a]b]]', '[==[ ]] ]==]', 't', '[[[k]]', ']']],
    ['`a hash`', ['`a hash`']],
    ['a -- comment\nb --[[ long\n ]] c', ['a', 'b', 'c']],
    ['ends endless', ['ends', 'endless']],
  ])('of %j are %j', (source, texts) => {
    expect(textsOf(source)).toEqual(texts);
  });

  test('and the spaces in front of them are the source, byte for byte', () => {
    const source = '#x -- é\r\nlocal s = "\xff" --[=[\n]=] return\t"a\\\r\nb"\n-- at the end';
    expect(
      tokenize(source)
        .map(({ space, text }) => space + text)
        .join(''),
    ).toBe(source);
  });

  test('stay on their lines and apart when a C-style comment stood between them', () => {
    expect(
      tokenize('local/* one\r\ntwo */x')
        .map(({ space, text }) => space + text)
        .join(''),
    ).toBe('local \r\nx');
  });

  test.each(['"no end', "'line\nbreak'", '[[no end', '--[[ no end', '/* no end', '`no end', 'a $ b', 'x = é'])(
    'end with one unreadable token for %j',
    (source) => {
      const tokens = tokenize(source);
      expect(tokens.at(-2)?.kind).toBe('unreadable');
      expect(tokens.map(({ space, text }) => space + text).join('')).toBe(source);
    },
  );

  test('of keywords are keywords, and their text in quotes is not', () => {
    expect(tokenize(`end 'end'`).map(({ kind }) => kind)).toEqual(['keyword', 'string', 'end']);
  });
});
