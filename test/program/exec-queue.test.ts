import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createExecQueue } from '../../src/program/run-command.ts';
import { eventOf } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';
import { isRunning } from './is-running.ts';
import { cleanUp, newFolder } from './start-program.ts';

function setUp(command: (folder: string) => string) {
  const folder = newFolder();
  const log = createRecordingLog();
  const env = { PATH: process.env.PATH ?? '' };
  const queue = createExecQueue({ command: command(folder), env, clock: createManualClock(), log });
  const push = (number: number) => queue.push(eventOf('EVENT_UNIT_LOGOUT', { identId: number }));
  const file = (name: string) => join(folder, name);
  const text = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  return { queue, log, push, file, text };
}

describe('the queue of --exec', () => {
  afterEach(cleanUp);

  it('runs the command for one event at a time, in their order', async () => {
    const { queue, push, text, log } = setUp(
      (folder) => `cd ${folder}; mkdir alone || exit 9; cat >> events; sleep 0.02; rmdir alone`,
    );
    for (let n = 1; n <= 10; n += 1) push(n);
    await queue.idle();
    const events = text('events').trim().split('\n');
    expect(events.map((line) => JSON.parse(line).data.identId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(log.lines).toEqual([]);
  });

  it('goes on after a failure, which it tells', async () => {
    const { queue, push, log } = setUp(() => 'exit 7');
    push(1);
    push(2);
    await queue.idle();
    expect(log.lines.map(({ level, message, fields }) => [level, message, fields.type])).toEqual([
      ['warn', 'The command of --exec ended with exit code 7.', 'EVENT_UNIT_LOGOUT'],
      ['warn', 'The command of --exec ended with exit code 7.', 'EVENT_UNIT_LOGOUT'],
    ]);
  });

  it('holds 1,000 beside the one that is handled, and counts those that it drops', async () => {
    const { queue, push, file, text, log } = setUp(
      (folder) => `cd ${folder}; echo > began; while [ ! -e go ]; do sleep 0.02; done; cat >> events`,
    );
    for (let n = 0; n < 1_003; n += 1) push(n);
    expect(log.lines.map(({ level, fields }) => [level, fields.dropped])).toEqual([
      ['error', 1],
      ['error', 2],
    ]);
    await until(() => existsSync(file('began')));
    writeFileSync(file('go'), '');
    await until(() => text('events').split('\n').length > 3);
    // One has left the queue for each that was run.
    push(1_003);
    expect(log.lines).toHaveLength(2);
    expect(queue.abandon()).toBeGreaterThan(900);
  });

  it('can be given up, with the command that runs', async () => {
    const { queue, push, file } = setUp((folder) => `cd ${folder}; echo $$ > pid; exec sleep 1000`);
    push(1);
    push(2);
    push(3);
    const idle = queue.idle();
    await until(() => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(file('pid'), 'utf8'));
    expect(queue.abandon()).toBe(3);
    await idle;
    await until(() => !isRunning(pid));
    push(4);
    expect(queue.abandon()).toBe(0);
  });
});
