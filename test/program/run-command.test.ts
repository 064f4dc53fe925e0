import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../src/program/run-command.ts';
import { createManualClock } from '../manual-clock.ts';
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
