import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import { describeLine, printableText, wantsColours } from '../../src/program/lines.ts';
import { eventOf, eventOfBody } from '../event-of.ts';
import { eventFixtures } from '../events/fixtures.ts';

const OPTIONS = { width: 120, colours: false, statusLabels: ['UNAVAILABLE', 'BUSY'] };
const afterTime = (event: PushEvent, width = 400) => describeLine(event, { ...OPTIONS, width }).slice(9);

describe('the line of an event', () => {
  it('begins with the local time at which it came', () => {
    const receivedAt = new Date(2026, 4, 3, 7, 8, 9).getTime();
    expect(describeLine({ ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), receivedAt }, OPTIONS)).toBe(
      '07:08:09 EVENT_UNIT_LOGOUT Unit signed out · Unit: 5',
    );
  });

  it('says what each type is about, on one line that fits', () => {
    for (const { body } of eventFixtures()) {
      const line = describeLine(eventOfBody(body), OPTIONS);
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThanOrEqual(120);
      expect(line).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${String(body.type)} \\S`));
    }
  });

  it('leaves room for the place after a long description', () => {
    const call = { callId: 7, isEmergency: true, caller: 'Ann', location: 'Pier 4', description: 'd'.repeat(5_000) };
    expect(afterTime(eventOf('EVENT_911', { call }), 160)).toMatch(/d… · Caller: Ann · Location: Pier 4$/);
  });

  it('names the status as the community does', () => {
    expect(afterTime(eventOf('EVENT_UNIT_STATUS', { identIds: [5], status: 1 }))).toBe(
      'EVENT_UNIT_STATUS Unit status: BUSY · Unit: 5',
    );
  });

  it('tells why an event was not understood', () => {
    const event = { ...eventOf('EVENT_911', eventFixtures().find(({ body }) => body.type === 'EVENT_911')?.body.data) };
    const unreadable = { ...event, valid: false, data: null, issues: ['data.call: expected an object', 'two'] };
    expect(afterTime(unreadable as PushEvent)).toBe(
      'EVENT_911 not understood: data.call: expected an object (and 1 more)',
    );
  });

  it('shows the data of a type that is not known, and types as long as they may be', () => {
    const event = { ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), type: 'EVENT_NEW', data: { a: 'b\u001b' } };
    expect(afterTime(event as unknown as PushEvent)).toBe('EVENT_NEW not known to this version · {"a":"b\\u001b"}');
    const long = { ...event, type: `X\u001b${'Y'.repeat(9_999)}`, data: undefined } as unknown as PushEvent;
    expect(afterTime(long)).toMatch(/^X\\u\{1b\}Y{32}… not known to this version · no data$/);
  });

  it('lets nobody who writes a call write to the terminal', () => {
    const call = {
      callId: 7,
      isEmergency: true,
      caller: '\u001b]0;title\u0007\u202egnp',
      location: 'a\nb\r\u001b[2J',
      description: '\u009b31mred',
    };
    expect(afterTime(eventOf('EVENT_911', { call }))).toBe(
      'EVENT_911 911 call 7 · \\u{9b}31mred · Caller: \\u{1b}]0;title\\u{7}\\u{202e}gnp · Location: a / b / \\u{1b}[2J',
    );
  });

  it('has its colours by what it is about', () => {
    const line = describeLine(eventOf('EVENT_UNIT_PANIC', { identIds: [5], isPanic: true }), {
      ...OPTIONS,
      colours: true,
    });
    expect(line.replace(/\d\d:\d\d:\d\d/, 'time')).toBe(
      '\u001b[2mtime\u001b[0m \u001b[1;31mEVENT_UNIT_PANIC\u001b[0m Panic button pressed · Unit: 5',
    );
  });
});

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
