import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/lib/log.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp({ debug = false } = {}) {
  const lines: string[] = [];
  const clock = createManualClock();
  const log = createLog({
    write: (line) => lines.push(line),
    clock,
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

  it('writes a coalesced line with its origin first, and counts its repeats', () => {
    const { log, lines } = setUp();
    for (let id = 1; id <= 100; id += 1) log.coalesce({ target: 'bot' }).warn('It failed.', { id });
    expect(lines).toEqual(['^3[warn]^7 It failed. target=bot id=1']);
  });

  it('writes each coalesced debug line', () => {
    const { log, lines } = setUp({ debug: true });
    for (let id = 1; id <= 3; id += 1) log.coalesce({ target: 'bot' }).debug('It went.', { id });
    expect(lines).toHaveLength(3);
  });
});
