import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shownText } from '../../../src/forward/targets/discord-message.ts';
import { anyCharacter } from '../../any-character.ts';

describe('text that people typed is escaped', () => {
  it.each([
    ['**bold** _it_ ~~x~~ ||s||', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~x\\~\\~ \\|\\|s\\|\\|'],
    ['`code`', '\\`code\\`'],
    ['back\\slash', 'back\\\\slash'],
    ['<@123> <@&4> <#5> <t:6:R>', '\\<\\@123> \\<\\@&4> \\<#5> \\<t\\:6\\:R>'],
    ['@everyone @here', '\\@everyone \\@here'],
    ['[text](https://x.example)', '\\[text\\](https\\://x.example)'],
    ['![i](http://x.example/i.png)', '!\\[i\\](http\\://x.example/i.png)'],
    [':smile:', '\\:smile\\:'],
    ['at 21:04:10', 'at 21:04:10'],
    ['# big\n## b\n-# small\n> q\n>>> q', '\\# big\n\\## b\n\\-# small\n\\> q\n\\>>> q'],
    ['- item\n + item\n1. item\n 2) item', '\\- item\n \\+ item\n1\\. item\n 2\\) item'],
    ['1-ADAM-12, 5 > 3, #7, 3.5', '1-ADAM-12, 5 > 3, #7, 3.5'],
  ])('%j as %j', (typed, escaped) => {
    expect(shownText(typed, 1_000)).toBe(escaped);
  });

  it('and loses nothing but what cannot be seen', () => {
    expect(shownText(' a\r\nb\tc\0d\x1b[0m ', 1_000)).toBe('a\nb c d \\[0m');
  });
});

describe('text that is cut', () => {
  it('ends with an ellipsis within the limit', () => {
    expect(shownText('x'.repeat(300), 256)).toBe(`${'x'.repeat(255)}…`);
  });

  it('keeps what just fits', () => {
    expect(shownText('x'.repeat(256), 256)).toBe('x'.repeat(256));
  });

  it('keeps characters whole', () => {
    expect(shownText('🚓'.repeat(10), 6)).toBe('🚓🚓…');
  });

  it('keeps escapes whole', () => {
    expect(shownText('a*****', 5)).toBe('a\\*…');
    expect(shownText('a\\\\\\\\', 5)).toBe('a\\\\…');
  });
});

describe('what people type', () => {
  const typed = fc.string({
    unit: fc.oneof(fc.constantFrom(...'\\*_`~|[]<@:#>-+.)1 \n'), anyCharacter),
  });

  it('shows as typed, as long as it fits', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const shown = shownText(text, 100_000).replace(/\\([^0-9A-Za-z\s])/g, '$1');
        const expected = text
          .toWellFormed()
          .replace(/\r\n?/g, '\n')
          .replace(/[\0-\t\v-\x1f\x7f]+/g, ' ')
          .trim();
        expect(shown).toBe(expected);
      }),
    );
  });

  it('keeps the limit, without half of an escape or of a character', () => {
    fc.assert(
      fc.property(typed, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const shown = shownText(text, limit);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/(^|[^\\])(\\\\)*\\…?$/);
      }),
    );
  });
});
