import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import type { ReceivedEvent } from '../../src/events/receive.ts';
import { SessionReceiver } from '../../src/events/session-receiver.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const KEY = 'a-key-for-testing';

function setUp() {
  const accepted: (readonly [ReceivedEvent, string, number])[] = [];
  const refusals: string[] = [];
  const log = createRecordingLog();
  const { receive } = new SessionReceiver({
    keys: () => createKeyRing([KEY]),
    sessionKey: () => KEY,
    intake: {
      accept: (received, raw, hops) => void accepted.push([received, raw.toString(), hops]),
      refuse: (reason) => void refusals.push(reason),
    },
    holds: { measure: (work) => work() },
    log,
    clock: createManualClock(),
  });
  return { receive, accepted, refusals, log, levels: () => log.lines.map(({ level }) => level) };
}

describe('SessionReceiver', () => {
  it('accepts an event as if it had come by HTTP, with the key where HTTP events have theirs', () => {
    const { receive, accepted, refusals, levels } = setUp();
    receive({ type: 'EVENT_SOMETHING_NEW', data: { a: 1 } });
    expect(accepted).toEqual([
      [
        expect.objectContaining({ event: expect.objectContaining({ source: 'websocket', data: { a: 1 } }) }),
        `{"key":"${KEY}","type":"EVENT_SOMETHING_NEW","data":{"a":1}}`,
        0,
      ],
    ]);
    expect(refusals).toEqual([]);
    expect(levels()).toEqual(['debug']);
  });

  it.each([
    ['EVENT_FIVEM_CONFIGURATION', 'to apply the configuration saved there and restart'],
    ['EVENT_FIVEM_CONFIGURATION_MIGRATION', 'to have its configuration reviewed and imported'],
  ])('warns that the request %s is ignored, and accepts it without a key', (type, request) => {
    const { receive, accepted, log } = setUp();
    const data = { serverId: 1, revision: 3, schemaVersion: 1, templateRevision: 'a'.repeat(64) };
    receive({ type, data });
    expect(accepted.map(([{ event }, raw]) => [event.data, raw])).toEqual([[data, JSON.stringify({ type, data })]]);
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { type, request } });
  });

  it('accepts an event whose data was not understood, and warns', () => {
    const { receive, accepted, levels } = setUp();
    receive({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 'x' } });
    expect(accepted).toHaveLength(1);
    expect(levels()).toEqual(['debug', 'warn']);
  });

  it.each([
    ['with a wrong key', { key: 'another-key-entirely', type: 'T' }, 'wrong-key'],
    ['without a type', {}, 'invalid-type'],
    ['that is no object', 7, 'invalid-json'],
    ['larger than 1 MiB', { type: 'T', data: 'x'.repeat(1024 * 1024) }, 'too-large'],
  ])('refuses an event %s, counts it and warns', (_what, payload, reason) => {
    const { receive, accepted, refusals, levels } = setUp();
    receive(payload);
    expect(accepted).toEqual([]);
    expect(refusals).toEqual([reason]);
    expect(levels()).toEqual(['warn']);
  });
});
