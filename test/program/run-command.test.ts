import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { childEnvironment, createExecQueue, runCommand } from '../../src/program/run-command.ts';
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

/** @returns the process that has written its number into a file, once it has */
async function pidIn(file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  return Number(readFileSync(file, 'utf8'));
}

describe('a command', () => {
  afterEach(cleanUp);

  it('gets the event on its standard input, however large', async () => {
    const file = join(newFolder(), 'event');
    const event = 'x'.repeat(1024 * 1024);
    expect(await faultOf(`cat > ${file}`, event)).toBeNull();
    expect(readFileSync(file, 'utf8')).toBe(event);
  });

  it('may close its standard input, or end, without reading', async () => {
    const event = 'x'.repeat(1024 * 1024);
    for (const command of ['true', 'exec 0<&-; sleep 0.1', 'head -c 1 > /dev/null']) {
      expect(await faultOf(command, event)).toBeNull();
    }
  });

  it('is complained of when it fails', async () => {
    expect(await faultOf('exit 3')).toBe('ended with exit code 3');
    expect(await faultOf('kill -9 $$')).toBe('was ended by SIGKILL');
  });

  it('that cannot be started is said to be so', async () => {
    const faults: (string | null)[] = [];
    const clock = createManualClock();
    runCommand({ command: 'a\0b', env, clock }, '', (fault) => faults.push(fault));
    clock.pass();
    expect(faults).toEqual(['could not be started (ERR_INVALID_ARG_VALUE)']);
  });

  it('is asked to end after 30 s, with all that it has started', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`sh -c 'echo $$ > ${file}; exec sleep 1000' ; true`);
    const pid = await pidIn(file);
    clock.advance(29_999);
    expect(isRunning(pid)).toBe(true);
    clock.advance(1);
    await until(() => faults.length > 0);
    await until(() => !isRunning(pid));
    expect(faults).toEqual(['took longer than 30 s and was ended']);
    expect(clock.waiting).toBe(0);
  });

  it('is killed 5 s later when it does not listen', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`trap '' TERM; echo $$ > ${file}; while :; do sleep 0.05; done`);
    const pid = await pidIn(file);
    clock.advance(34_999);
    expect(isRunning(pid)).toBe(true);
    clock.advance(1);
    await until(() => faults.length > 0);
    expect(isRunning(pid)).toBe(false);
  });

  it('leaves nothing running when it was late', async () => {
    const file = join(newFolder(), 'pid');
    const { clock, faults } = run(`sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 0.05; done' & wait`);
    const pid = await pidIn(file);
    clock.advance(30_000);
    await until(() => faults.length > 0);
    await until(() => !isRunning(pid));
  });
});

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
    // Also where one begins to wait for that only now, before the command has ended.
    await queue.idle();
    await until(() => !isRunning(pid));
    push(4);
    expect(queue.abandon()).toBe(0);
  });
});

describe('the environment of a command', () => {
  it('has no variable that holds a key or secret, whatever its name and in any case', () => {
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
    expect(childEnvironment(env, ['a-key-of-sixteen-letters', 'whsec_c2VjcmV0'])).toEqual({ PATH: '/bin' });
  });
});
