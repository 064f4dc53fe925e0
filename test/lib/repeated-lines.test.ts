import { describe, expect, test } from '@jest/globals';
import { RepeatedLines } from '../../src/lib/repeated-lines.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const MINUTE_MS = 60_000;
const REFUSED = 'An event was refused.';
const LOST = 'An event was lost.';
const REPEATS = 'A line repeats: its repeats are counted, not printed.';
const ENDED = 'A line no longer repeats: it has not come for 5 minutes.';

function setUp() {
  const clock = createManualClock();
  const log = createRecordingLog();
  const repeated = new RepeatedLines(log, clock);
  return {
    clock,
    repeated,
    lines: log.lines,
    refuse: (from: string, id?: number) => repeated.print('warn', REFUSED, { from }, { id }),
    timeOfDay: () => new Date(clock.now()).toTimeString().slice(0, 8),
  };
}

describe('RepeatedLines', () => {
  test('prints the first line of each origin and of each message at once, with its details', () => {
    const { lines, refuse, repeated } = setUp();
    for (let id = 1; id <= 100; id += 1) {
      refuse('192.0.2.1', id);
      refuse('192.0.2.2', id);
      repeated.print('error', LOST, { from: '192.0.2.1' }, { id });
    }
    expect(lines).toEqual([
      { level: 'warn', message: REFUSED, fields: { from: '192.0.2.1', id: 1 } },
      { level: 'warn', message: REFUSED, fields: { from: '192.0.2.2', id: 1 } },
      { level: 'error', message: LOST, fields: { from: '192.0.2.1', id: 1 } },
    ]);
  });

  test('summarises a line that goes on every five minutes, with the count and the time of the last one', () => {
    const { lines, refuse, clock, timeOfDay } = setUp();
    refuse('192.0.2.1');
    for (let minute = 1; minute <= 5; minute += 1) {
      clock.advance(MINUTE_MS);
      refuse('192.0.2.1');
    }
    const summary = { more: 5, minutes: 5, last: timeOfDay(), from: '192.0.2.1', line: REFUSED };
    expect(lines.slice(1)).toEqual([{ level: 'warn', message: REPEATS, fields: summary }]);
    for (let minute = 6; minute <= 60; minute += 1) {
      clock.advance(MINUTE_MS);
      refuse('192.0.2.1');
    }
    expect(lines.map(({ message }) => message)).toEqual([REFUSED, ...Array(12).fill(REPEATS)]);
  });

  test('says once when a line that repeated has not come for five minutes, and prints the next one whole', () => {
    const { lines, refuse, clock, timeOfDay } = setUp();
    for (let id = 1; id <= 413; id += 1) refuse('192.0.2.1', id);
    const last = timeOfDay();
    clock.advance(60 * MINUTE_MS);
    const ended = { repeats: 412, last, from: '192.0.2.1', line: REFUSED };
    expect(lines.slice(1)).toEqual([{ level: 'info', message: ENDED, fields: ended }]);
    expect(clock.waiting).toBe(0);
    refuse('192.0.2.1', 414);
    expect(lines.at(-1)).toEqual({ level: 'warn', message: REFUSED, fields: { from: '192.0.2.1', id: 414 } });
  });

  test('counts the five minutes until the end from the last repeat on', () => {
    const { lines, refuse, clock } = setUp();
    refuse('192.0.2.1');
    clock.advance(3 * MINUTE_MS);
    refuse('192.0.2.1');
    clock.advance(5 * MINUTE_MS - 1);
    expect(lines).toHaveLength(1);
    clock.advance(1);
    expect(lines.at(-1)?.message).toBe(ENDED);
  });

  test('says nothing more of a line that did not repeat', () => {
    const { lines, refuse, clock } = setUp();
    refuse('192.0.2.1');
    clock.advance(60 * MINUTE_MS);
    expect(lines).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  test('tracks 20 origins of a message apart, and prints one line for all others', () => {
    const { lines, refuse, clock, timeOfDay } = setUp();
    for (let host = 1; host <= 100; host += 1) refuse(`192.0.2.${host}`);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)?.fields.from).toBe('192.0.2.21');
    const last = timeOfDay();
    clock.advance(60 * MINUTE_MS);
    const ended = { repeats: 79, last, from: 'all others', line: REFUSED };
    expect(lines.slice(21)).toEqual([{ level: 'info', message: ENDED, fields: ended }]);
  });

  test('prints the first line of another message even after a flood of one message from many origins', () => {
    const { lines, refuse, repeated } = setUp();
    for (let host = 1; host <= 100; host += 1) refuse(`192.0.2.${host}`);
    repeated.print('error', LOST, { target: 'bot' });
    expect(lines.at(-1)).toEqual({ level: 'error', message: LOST, fields: { target: 'bot' } });
  });

  test('prints the counts that are left when it is stopped, and keeps no timer after that', () => {
    const { lines, refuse, repeated, clock } = setUp();
    for (let id = 1; id <= 8; id += 1) refuse('192.0.2.1', id);
    refuse('192.0.2.2');
    repeated.stop();
    expect(lines.slice(2).map(({ message, fields }) => [message, fields.more])).toEqual([[REPEATS, 7]]);
    refuse('192.0.2.1');
    refuse('192.0.2.1');
    expect(lines).toHaveLength(5);
    expect(clock.waiting).toBe(0);
  });
});
