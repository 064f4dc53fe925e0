import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProgram, startProgram as startChild } from '../child-program.ts';
import { until } from '../until.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const LAUNCHER = join(ROOT, 'bin', 'sonorancad.js');
export const KEY = 'a-key-of-sixteen-letters';

/** The real program as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  /** What it has printed so far, without the last line break. */
  lines(): string[];
  /** What it has said on its standard error so far. */
  said(): string;
  /** @returns status and text */
  post(body: unknown, headers?: Record<string, string>): Promise<[number, string]>;
  /** @returns the exit code once all of its output has come; null when a signal has ended it */
  readonly exited: Promise<number | null>;
  /** @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The engine, the pinned one unless given. */
  readonly node?: string;
  readonly cwd?: string;
}

/** Starts the program without waiting for anything. */
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
    post: () => Promise.reject(new Error('It does not listen yet.')),
  };
}

/** Starts `listen` on a free port, and waits until it listens. */
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

/** @returns a new folder that `cleanUp` removes */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-program-'));
  folders.push(folder);
  return folder;
}

/** Ends what a test has left running. For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const program of running.splice(0)) await program.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An event of which nothing but its number matters. */
export const logout = (number: number) => ({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: number } });
