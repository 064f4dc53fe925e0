import { expect, it } from '@jest/globals';
import { createSessionEvents } from '../../src/ingress/session-events.ts';
import { createKeyRing } from '../../src/push-events/key-ring.ts';
import type { ReceivedEvent } from '../../src/push-events/receive-event.ts';
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
  return { take, taken, refusals, lines: () => log.lines.map(({ level }) => level) };
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
