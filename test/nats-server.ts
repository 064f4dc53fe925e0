import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { findProgram } from '../scripts/jest/programs.ts';
import { until } from './until.ts';

const PROGRAM = findProgram('nats-server');

/** As `describe`, where there is a nats-server; `npm test` says what was left out without one. */
export const describeWithNats: typeof describe | typeof describe.skip = PROGRAM === null ? describe.skip : describe;

export type NatsServer = Awaited<ReturnType<typeof startNats>>;

/**
 * A real broker over a folder of its own.
 *
 * @param config lines of its configuration file
 */
export async function startNats(config = '') {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-nats-'));
  const file = join(folder, 'nats.conf');
  let port = -1;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    writeFileSync(file, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}" }\n${config}\n`);
    const args = ['-c', file, '--ports_file_dir', folder];
    const started = spawn(PROGRAM ?? 'nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    const said: string[] = [];
    started.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const isReady = () => said.join('').includes('Server is ready');
    await until(() => isReady() || started.exitCode !== null);
    if (!isReady()) throw new Error(`nats-server did not start: ${said.join('')}`);
    port = Number(/client connections on 127\.0\.0\.1:(\d+)/.exec(said.join(''))?.[1] ?? port);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = child;
    child = null;
    if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return;
    const over = once(ended, 'exit');
    ended.kill('SIGCONT');
    ended.kill(signal);
    await over;
  }

  await start();
  return {
    get url() {
      return `nats://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    /** Has it die as at a power cut of its machine; what it had acknowledged it has kept. */
    kill: () => end('SIGKILL'),
    /** On the same port, over the same data. */
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns whether something listens on a port of this machine */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
