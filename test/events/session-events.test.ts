import { expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import { createSessionEvents, logReceived, type ReceivedEvent } from '../../src/events/receive.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const KEY = 'a-key-for-testing';

function setUp() {
  const taken: (readonly [ReceivedEvent, string])[] = [];
  const refusals: string[] = [];
  const log = createRecordingLog();
  const take = createSessionEvents({
    keys: () => createKeyRing([KEY]),
    sessionKey: () => KEY,
    accept: (received, raw) => taken.push([received, raw.toString()]),
    refused: (reason) => refusals.push(reason),
    log,
    clock: createManualClock(),
  });
  return { take, taken, refusals, log, lines: () => log.lines.map(({ level }) => level) };
}

it('an event over the session is handed on as if it had come over HTTP', () => {
  const { take, taken, refusals, lines } = setUp();
  take({ type: 'EVENT_SOMETHING_NEW', data: { a: 1 } });
  expect(taken).toEqual([
    [
      expect.objectContaining({ event: expect.objectContaining({ source: 'websocket', data: { a: 1 } }) }),
      `{"key":"${KEY}","type":"EVENT_SOMETHING_NEW","data":{"a":1}}`,
    ],
  ]);
  expect(refusals).toEqual([]);
  expect(lines()).toEqual(['debug']);
});

it.each([
  ['EVENT_FIVEM_CONFIGURATION', 'to apply the configuration saved there and restart'],
  ['EVENT_FIVEM_CONFIGURATION_MIGRATION', 'to have its configuration reviewed and imported'],
])('%s is told of and handed on without a key in it', (type, asked) => {
  const { take, taken, log } = setUp();
  const data = { serverId: 1, revision: 3, schemaVersion: 1, templateRevision: 'a'.repeat(64) };
  take({ type, data });
  expect(taken.map(([{ event }, raw]) => [event.data, raw])).toEqual([[data, JSON.stringify({ type, data })]]);
  expect(log.lines[0]).toMatchObject({
    level: 'warn',
    message: expect.stringContaining(`asks this resource ${asked}.`),
  });
  expect(log.lines[0]?.message).toContain('keeps its own configuration');
});

it('one whose data was not understood is handed on with a warning', () => {
  const { take, taken, lines } = setUp();
  take({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 'x' } });
  expect(taken).toHaveLength(1);
  expect(lines()).toEqual(['debug', 'warn']);
});

it.each([
  ['with a wrong key', { key: 'another-key-entirely', type: 'T' }, 'wrong-key'],
  ['without a type', {}, 'invalid-type'],
  ['of no object', 7, 'invalid-json'],
  ['over 1 MiB', { type: 'T', data: 'x'.repeat(1024 * 1024) }, 'too-large'],
])('one %s is refused, counted and warned of', (_what, payload, reason) => {
  const { take, taken, refusals, lines } = setUp();
  take(payload);
  expect(taken).toEqual([]);
  expect(refusals).toEqual([reason]);
  expect(lines()).toEqual(['warn']);
});

const NAMES = { type: 'EVENT_UNIT_PANIC', id: '1' } as const;
const unread: PushEvent = {
  ...NAMES,
  data: {},
  receivedAt: 0,
  source: 'websocket',
  valid: false,
  issues: ['data: first', 'data: second'],
};

function linesFor(event: PushEvent, fault?: string) {
  const log = createRecordingLog();
  logReceived({ accepted: true, event, body: {}, ...(fault === undefined ? {} : { fault }) }, log);
  return log.lines.map(({ level, fields }) => [level, fields]);
}

const received = ['debug', { ...NAMES, source: 'websocket' }];

it('an event that was understood is a debug line', () => {
  expect(linesFor({ ...unread, valid: true, data: { identIds: [1], isPanic: true } } as PushEvent)).toEqual([received]);
});

it('one whose data was not understood is a warning too, with the first reason', () => {
  expect(linesFor(unread)).toEqual([received, ['warn', { ...NAMES, reason: 'data: first' }]]);
});

it('one that this resource failed at is an error of its own', () => {
  expect(linesFor(unread, 'x is undefined')).toEqual([received, ['error', { ...NAMES, reason: 'x is undefined' }]]);
});
