import type { ChildProcess } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { startProgram } from '../child-program.ts';
import { linkPackage } from '../listener/link-package.ts';
import { until } from '../until.ts';
import { type DiscordStandIn, openDiscordStandIn, TOKEN } from './discord-stand-in.ts';

export const KEY = 'a-key-of-sixteen-letters';

/** The example as a process of its own. */
interface Relay {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  printed(): string;
  /** @returns status and text */
  post(event: object, headers?: Record<string, string>): Promise<[number, string]>;
  /** @returns the exit code once all of its output has come */
  readonly exited: Promise<number | null>;
}

/** @returns a folder with the example in it, as somebody has it who has installed the library */
function installRelay(): string {
  const folder = linkPackage();
  const source = join(projectRoot, 'examples', 'discord-relay');
  cpSync(source, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return folder;
}

/** Starts the example, and waits until it listens or has ended. */
async function startRelay(folder: string, env: Readonly<Record<string, string>>): Promise<Relay> {
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

export const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

/** A 911 call of that number, with what somebody typed everywhere. */
export const call = (callId: number, typed = '') => ({
  type: 'EVENT_911',
  data: { call: { callId, isEmergency: true, caller: typed, location: typed, description: typed, metaData: {} } },
});
/** Its handlers are called after those of all that came before it: none of the relay's listens to it. */
export const MARK = { type: 'EVENT_OF_NOBODY' };
/** The titles of the messages about these calls. */
export const titles = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `911 call ${from + index}`);

export async function sendCalls(to: Relay, first: number, last: number): Promise<void> {
  for (let id = first; id <= last; id += 1) expect(await to.post(call(id))).toEqual([200, 'ok']);
}

/** The example and a stand-in for Discord, a new one for each test. */
export interface RelayScene {
  /** Where the example is installed. */
  readonly folder: string;
  readonly discord: DiscordStandIn;
  /** The relay that was started last. */
  readonly relay: Relay | null;
  start(env?: Readonly<Record<string, string>>): Promise<Relay>;
  /** The titles of what is in the channel. */
  posted(): string[];
}

/** Sets the scene for the tests of the `describe` in which it is called. */
export function setRelayScene(): RelayScene {
  let folder = '';
  let discord: DiscordStandIn;
  let relay: Relay | null = null;

  beforeAll(() => {
    folder = installRelay();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    discord = await openDiscordStandIn();
  });
  afterEach(async () => {
    relay?.child.kill('SIGKILL');
    await relay?.exited;
    const printed = relay?.printed() ?? '';
    relay = null;
    await discord.close();
    // Whatever happened: no secret is printed, and no stack either.
    for (const never of [KEY, TOKEN, SECRET, '    at ']) expect(printed).not.toContain(never);
  });

  return {
    get folder() {
      return folder;
    },
    get discord() {
      return discord;
    },
    get relay() {
      return relay;
    },
    async start(env = {}) {
      relay = await startRelay(folder, { DISCORD_WEBHOOK_URL: discord.url, ...env });
      return relay;
    },
    posted: () => discord.messages.map(({ title }) => title),
  };
}
