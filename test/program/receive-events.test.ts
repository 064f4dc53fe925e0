import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../src/listener/options.ts';
import { receiveEvents } from '../../src/program/program.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { KEY, logout } from './start-program.ts';

/** A request that comes at once, and what happens because of it, in order. */
async function receive(body: unknown, headers: readonly string[] = []) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const happened: string[] = [];
  const callback = receiveEvents(readOptions({ apiKey: KEY }), {
    keep: ({ type }, raw, hops, isReplay) =>
      happened.push(`kept ${type}, ${raw.byteLength} bytes, ${hops} hops${isReplay ? ', a replay' : ''}`),
    take: ({ type }) => happened.push(`taken ${type}`),
    clock,
    log,
  });
  const text = JSON.stringify(body);
  const request = Object.assign(new EventEmitter(), {
    method: 'POST',
    url: '/sonorancad/event',
    rawHeaders: headers,
    socket: { remoteAddress: '192.0.2.1' },
  });
  callback(request, {
    writeHead: (status) => happened.push(`answered ${status}`),
    end: () => clock.pass(),
  });
  request.emit('data', Buffer.from(text));
  request.emit('end');
  // The body is read in a promise.
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass();
  return { happened, length: text.length, lines: log.lines };
}

describe('an event that the program receives', () => {
  it('is stored before it is answered, and printed after', async () => {
    const { happened, length } = await receive(logout(1), ['X-SonoranCAD-Hop', '3']);
    expect(happened).toEqual([
      `kept EVENT_UNIT_LOGOUT, ${length} bytes, 3 hops`,
      'answered 200',
      'taken EVENT_UNIT_LOGOUT',
    ]);
  });

  it('is stored as a replay when it came as one', async () => {
    const { happened, length } = await receive(logout(1), ['webhook-id', 'its-id', 'X-SonoranCAD-Replay', 'true']);
    expect(happened[0]).toBe(`kept EVENT_UNIT_LOGOUT, ${length} bytes, 0 hops, a replay`);
  });

  it('is neither when its key is wrong, which is said with where it came from', async () => {
    const { happened, lines } = await receive({ ...logout(1), key: 'another-key-of-letters' });
    expect(happened).toEqual(['answered 400']);
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([['warn', { from: '192.0.2.1' }]]);
  });

  it('is neither when it is a probe of the forwarder', async () => {
    const { happened } = await receive({ key: KEY, type: 'SONORANCAD_PROBE' });
    expect(happened).toEqual(['answered 200']);
  });
});
