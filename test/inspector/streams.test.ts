import type { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import { Cursors, type EventFilter } from '../../src/inspector/event-views.ts';
import { History, type KeptEvent } from '../../src/inspector/history.ts';
import { createRedaction } from '../../src/inspector/redaction.ts';
import { Streams } from '../../src/inspector/streams.ts';
import { createManualClock } from '../manual-clock.ts';

const ALL: EventFilter = { types: null, text: '', valid: null, source: null };

function setUp() {
  const clock = createManualClock();
  const history = new History(clock);
  const cursors = new Cursors(clock.now());
  const redaction = createRedaction(createKeyRing([]), () => []);
  const summaries = { json: ({ seq, id }: KeptEvent) => JSON.stringify({ seq, id, text: 'x'.repeat(300) }) };
  const streams = new Streams({ history, cursors, clock, redaction: () => redaction, summaries });
  let last = 0;
  /** Events come. */
  const push = (count = 1, more: Partial<PushEvent> = {}, raw = Buffer.from('{"type":"EVENT_911"}')) => {
    for (let at = 0; at < count; at += 1) {
      last += 1;
      const event = {
        id: `id-${last}`,
        type: 'EVENT_911',
        data: {},
        receivedAt: 0,
        source: 'http',
        valid: true,
        ...more,
      };
      history.add(event as PushEvent, raw, 0);
    }
  };
  return { clock, history, cursors, streams, push };
}

/** @returns what was written since the last time, write by write */
function writesOf(stream: Readable): string[] {
  const writes: string[] = [];
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) writes.push(String(chunk));
  return writes;
}

/** @returns what a reader of a whole stream knows */
function readAll(text: string) {
  const messages = text
    .split('\n\n')
    .filter((part) => part !== '' && !part.startsWith(':'))
    .map((part) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? '';
      return { name: field('event'), id: field('id'), data: JSON.parse(field('data')) };
    });
  const seqs = messages
    .filter(({ name }) => name === 'events')
    .flatMap(({ data }) => data.map((event: { seq: number }) => event.seq));
  const ids = messages.map(({ id }) => id).filter((id) => id !== '');
  return { messages, seqs, cursor: ids.at(-1) ?? messages[0]?.data.cursor };
}

describe('a stream of events', () => {
  it('begins with what is kept, in one write', () => {
    const { streams, push, cursors } = setUp();
    push(3);
    const [first, ...rest] = writesOf(streams.open(0, ALL));
    const { messages, seqs, cursor } = readAll(first ?? '');
    expect(messages[0]).toEqual({ name: 'hello', id: '', data: { cursor: cursors.of(0), missed: 0 } });
    expect([seqs, cursor, rest]).toEqual([[1, 2, 3], cursors.of(3), []]);
  });

  it('writes at most once in 250 ms, with all that came meanwhile', () => {
    const { clock, streams, push } = setUp();
    const stream = streams.open(0, ALL);
    writesOf(stream);
    clock.advance(1_000);
    push();
    clock.advance(0);
    push(40);
    clock.advance(249);
    const soon = writesOf(stream);
    clock.advance(1);
    const later = writesOf(stream);
    expect([soon.length, later.length]).toEqual([1, 1]);
    expect([readAll(soon.join('')).seqs.length, readAll(later.join('')).seqs.length]).toEqual([1, 40]);
  });

  it('writes about 24 kB at once, and the rest with the next writes', () => {
    const { clock, streams, push } = setUp();
    push(200);
    const stream = streams.open(0, ALL);
    const writes = writesOf(stream);
    for (let round = 0; round < 4; round += 1) {
      clock.advance(250);
      writes.push(...writesOf(stream));
    }
    expect(readAll(writes.join('')).seqs).toHaveLength(200);
    expect(Math.max(...writes.map(({ length }) => length))).toBeLessThan(26 * 1024);
  });

  it('never is silent for more than 3 s', () => {
    const { clock, streams } = setUp();
    const stream = streams.open(0, ALL);
    writesOf(stream);
    clock.advance(2_999);
    expect(writesOf(stream)).toEqual([]);
    clock.advance(1);
    expect(writesOf(stream)).toEqual([': still here\n\n']);
  });

  it('ends after 60 s, also while events come', () => {
    const { clock, streams, push } = setUp();
    const stream = streams.open(0, ALL);
    for (let second = 0; second < 59; second += 1) {
      push();
      clock.advance(1_000);
    }
    expect(writesOf(stream).join('')).not.toContain('event: end');
    clock.advance(1_000);
    expect(writesOf(stream).join('')).toMatch(/event: end\ndata: \{"reason":"time"\}\n\n$/);
    expect([streams.isFull, clock.waiting]).toEqual([false, 0]);
  });

  it('ends after 512 kB', () => {
    const { clock, streams, push } = setUp();
    const stream = streams.open(0, ALL);
    let text = '';
    for (let round = 0; round < 200 && !text.includes('event: end'); round += 1) {
      push(100);
      clock.advance(250);
      text += writesOf(stream).join('');
    }
    expect(text).toMatch(/event: end\ndata: \{"reason":"size"\}\n\n$/);
    expect(text.length).toBeGreaterThan(512 * 1024);
    expect(text.length).toBeLessThan(600 * 1024);
  });

  it('is resumed without a gap and without a repeat, wherever it was cut', () => {
    const { clock, cursors, streams, push } = setUp();
    const seen: number[] = [];
    let since = 0;
    for (let round = 0; round < 10; round += 1) {
      push(7);
      const stream = streams.open(since, ALL);
      push(5);
      clock.advance(250 * (round % 3));
      const { seqs, cursor } = readAll(writesOf(stream).join(''));
      seen.push(...seqs);
      since = cursors.read(cursor) ?? -1;
      stream.destroy();
    }
    const stream = streams.open(since, ALL);
    clock.advance(10_000);
    seen.push(...readAll(writesOf(stream).join('')).seqs);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
  });

  it('says how many events it has missed: at the beginning, of another run, and when more came at once than are kept', () => {
    const { clock, streams, push } = setUp();
    push(510);
    const helloOf = (since: number) => {
      const stream = streams.open(since, ALL);
      stream.destroy();
      return readAll(writesOf(stream).join('')).messages[0]?.data.missed;
    };
    expect([helloOf(4), helloOf(-1)]).toEqual([6, -1]);
    const stream = streams.open(510, ALL);
    writesOf(stream);
    push(700);
    clock.advance(250);
    const { messages, seqs } = readAll(writesOf(stream).join(''));
    expect(messages[0]).toMatchObject({ name: 'missed', data: { missed: 200 } });
    clock.advance(5_000);
    const all = [...seqs, ...readAll(writesOf(stream).join('')).seqs];
    expect([all[0], all.at(-1), all.length]).toEqual([711, 1_210, 500]);
  });

  it('passes over what the filter leaves out', () => {
    const { clock, streams, push, cursors } = setUp();
    const stream = streams.open(0, { ...ALL, types: new Set(['EVENT_TONE']), text: 'needle' });
    push(2, { type: 'EVENT_TONE' as never }, Buffer.from('{"data":"a NEEDLE"}'));
    push(1, { type: 'EVENT_TONE' as never });
    push(1, {}, Buffer.from('{"data":"needle"}'));
    clock.advance(500);
    const { seqs, cursor } = readAll(writesOf(stream).join(''));
    expect([seqs, cursor]).toEqual([[1, 2], cursors.of(4)]);
  });

  it('is one of four at most; a reader that has gone gives its place back', () => {
    const { streams, history } = setUp();
    const open = Array.from({ length: 4 }, () => streams.open(0, ALL));
    expect(streams.isFull).toBe(true);
    open[0]?.destroy();
    expect(streams.isFull).toBe(false);
    expect(history.newest).toBe(0);
  });

  it('takes turns with the others, so that at one moment no more than one holds the thread', () => {
    const { clock, streams, push } = setUp();
    const open = Array.from({ length: 4 }, () => streams.open(0, ALL));
    open.forEach(writesOf);
    clock.advance(1_000);
    push();
    const written = [0, 25, 25, 25].map((wait) => {
      clock.advance(wait);
      return open.flatMap(writesOf).length;
    });
    expect(written).toEqual([1, 1, 1, 1]);
  });

  it('ends for good when access ends, and nothing more is kept of it', () => {
    const { clock, streams, push } = setUp();
    const stream = streams.open(0, ALL);
    push();
    streams.end();
    expect(writesOf(stream).join('')).toMatch(/event: end\ndata: \{"reason":"over"\}\n\n$/);
    push();
    expect(clock.waiting).toBe(0);
  });
});

it('a cursor of another run is told apart, and what is no cursor', () => {
  const cursors = new Cursors(1_700_000_000_000);
  expect(cursors.read(cursors.of(12))).toBe(12);
  expect(cursors.read(new Cursors(1_700_000_000_001).of(12))).toBe(-1);
  expect([cursors.read('x'), cursors.read(`${cursors.of(1)}x`)]).toEqual([null, null]);
});
