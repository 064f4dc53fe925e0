import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createChildEnvironment, ExecQueue, runCommand } from '../../src/program/run-command.ts';
import { eventOf } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';
import { isRunning } from './is-running.ts';
import { cleanUp, newFolder } from './start-program.ts';

const env = { PATH: process.env.PATH ?? '' };

function run(command: string, input = '') {
  const clock = createManualClock();
  const faults: (string | null)[] = [];
  const kill = runCommand({ command, env, clock }, input, (fault) => faults.push(fault));
  return { clock, faults, kill };
}

async function faultOf(command: string, input?: string): Promise<string | null | undefined> {
  const { faults, clock } = run(command, input);
  await until(() => faults.length > 0);
  expect(clock.waiting).toBe(0);
  return faults[0];
}

/** Waits until a process has written its id into a file. @returns the process id */
async function readPid(file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  return Number(readFileSync(file, 'utf8'));
}

describe('runCommand', () => {
  afterEach(cleanUp);

  it('writes an event of 1 MiB to the standard input of the command', async () => {
    const file = join(newFolder(), 'event');
    const event = 'x'.repeat(1024 * 1024);
    expect(await faultOf(`cat > ${file}`, event)).toBeNull();
    expect(readFileSync(file, 'utf8')).toBe(event);
  });

  it('reports no fault if the command ends or closes its standard input without reading it', async () => {
    const event = 'x'.repeat(1024 * 1024);
    for (const command of ['true', 'exec 0<&-; sleep 0.1', 'head -c 1 > /dev/null']) {
      expect(await faultOf(command, event)).toBeNull();
    }
  });

  it('reports the exit code or the signal of a command that fails', async () => {
    expect(await faultOf('exit 3')).toBe('exit code 3');
    expect(await faultOf('kill -9 $$')).toBe('ended by SIGKILL');
  });

  it('reports the error code if the command cannot be started', async () => {
    const faults: (string | null)[] = [];
    const clock = createManualClock();
    runCommand({ command: 'a\0b', env, clock }, '', (fault) => faults.push(fault));
    clock.pass();
    expect(faults).toEqual(['could not be started (ERR_INVALID_ARG_VALUE)']);
  });

  it('sends SIGTERM after 30 s to the command and its child processes', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`sh -c 'echo $$ > ${file}; exec sleep 1000' ; true`);
    const pid = await readPid(file);
    clock.advance(29_999);
    expect(isRunning(pid)).toBe(true);
    clock.advance(1);
    await until(() => faults.length > 0);
    await until(() => !isRunning(pid));
    expect(faults).toEqual(['stopped after 30 s']);
    expect(clock.waiting).toBe(0);
  });

  it('sends SIGKILL 5 s later if the command ignores SIGTERM', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`trap '' TERM; echo $$ > ${file}; while :; do sleep 0.05; done`);
    const pid = await readPid(file);
    clock.advance(34_999);
    expect(isRunning(pid)).toBe(true);
    clock.advance(1);
    await until(() => faults.length > 0);
    expect(isRunning(pid)).toBe(false);
  });

  it('kills child processes that ignore SIGTERM when a command that timed out ends', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 0.05; done' & wait`);
    const pid = await readPid(file);
    clock.advance(30_000);
    await until(() => faults.length > 0);
    await until(() => !isRunning(pid));
  });
});

function setUp(command: (folder: string) => string) {
  const folder = newFolder();
  const log = createRecordingLog();
  const env = { PATH: process.env.PATH ?? '' };
  const queue = new ExecQueue({ command: command(folder), env, clock: createManualClock(), log });
  const push = (number: number) => queue.push(eventOf('EVENT_UNIT_LOGOUT', { identId: number }));
  const file = (name: string) => join(folder, name);
  const text = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  return { queue, log, push, file, text };
}

describe('ExecQueue', () => {
  afterEach(cleanUp);

  it('runs the command for one event at a time, in the order of the events', async () => {
    const { queue, push, text, log } = setUp(
      (folder) => `cd ${folder}; mkdir alone || exit 9; cat >> events; sleep 0.02; rmdir alone`,
    );
    for (let n = 1; n <= 10; n += 1) push(n);
    await queue.waitUntilIdle();
    const events = text('events').trim().split('\n');
    expect(events.map((line) => JSON.parse(line).data.identId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(log.lines).toEqual([]);
  });

  it('logs a failure of the command, and continues with the next event', async () => {
    const { queue, push, log } = setUp(() => 'exit 7');
    push(1);
    push(2);
    await queue.waitUntilIdle();
    expect(log.lines.map(({ level, message, fields }) => [level, message, fields.reason])).toEqual([
      ['warn', 'The command of --exec failed for an event.', 'exit code 7'],
      ['warn', 'The command of --exec failed for an event.', 'exit code 7'],
    ]);
  });

  it('holds 1,000 waiting events, and counts further ones as dropped', async () => {
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
    // Each finished event has made room for another one.
    push(1_003);
    expect(log.lines).toHaveLength(2);
    expect(queue.abandon()).toBeGreaterThan(900);
  });

  it('kills the running command and counts the unfinished events when it is abandoned', async () => {
    const { queue, push, file } = setUp((folder) => `cd ${folder}; echo $$ > pid; exec sleep 1000`);
    push(1);
    push(2);
    push(3);
    const idle = queue.waitUntilIdle();
    await until(() => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(file('pid'), 'utf8'));
    expect(queue.abandon()).toBe(3);
    await idle;
    // The promise also resolves for a caller that starts to wait after `abandon`, before the command has ended.
    await queue.waitUntilIdle();
    await until(() => !isRunning(pid));
    push(4);
    expect(queue.abandon()).toBe(0);
  });
});

describe('createChildEnvironment', () => {
  it('leaves out every variable that contains a key or secret, in any case and under any name', () => {
    const env = {
      PATH: '/bin',
      SONORANCAD_KEY: 'not the key that is used',
      sonorancad_key: 'nor this',
      npm_config_key: 'A-KEY-OF-SIXTEEN-LETTERS',
      COMMAND: 'sonorancad listen --key a-key-of-sixteen-letters --json',
      HOOK: 'whsec_c2VjcmV0',
      BASIC: `Basic ${Buffer.from('cad:a-key-of-sixteen-letters').toString('base64')}`,
      GONE: undefined,
    };
    expect(createChildEnvironment(env, ['a-key-of-sixteen-letters', 'whsec_c2VjcmV0'])).toEqual({ PATH: '/bin' });
  });
});
