import { describe, expect, it } from '@jest/globals';
import { quoteText } from '../../src/lib/text.ts';

describe('quoteText', () => {
  it('leaves a plain word as it is', () => {
    expect(quoteText('EVENT_911')).toBe('EVENT_911');
    expect(quoteText('198.51.100.7:5555')).toBe('198.51.100.7:5555');
  });

  it.each([
    ['a sentence', 'two words', '"two words"'],
    ['nothing', '', '""'],
    ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
    ['line ends', 'a\r\nb\tc', '"a\\r\\nb\\tc"'],
    ['an escape sequence', '\x1b[31mred', '"\\u{1b}[31mred"'],
    ['NUL and DEL and C1', '\0\x7f\x9b', '"\\u{0}\\u{7f}\\u{9b}"'],
    ['a right-to-left override', 'a\u202Eb', '"a\\u{202e}b"'],
    ['line and paragraph separators', 'a\u2028b\u2029', '"a\\u{2028}b\\u{2029}"'],
    ['text without width', 'a\u200Bb\uFEFF', '"a\\u{200b}b\\u{feff}"'],
    ['half a character', 'a\uD800', '"a\\u{d800}"'],
    ['console colours', '^1red^7', '"^\\1red^\\7"'],
  ])('shows %s', (_what, text, shown) => {
    expect(quoteText(text)).toBe(shown);
  });

  it('shows letters of other languages and emoji as they are', () => {
    expect(quoteText('Überfall 救命 🚓')).toBe('"Überfall 救命 🚓"');
  });

  it('cuts at 200 characters, never through one', () => {
    expect(quoteText('x'.repeat(200))).toBe('x'.repeat(200));
    expect(quoteText('x'.repeat(201))).toBe(`"${'x'.repeat(200)}…"`);
    expect(quoteText(`${'x'.repeat(199)}🚓🚓`)).toBe(`"${'x'.repeat(199)}🚓…"`);
  });
});
