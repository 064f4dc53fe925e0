import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProgram, startProgram as startChild } from '../child-program.ts';
import { until } from '../until.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const LAUNCHER = join(ROOT, 'bin', 'sonorancad.js');
export const KEY = 'a-key-of-sixteen-letters';

/** The program in a child process. */
export interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  /** The lines of the standard output so far. */
  lines(): string[];
  /** The text of the standard error so far. */
  said(): string;
  /** Posts a push event. @returns the answer's status and text */
  post(body: unknown, headers?: Record<string, string>): Promise<[number, string]>;
  /** Resolves with the exit code once all output has arrived, or with null if a signal ended the program. */
  readonly exited: Promise<number | null>;
  /** Sends a signal, SIGTERM by default. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The Node binary. By default it is the pinned one. */
  readonly node?: string;
  readonly cwd?: string;
}

/** Starts the program without waiting until it listens. */
export function spawnProgram(args: readonly string[], { env, node, cwd }: ProgramOptions = {}): Omit<Program, 'port'> {
  const program = startChild(node ?? process.execPath, [LAUNCHER, ...args], {
    cwd: cwd ?? newFolder(),
    env: { PATH: process.env.PATH, TZ: 'UTC', SONORANCAD_KEY: KEY, ...env },
  });
  running.push(program);
  const { child, exited } = program;
  child.stdin?.end();
  return {
    child,
    exited,
    lines: () => program.out().split('\n').slice(0, -1),
    said: program.err,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
    post: () => Promise.reject(new Error('The program does not listen yet.')),
  };
}

/** Starts `sonorancad listen` on a free port, and waits until it listens. */
export async function startProgram(args: readonly string[] = [], options: ProgramOptions = {}): Promise<Program> {
  const program = spawnProgram(['listen', '--port', '0', ...args], options);
  const found = () => /receives push events at (http:\S+:(\d+)\/\S*)/.exec(program.said());
  await until(() => found() !== null || program.child.exitCode !== null);
  const [, url = '', port] = found() ?? [];
  if (url === '') throw new Error(`The program ended at once: ${program.said()}`);
  return {
    ...program,
    port: Number(port),
    async post(body, headers = {}) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return [answer.status, await answer.text()];
    },
  };
}

const running: ChildProgram[] = [];
const folders: string[] = [];

/** Creates a temporary folder that `cleanUp` removes. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-program-'));
  folders.push(folder);
  return folder;
}

/** Ends all programs and removes all folders of a test. Call it in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const program of running.splice(0)) await program.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Creates an event that is identified by a number. */
export const logout = (number: number) => ({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: number } });
