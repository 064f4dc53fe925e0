import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import { formatEventLine, LineWriter, printableText, wantsColours } from '../../src/program/output.ts';
import { eventOf, eventOfBody } from '../event-of.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { createManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';

const OPTIONS = { width: 120, colours: false, statusLabels: ['UNAVAILABLE', 'Busy as a bee'] };
const afterTime = (event: PushEvent, width = 400) => formatEventLine(event, { ...OPTIONS, width }).slice(9);

describe('formatEventLine', () => {
  it('starts the line with the local time of arrival', () => {
    const receivedAt = new Date(2026, 4, 3, 7, 8, 9).getTime();
    expect(formatEventLine({ ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), receivedAt }, OPTIONS)).toBe(
      '07:08:09 EVENT_UNIT_LOGOUT Unit 5 signed out · Unit: 5',
    );
  });

  it('formats every sample event as one line that fits the width', () => {
    for (const { body } of eventFixtures()) {
      const line = formatEventLine(eventOfBody(body), OPTIONS);
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThanOrEqual(120);
      expect(line).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${String(body.type)} \\S`));
    }
  });

  it('truncates a long description, so that the location still fits', () => {
    const call = { callId: 7, isEmergency: true, caller: 'Ann', location: 'Pier 4', description: 'd'.repeat(5_000) };
    expect(afterTime(eventOf('EVENT_911', { call }), 160)).toMatch(/d… · Call: 7 · Caller: Ann · Location: Pier 4$/);
  });

  it('names a unit status by its configured label', () => {
    expect(afterTime(eventOf('EVENT_UNIT_STATUS', { identIds: [5], status: 1 }))).toBe(
      'EVENT_UNIT_STATUS Unit 5 → Busy as a bee · Unit: 5',
    );
  });

  it('shows the first issue of an invalid event, and the number of other issues', () => {
    const event = { ...eventOf('EVENT_911', eventFixtures().find(({ body }) => body.type === 'EVENT_911')?.body.data) };
    const unreadable = { ...event, valid: false, data: null, issues: ['data.call: expected an object', 'two'] };
    expect(afterTime(unreadable as PushEvent)).toBe(
      'EVENT_911 not understood: data.call: expected an object (and 1 more)',
    );
  });

  it('shows the data of an unknown type, and truncates a long type', () => {
    const event = { ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), type: 'EVENT_NEW', data: { a: 'b\u001b' } };
    expect(afterTime(event as unknown as PushEvent)).toBe('EVENT_NEW not known to this version · {"a":"b\\u001b"}');
    const long = { ...event, type: `X\u001b${'Y'.repeat(9_999)}`, data: undefined } as unknown as PushEvent;
    expect(afterTime(long)).toMatch(/^X\\u\{1b\}Y{32}… not known to this version · no data$/);
  });

  it('escapes control characters in the text of a call', () => {
    const call = {
      callId: 7,
      isEmergency: true,
      caller: '\u001b]0;title\u0007\u202egnp',
      location: 'a\nb\r\u001b[2J',
      description: '\u009b31mred',
    };
    expect(afterTime(eventOf('EVENT_911', { call }))).toBe(
      [
        'EVENT_911 911 from \\u{1b}]0;title\\u{7}\\u{202e}gnp: \\u{9b}31mred, a / b / \\u{1b}[2J',
        'Call: 7',
        'Caller: \\u{1b}]0;title\\u{7}\\u{202e}gnp',
        'Location: a / b / \\u{1b}[2J',
      ].join(' · '),
    );
  });

  it('colours the type by the kind of event', () => {
    const line = formatEventLine(eventOf('EVENT_UNIT_PANIC', { identIds: [5], isPanic: true }), {
      ...OPTIONS,
      colours: true,
    });
    expect(line.replace(/\d\d:\d\d:\d\d/, 'time')).toBe(
      '\u001b[2mtime\u001b[0m \u001b[1;31mEVENT_UNIT_PANIC\u001b[0m Panic button pressed: Unit 5 · Unit: 5',
    );
  });
});

describe('printableText', () => {
  it('leaves printable text unchanged', () => {
    expect(printableText('5 < 6 && ^1 "ä" \\ 🚒 中', 80)).toBe('5 < 6 && ^1 "ä" \\ 🚒 中');
  });

  it('escapes control characters, line separators, direction marks and invisible characters', () => {
    expect(printableText('a\u001b[31mb\u0007\u009bc\u202ed\u2028e\u200bf\0', 200)).toBe(
      'a\\u{1b}[31mb\\u{7}\\u{9b}c\\u{202e}d\\u{2028}e\\u{200b}f\\u{0}',
    );
  });

  it('replaces line breaks with slashes and tabs with spaces', () => {
    expect(printableText('\n one \r\n\n two\tthree\rfour\n', 80)).toBe('one / two three / four');
  });

  it('truncates to the given columns, and never splits an escape or a character', () => {
    expect(printableText('12345', 5)).toBe('12345');
    expect(printableText('123456', 5)).toBe('1234…');
    expect(printableText('ab\u001bcd', 5)).toBe('ab…');
    expect(printableText('🚒🚒🚒', 5)).toBe('🚒🚒…');
    expect(printableText('🚒🚒🚒', 4)).toBe('🚒…');
    expect(printableText('𝒜𝒜𝒜', 3)).toBe('𝒜𝒜𝒜');
    expect(printableText('ab', 1)).toBe('…');
  });

  it('truncates a megabyte of text to the width', () => {
    expect(printableText('x'.repeat(1024 * 1024), 80)).toHaveLength(80);
  });
});

describe('wantsColours', () => {
  it.each([
    [true, { isTTY: true }, {}, false],
    [true, { isTTY: true }, { NO_COLOR: '' }, false],
    [false, { isTTY: true }, { NO_COLOR: '1' }, false],
    [false, { isTTY: true }, { TERM: 'dumb' }, false],
    [false, { isTTY: true }, {}, true],
    [false, {}, {}, false],
  ])('returns %j for the stream %j, the environment %j and isForbidden %j', (wanted, stream, env, isForbidden) => {
    expect(wantsColours(stream, env, isForbidden)).toBe(wanted);
  });
});

/** Creates a stream whose reader takes one chunk each time the test releases it. */
function setUp() {
  const taken: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      waiting.push((error) => {
        if (error === undefined) taken.push(chunk.toString());
        done(error);
      });
    },
  });
  const clock = createManualClock();
  const ends: string[] = [];
  const dropped: number[] = [];
  const output = new LineWriter(stream, {
    clock,
    onEnd: (code) => ends.push(code),
    onDropped: (count) => dropped.push(count),
  });
  return { stream, taken, waiting, clock, ends, dropped, output };
}

async function readAll({ stream, waiting }: ReturnType<typeof setUp>) {
  while (stream.writableLength > 0) {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('LineWriter', () => {
  it('buffers 16 MiB for a slow reader, drops further lines, and reports their number', async () => {
    const bench = setUp();
    const line = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 20; n += 1) bench.output.write(line);
    expect(bench.stream.writableLength).toBeLessThan(18 * 1024 * 1024);
    await readAll(bench);
    expect(bench.dropped).toHaveLength(1);
    expect(bench.taken.length + (bench.dropped[0] ?? 0)).toBe(20);
    bench.output.write('later');
    await readAll(bench);
    expect(bench.taken.at(-1)).toBe('later\n');
  });

  it('flushes at once if no line waits, before a caller that is out of time gives up', async () => {
    const bench = setUp();
    bench.output.write('one');
    await readAll(bench);
    expect(await Promise.race([bench.output.flush(), Promise.resolve('given up')])).toBe(true);
  });

  it('resolves flush with true when all lines are written', async () => {
    const bench = setUp();
    bench.output.write('one');
    let isFlushed: boolean | null = null;
    void bench.output.flush().then((all) => {
      isFlushed = all;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFlushed).toBeNull();
    await until(() => bench.waiting.length > 0);
    bench.waiting.shift()?.();
    await until(() => bench.waiting.length > 0 || isFlushed !== null);
    bench.waiting.shift()?.();
    await until(() => isFlushed === true);
    expect(bench.taken[0]).toBe('one\n');
    expect(bench.clock.waiting).toBe(0);
  });

  it('resolves flush with false after 30 s', async () => {
    const bench = setUp();
    bench.output.write('one');
    const flushed = bench.output.flush();
    bench.clock.advance(30_000);
    expect(await flushed).toBe(false);
  });

  it('reports once that its reader is gone, and ignores later lines', async () => {
    const bench = setUp();
    bench.output.write('one');
    bench.output.write('two');
    bench.waiting.shift()?.(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    await until(() => bench.ends.length > 0);
    bench.output.write('three');
    expect(await bench.output.flush()).toBe(false);
    expect(bench.ends).toEqual(['EPIPE']);
  });
});
