import zlib from 'node:zlib';
import { expect, it, jest } from '@jest/globals';

const { crc32: _, ...before } = zlib;
jest.unstable_mockModule('node:zlib', () => ({ default: before }));
const { readQueue, readRecord, writeQueue, writeRecord } = await import(
  '../../../src/forward/outbox/stored-records.ts'
);

it('a Node that has no checksum writes records without, and reads those that have one', () => {
  const body = { bytes: Buffer.from('{}'), holes: [] };
  const event = { type: 'A', receivedAt: 1, queuedAt: 2, hops: 0, replay: false, body };
  const { value, size } = writeRecord(event, 'place');
  expect(value).not.toContain('crc');
  expect(readRecord(value, size, 'place')).toMatchObject({ kind: 'readable', record: event });
  const sealed = value.replace('}\n', ',"crc":1}\n');
  expect(readRecord(sealed, sealed.length, 'place')).toMatchObject({ kind: 'readable', record: event });
  const queue = { seq: 3, answered: true, silent: false, address: 'a' };
  expect(readQueue(writeQueue(queue, 'c/a/0'), 'c/a/0')).toMatchObject(queue);
});
