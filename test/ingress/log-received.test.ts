import { expect, it } from '@jest/globals';
import { logReceived } from '../../src/ingress/log-received.ts';
import type { PushEvent } from '../../src/push-events/push-event.ts';
import { createRecordingLog } from '../recording-log.ts';

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
