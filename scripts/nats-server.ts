import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './jest/programs.ts';

/** Where it is; null where there is none. */
export const NATS_SERVER = findProgram('nats-server');

/** Some seconds, on a machine that is busy. */
const START_MS = 30_000;

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

  const configure = (lines: string) =>
    writeFileSync(file, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}" }\n${lines}\n`);

  async function start(): Promise<void> {
    configure(config);
    const started = spawn(NATS_SERVER ?? 'nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    const said: string[] = [];
    started.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const isReady = () => said.join('').includes('Server is ready');
    for (const since = performance.now(); !isReady() && started.exitCode === null; ) {
      if (performance.now() - since > START_MS) break;
      await sleep(2);
    }
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
    /** Gives it another configuration as it runs, until it is started anew. */
    reload(lines: string): void {
      configure(lines);
      child?.kill('SIGHUP');
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
