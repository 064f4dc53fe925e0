import type { ChildProcess } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { startProgram } from '../child-program.ts';
import { linkPackage } from '../listener/link-package.ts';
import { until } from '../until.ts';

export const KEY = 'a-key-of-sixteen-letters';

/** The example as a process of its own. */
export interface Relay {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  printed(): string;
  /** @returns status and text */
  post(event: object, headers?: Record<string, string>): Promise<[number, string]>;
  /** @returns the exit code once all of its output has come */
  readonly exited: Promise<number | null>;
}

/** @returns a folder with the example in it, as somebody has it who has installed the library */
export function installRelay(): string {
  const folder = linkPackage();
  const source = join(projectRoot, 'examples', 'discord-relay');
  cpSync(source, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return folder;
}

/** Starts the example, and waits until it listens or has ended. */
export async function startRelay(folder: string, env: Readonly<Record<string, string>>): Promise<Relay> {
  const { child, output, exited } = startProgram(process.execPath, ['relay.mjs'], {
    cwd: folder,
    env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, PORT: '0', SONORANCAD_KEY: KEY, ...env },
  });
  await until(() => /at port \d+/.test(output()) || child.exitCode !== null);
  const port = /at port (\d+)/.exec(output())?.[1];
  return {
    child,
    printed: output,
    exited,
    async post(event, headers = {}) {
      const body = JSON.stringify({ ...event, key: KEY });
      const answer = await fetch(`http://127.0.0.1:${port}/sonorancad/event`, { method: 'POST', body, headers });
      return [answer.status, await answer.text()];
    },
  };
}
