import { describe, expect, it } from '@jest/globals';
import { spellOut } from '../../src/lib/text.ts';

describe('spellOut', () => {
  it.each([
    ['what controls a console', '\x1b[31mred\r\n\0', '\\u{1b}[31mred\\u{d}\\u{a}\\u{0}'],
    ['what turns or hides text', 'a\u202Eb\u200Bc', 'a\\u{202e}b\\u{200b}c'],
    ['what ends a line elsewhere', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['half a character', '\uDC00', '\\u{dc00}'],
    ['a mark beyond the first plane as one', '\u{E0001}', '\\u{e0001}'],
    ['colour codes of the console', '^1red^7 ^*bold^r', '^\\1red^\\7 ^\\*bold^\\r'],
  ])('shows %s', (_what, text, shown) => {
    expect(spellOut(text)).toBe(shown);
  });

  it('leaves everything else as it is', () => {
    const text = 'Überfall 救命 🚓 "a\\b" 2^ ^ ^^ {apiKey}';
    expect(spellOut(text)).toBe(text);
  });
});
