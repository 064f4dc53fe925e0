import { describe, expect, it } from '@jest/globals';
import { printableText } from '../../src/program/lines.ts';

describe('text for one line of a terminal', () => {
  it('is shown as typed', () => {
    expect(printableText('5 < 6 && ^1 "ä" \\ 🚒 中', 80)).toBe('5 < 6 && ^1 "ä" \\ 🚒 中');
  });

  it('has what controls terminals, lines and direction made visible', () => {
    expect(printableText('a\u001b[31mb\u0007\u009bc\u202ed\u2028e\u200bf\0', 200)).toBe(
      'a\\u{1b}[31mb\\u{7}\\u{9b}c\\u{202e}d\\u{2028}e\\u{200b}f\\u{0}',
    );
  });

  it('is one line', () => {
    expect(printableText('\n one \r\n\n two\tthree\rfour\n', 80)).toBe('one / two three / four');
  });

  it('is cut to the columns that there are, and never inside of an escape or a character', () => {
    expect(printableText('12345', 5)).toBe('12345');
    expect(printableText('123456', 5)).toBe('1234…');
    expect(printableText('ab\u001bcd', 5)).toBe('ab…');
    expect(printableText('🚒🚒🚒', 5)).toBe('🚒🚒…');
    expect(printableText('🚒🚒🚒', 4)).toBe('🚒…');
    expect(printableText('𝒜𝒜𝒜', 3)).toBe('𝒜𝒜𝒜');
    expect(printableText('ab', 1)).toBe('…');
  });

  it('shows the beginning of a megabyte', () => {
    expect(printableText('x'.repeat(1024 * 1024), 80)).toHaveLength(80);
  });
});
