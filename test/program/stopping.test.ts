import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../until.ts';
import { isRunning } from './is-running.ts';
import { cleanUp, KEY, logout, newFolder, type Program, startProgram } from './start-program.ts';

const numbersIn = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).data.identId as number);

/** Sends events, a few at a time, until they are not taken. @returns the numbers of those that were answered with 200 */
async function sendUntilRefused(program: Program, taken: number[]): Promise<void> {
  let next = 0;
  const send = async () => {
    for (;;) {
      next += 1;
      const number = next;
      const [status] = await program.post(logout(number)).catch(() => [0]);
      if (status !== 200) return;
      taken.push(number);
    }
  };
  await Promise.all(Array.from({ length: 8 }, send));
}

/** By then a signal has been heard, even where another program was given the port. */
const HEARD_MS = 5_000;

/** Waits until no connection is taken any more: the signal has been heard. */
async function untilRefusing({ port }: Program): Promise<void> {
  for (const since = performance.now(); performance.now() - since < HEARD_MS; ) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (!taken) return;
  }
}

describe('a program that is told to stop', () => {
  afterEach(cleanUp);

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s under load has printed all that it has answered', async (signal) => {
    const program = await startProgram(['--json']);
    const taken: number[] = [];
    const sending = sendUntilRefused(program, taken);
    await until(() => taken.length > 200);
    program.child.kill(signal);
    await sending;
    expect(await program.exited).toBe(0);
    const printed = numbersIn(program.lines());
    expect(new Set(printed).size).toBe(printed.length);
    expect(taken.filter((number) => !printed.includes(number))).toEqual([]);
  });

  it('waits until a slow reader has all', async () => {
    const program = await startProgram(['--json']);
    program.child.stdout?.pause();
    for (let n = 1; n <= 10; n += 1) {
      await program.post({ key: KEY, type: 'EVENT_LARGE', data: { identId: n, text: 'x'.repeat(500_000) } });
    }
    program.child.kill('SIGTERM');
    await untilRefusing(program);
    program.child.stdout?.resume();
    expect(await program.exited).toBe(0);
    expect(numbersIn(program.lines())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('still answers the request that is open', async () => {
    const program = await startProgram(['--json']);
    const body = JSON.stringify(logout(7));
    const socket = connect(program.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.write(
      `POST /sonorancad/event HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    );
    // The head has come when a request that was sent later is answered.
    await program.post(logout(1));
    program.child.kill('SIGTERM');
    await untilRefusing(program);
    socket.end(body.slice(9));
    expect(await program.exited).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
    expect(answer).toMatch(/connection: close/i);
    expect(numbersIn(program.lines())).toEqual([1, 7]);
  });

  it('has run the command of --exec for all that it has answered', async () => {
    const file = join(newFolder(), 'events');
    const program = await startProgram(['--json', '--exec', `sleep 0.01; cat >> ${file}`]);
    for (let n = 1; n <= 30; n += 1) await program.post(logout(n));
    expect(await program.stop()).toBe(0);
    const handled = numbersIn(readFileSync(file, 'utf8').trim().split('\n'));
    expect(handled).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('gives up when it is told again, and says for how many events the command has not run', async () => {
    const folder = newFolder();
    const program = await startProgram(['--exec', `echo $$ > ${folder}/pid; exec sleep 1000`]);
    for (let n = 1; n <= 3; n += 1) await program.post(logout(n));
    await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8').endsWith('\n'));
    program.child.kill('SIGTERM');
    await untilRefusing(program);
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(1);
    expect(program.said()).toContain(
      '[error] Stopped before the command of --exec had run to its end for all events. dropped=3',
    );
    expect(program.lines()).toHaveLength(3);
    expect(program.said()).not.toContain('printed');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => !isRunning(pid));
  });
});
