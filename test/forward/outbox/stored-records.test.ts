import zlib from 'node:zlib';
import { describe, expect, it, jest } from '@jest/globals';
import {
  deadLetterKey,
  deadNameKey,
  eventKey,
  markKey,
  parseDeadLetterKey,
  parseDeadNameKey,
  parseEventKey,
  parseMarkKey,
  parseQueueKey,
  queueKey,
} from '../../../src/forward/outbox/store-keys.ts';
import {
  type EventRecord,
  readQueue,
  readRecord,
  writeQueue,
  writeRecord,
} from '../../../src/forward/outbox/stored-records.ts';

const PLACE = 'o/000000000001/1/0/e1';

function record(bytes: Buffer, type = 'EVENT_911'): EventRecord {
  const body = { bytes, holes: [3] };
  return { type, receivedAt: 5, queuedAt: 6, hops: 1, replay: false, body, dead: undefined };
}

describe('a stored event', () => {
  it.each([
    ['plain text', Buffer.from('{"a":"Grüße 警察\\n"}')],
    ['a NUL', Buffer.from('{"a":"\0"}')],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xc0, 0x7d])],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['nothing', Buffer.alloc(0)],
  ])('comes back with a body of %s', (_what, bytes) => {
    const { value, size } = writeRecord(record(bytes), PLACE);
    expect(value).not.toContain('\0');
    expect(Buffer.byteLength(value)).toBe(size);
    expect(readRecord(value, size, PLACE)).toEqual({ kind: 'readable', record: record(bytes) });
  });

  it.each(['EVENT_ÄÖ', 'a\nb', 'nul\0', '\ud800', '"'])('comes back with the type %j', (type) => {
    const { value, size } = writeRecord(record(Buffer.from('{}'), type), PLACE);
    // As KVP keeps it: as UTF-8, up to the first NUL.
    const kept = Buffer.from(value.split('\0')[0] ?? '').toString();
    expect(readRecord(kept, size, PLACE)).toMatchObject({ kind: 'readable', record: { type } });
  });

  it('is damaged when a byte is missing, when it is nothing, and when it is something else', () => {
    const { value, size } = writeRecord(record(Buffer.from('{"a":1}')), PLACE);
    for (const broken of [
      value.slice(0, -1),
      null,
      '',
      'x',
      '{}\n{}',
      value.replace('"text"', '"tent"'),
      value.replace('\n', ''),
    ]) {
      expect(readRecord(broken, size, PLACE)).toMatchObject({ kind: 'damaged', value: broken });
    }
  });

  it('is left to the version that wrote it when that is a later one', () => {
    expect(readRecord('{"v":2,"something":"else"}', 3, PLACE)).toEqual({ kind: 'newer' });
  });
});

describe('what versions have in common', () => {
  const stored = writeRecord(record(Buffer.from('{"a":1}')), PLACE);
  const [line = ''] = stored.value.split('\n');

  it('is all that 5.0.0 asks of an event, in the first line, before the body', () => {
    expect(JSON.parse(line)).toEqual({
      v: 1,
      as: 'text',
      holes: [3],
      type: 'EVENT_911',
      received: 5,
      queued: 6,
      hops: 1,
      replay: false,
      crc: expect.any(Number),
    });
    expect(stored.value).toBe(`${line}\n{"a":1}`);
  });

  it('is all that 5.0.0 asks of a queue', () => {
    const queue = { seq: 3, answered: true, silent: false, address: 'a', marks: 2 };
    const value = writeQueue(queue, 'c/bot/0');
    expect(JSON.parse(value)).toEqual({ v: 1, ...queue, crc: expect.any(Number) });
    expect(readQueue(value, 'c/bot/0')).toMatchObject(queue);
    expect(readQueue(value, 'c/bot/1')).toBe('damaged');
  });

  it('is read where there is no checksum, as 5.0.0 and older Node leave it', () => {
    const plain = stored.value.replace(/,"crc":\d+/, '');
    expect(readRecord(plain, plain.length, PLACE)).toMatchObject({ kind: 'readable' });
    const moved = readRecord(stored.value, stored.size, 'o/000000000002/1/0/e1');
    expect(moved).toMatchObject({ kind: 'damaged' });
    const turned = stored.value.replace('"v":1', '"v":3');
    expect(readRecord(turned, stored.size, PLACE)).toMatchObject({ kind: 'damaged' });
  });
});

describe('the keys of the outbox', () => {
  it('say all that is needed at the start', () => {
    const event = { seq: 42, slots: 2 ** 51 + 5, size: 450, id: 'a/b c' };
    expect(eventKey(event)).toBe('o/000000000042/8000000000005/450/a%2Fb%20c');
    expect(parseEventKey(eventKey(event))).toEqual(event);
    const deadLetter = { target: 'my bot/2', seq: 42, size: 450, id: 'x' };
    expect(parseDeadLetterKey(deadLetterKey(deadLetter))).toEqual(deadLetter);
    expect(parseDeadNameKey(deadNameKey(deadLetter))).toEqual({ target: 'my bot/2', seq: 42, id: 'x' });
    expect(parseQueueKey(queueKey('my bot/2', 51))).toEqual({ target: 'my bot/2', slot: 51 });
    expect(parseMarkKey(markKey('my bot/2', 7))).toEqual({ target: 'my bot/2', seq: 7 });
  });

  it('are in the order of the events', () => {
    const keys = [9, 10, 99_999, 100_000].map((seq) => eventKey({ seq, slots: 1, size: 1, id: 'z' }));
    expect([...keys].sort()).toEqual(keys);
  });

  it.each(['o/1', 'o/000000000042/g/1/a', 'o/000000000042/1/1/a/b', 'o/000000000042/1/1/%', 'x'])(
    'are not of this layout: %s',
    (key) => {
      const parsers = [parseEventKey, parseDeadLetterKey, parseDeadNameKey, parseQueueKey, parseMarkKey];
      expect(parsers.map((parse) => parse(key))).toEqual(parsers.map(() => null));
    },
  );
});

it('a Node that has no checksum writes records without, and reads those that have one', async () => {
  const { crc32: _, ...before } = zlib;
  jest.resetModules();
  jest.unstable_mockModule('node:zlib', () => ({ default: before }));
  const records = await import('../../../src/forward/outbox/stored-records.ts');
  const body = { bytes: Buffer.from('{}'), holes: [] };
  const event = { type: 'A', receivedAt: 1, queuedAt: 2, hops: 0, replay: false, body };
  const { value, size } = records.writeRecord(event, 'place');
  expect(value).not.toContain('crc');
  expect(records.readRecord(value, size, 'place')).toMatchObject({ kind: 'readable', record: event });
  const sealed = value.replace('}\n', ',"crc":1}\n');
  expect(records.readRecord(sealed, sealed.length, 'place')).toMatchObject({ kind: 'readable', record: event });
  const queue = { seq: 3, answered: true, silent: false, address: 'a' };
  expect(records.readQueue(records.writeQueue(queue, 'c/a/0'), 'c/a/0')).toMatchObject(queue);
});
