import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../src/listener/options.ts';
import { createProgramCallback } from '../../src/program/run-listener.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { KEY, logout } from './start-program.ts';

/** Sends one request to the program's callback, and records what happens, in order. */
async function receive(body: unknown, headers: readonly string[] = []) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const steps: string[] = [];
  const callback = createProgramCallback(readOptions({ apiKey: KEY }), {
    store: ({ type }, raw, hops, isReplayed) =>
      steps.push(`stored ${type}, ${raw.byteLength} bytes, ${hops} hops${isReplayed ? ', a replay' : ''}`),
    handle: ({ type }) => steps.push(`handled ${type}`),
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
    writeHead: (status) => steps.push(`answered ${status}`),
    end: () => clock.pass(),
  });
  request.emit('data', Buffer.from(text));
  request.emit('end');
  // The body is read asynchronously, and the request's promise has settled by then.
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass();
  return { steps, length: text.length, lines: log.lines };
}

describe('createProgramCallback', () => {
  it('stores an event before its answer, and handles the event after it', async () => {
    const { steps, length } = await receive(logout(1), ['X-SonoranCAD-Hop', '3']);
    expect(steps).toEqual([
      `stored EVENT_UNIT_LOGOUT, ${length} bytes, 3 hops`,
      'answered 200',
      'handled EVENT_UNIT_LOGOUT',
    ]);
  });

  it('stores a replayed event as a replay', async () => {
    const { steps, length } = await receive(logout(1), ['webhook-id', 'its-id', 'X-SonoranCAD-Replay', 'true']);
    expect(steps[0]).toBe(`stored EVENT_UNIT_LOGOUT, ${length} bytes, 0 hops, a replay`);
  });

  it('neither stores nor handles an event with a wrong key, and logs its sender', async () => {
    const { steps, lines } = await receive({ ...logout(1), key: 'another-key-of-letters' });
    expect(steps).toEqual(['answered 400']);
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([['warn', { from: '192.0.2.1' }]]);
  });

  it('neither stores nor handles a probe of the forwarder', async () => {
    const { steps } = await receive({ key: KEY, type: 'SONORANCAD_PROBE' });
    expect(steps).toEqual(['answered 200']);
  });
});
