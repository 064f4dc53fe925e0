import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../until.ts';
import { isRunning } from './is-running.ts';
import { cleanUp, KEY, logout, newFolder, type Program, startProgram } from './start-program.ts';

const numbersIn = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).data.identId as number);

/** Sends events, eight at a time, until one is refused. Adds the numbers of accepted events to `accepted`. */
async function sendUntilRefused(program: Program, accepted: number[]): Promise<void> {
  let next = 0;
  const send = async () => {
    for (;;) {
      next += 1;
      const number = next;
      const [status] = await program.post(logout(number)).catch(() => [0]);
      if (status !== 200) return;
      accepted.push(number);
    }
  };
  await Promise.all(Array.from({ length: 8 }, send));
}

/** Maximum wait until the port is closed. After it, another program probably has the port. */
const PORT_CLOSED_TIMEOUT_MS = 5_000;

/** Waits until the program refuses connections, which shows that it has received the signal. */
async function untilRefusing({ port }: Program): Promise<void> {
  for (const since = performance.now(); performance.now() - since < PORT_CLOSED_TIMEOUT_MS; ) {
    const isAccepted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (!isAccepted) return;
  }
}

describe('sonorancad listen that gets a stop signal', () => {
  afterEach(cleanUp);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s under load › prints every answered event before it exits',
    async (signal) => {
      const program = await startProgram(['--json']);
      const accepted: number[] = [];
      const sending = sendUntilRefused(program, accepted);
      await until(() => accepted.length > 200);
      program.child.kill(signal);
      await sending;
      expect(await program.exited).toBe(0);
      const printed = numbersIn(program.lines());
      expect(new Set(printed).size).toBe(printed.length);
      expect(accepted.filter((number) => !printed.includes(number))).toEqual([]);
    },
  );

  it('waits until a slow reader has taken all lines', async () => {
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

  it('answers a request that was open when the signal arrived', async () => {
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
    // Once a later request is answered, the head of the first one has arrived.
    await program.post(logout(1));
    program.child.kill('SIGTERM');
    await untilRefusing(program);
    socket.end(body.slice(9));
    expect(await program.exited).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
    expect(answer).toMatch(/connection: close/i);
    expect(numbersIn(program.lines())).toEqual([1, 7]);
  });

  it('runs the command of --exec for every answered event before it exits', async () => {
    const file = join(newFolder(), 'events');
    const program = await startProgram(['--json', '--exec', `sleep 0.01; cat >> ${file}`]);
    for (let n = 1; n <= 30; n += 1) await program.post(logout(n));
    expect(await program.stop()).toBe(0);
    const handled = numbersIn(readFileSync(file, 'utf8').trim().split('\n'));
    expect(handled).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('stops at once at a second signal, and logs for how many events the command did not run', async () => {
    const folder = newFolder();
    const program = await startProgram(['--exec', `echo $$ > ${folder}/pid; exec sleep 1000`]);
    for (let n = 1; n <= 3; n += 1) await program.post(logout(n));
    await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8').endsWith('\n'));
    program.child.kill('SIGTERM');
    await untilRefusing(program);
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(1);
    expect(program.said()).toContain(
      '[error] The program stopped before the command of --exec had run for all events. dropped=3',
    );
    expect(program.lines()).toHaveLength(3);
    expect(program.said()).not.toContain('printed');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => !isRunning(pid));
  });
});
