import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/lib/log.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp({ debug = false } = {}) {
  const lines: string[] = [];
  const clock = createManualClock();
  const log = createLog({
    write: (line) => lines.push(line),
    monotonic: clock.monotonic,
    isDebug: () => debug,
    mask: (text) => text,
  });
  return { lines, clock, log };
}

describe('createLog', () => {
  it('writes the level, the message and each field that there is', () => {
    const { log, lines } = setUp();
    log.warn('It failed.', { type: 'EVENT_911', status: 503, ok: false, reason: 'a b', nothing: undefined });
    expect(lines).toEqual(['^3[warn]^7 It failed. type=EVENT_911 status=503 ok=false reason="a b"']);
  });

  it('keeps one event on one line, whatever its text', () => {
    const { log, lines } = setUp();
    log.info('It came.', { text: 'a\nb\r\n\u2028^1c\x1b[2J' });
    expect(lines).toEqual(['^2[info]^7 It came. text="a\\nb\\r\\n\\u{2028}^\\1c\\u{1b}[2J"']);
  });

  it('writes debug lines only when asked to', () => {
    const quiet = setUp();
    quiet.log.debug('detail');
    expect(quiet.lines).toEqual([]);
    const loud = setUp({ debug: true });
    loud.log.debug('detail');
    expect(loud.lines).toEqual(['^5[debug]^7 detail']);
  });

  it('writes one message ten times in ten seconds and then says how many it withheld', () => {
    const { log, lines, clock } = setUp();
    for (let count = 0; count < 100; count += 1) log.error('Again.', { count });
    log.error('Another.');
    expect(lines).toHaveLength(11);
    clock.advance(10_000);
    log.error('Again.', { count: 100 });
    expect(lines.at(-1)).toBe('^1[error]^7 Again. count=100 withheld=90');
  });
});
