import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { errorCodeOf, nearestKey, printableJson, quoteText, reasonOf, spellOut } from '../../src/lib/text.ts';
import { eventOf } from '../event-of.ts';

const TRACE = '^3> callback^7 (^5@my/server.js^7:3)';
const JS_ERROR = `^1SCRIPT ERROR in call ref: TypeError: broken^7\n${TRACE}`;
const LUA_ERROR = `^1SCRIPT ERROR: @my/server.lua:3: broken^7\n${TRACE}`;
const LUA_REFERENCE =
  "Error in nested ref call for a. a tried to call a function reference in b but the reference wasn't valid. (did b restart recently?)";

it.each([
  ['an error', new Error('broken'), 'broken'],
  ['an error of another resource', runInNewContext('new TypeError("broken")'), 'broken'],
  ['a text', 'broken', 'broken'],
  ['an object', { message: 'broken' }, 'broken'],
  ['an object without words', { message: 5 }, 'no reason given'],
  ['what the game server says of a failed function in JavaScript', new Error(JS_ERROR), 'broken'],
  ['what it says of one in Lua that waited', LUA_ERROR, '@my/server.lua:3: broken'],
  ['what it says of one in Lua that did not', new Error(LUA_REFERENCE), 'see the SCRIPT ERROR above'],
  ['an empty text', '', 'no reason given'],
  ['nothing', undefined, 'no reason given'],
  ['null', null, 'no reason given'],
])('takes its words from %s', (_what, thrown, expected) => {
  expect(reasonOf(thrown)).toBe(expected);
});

it.each([
  ['an error of the system', Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT'],
  ['an error with another kind of code', Object.assign(new Error('broken'), { code: 5 }), 'unknown'],
  ['a text', 'ENOENT', 'unknown'],
  ['nothing', undefined, 'unknown'],
  ['null', null, 'unknown'],
])('takes its code from %s', (_what, thrown, expected) => {
  expect(errorCodeOf(thrown)).toBe(expected);
});

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

it.each([
  ['apikey', 'apiKey'],
  ['apiKye', 'apiKey'],
  ['SERVER_ID', 'serverId'],
  ['sverId', 'serverId'],
  ['zzzzzzzz', null],
  ['', null],
])('nearest to %j is %j', (name, nearest) => {
  expect(nearestKey(name, ['apiKey', 'apiKeys', 'serverId'])).toBe(nearest);
});

describe('an event as JSON', () => {
  it('is the event, on one line without what controls a terminal', () => {
    const name = 'a\n\u001b[0m\u009b\u2028\u202e\u{e0001}\u200d\0 ä 🚒';
    const event = { ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), data: { name } };
    const json = printableJson(event);
    expect(JSON.parse(json)).toEqual(event);
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(json).toContain('ä 🚒');
  });
});
