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

/** The relay in a child process. */
interface Relay {
  readonly child: ChildProcess;
  /** The relay's output so far. */
  printed(): string;
  /** Posts a push event to the relay. @returns the answer's status and text */
  post(event: object, headers?: Record<string, string>): Promise<[number, string]>;
  /** Resolves with the exit code once all output has arrived. */
  readonly exited: Promise<number | null>;
}

/** Copies the example into a new folder in which the library is installed. */
function installRelay(): string {
  const folder = linkPackage();
  const source = join(projectRoot, 'examples', 'discord-relay');
  cpSync(source, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return folder;
}

/** Starts the relay, and waits until it listens or has exited. */
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

/** Creates a 911 call event with the same typed text in every text field. */
export const call = (callId: number, typed = '') => ({
  type: 'EVENT_911',
  data: { call: { callId, isEmergency: true, caller: typed, location: typed, description: typed, metaData: {} } },
});
/** An event that the relay ignores. Once it is answered, the handlers of earlier events have run. */
export const MARK = { type: 'EVENT_OF_NOBODY' };
/** Lists the message titles for a range of call ids. */
export const titles = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `911 call ${from + index}`);

export async function sendCalls(to: Relay, first: number, last: number): Promise<void> {
  for (let id = first; id <= last; id += 1) expect(await to.post(call(id))).toEqual([200, 'ok']);
}

/** The relay, and a stand-in for Discord that is new for each test. */
export interface RelayScene {
  /** The folder in which the relay is installed. */
  readonly folder: string;
  readonly discord: DiscordStandIn;
  /** The relay that was started last, or null. */
  readonly relay: Relay | null;
  start(env?: Readonly<Record<string, string>>): Promise<Relay>;
  /** The titles of the messages in the channel. */
  posted(): string[];
}

/** Registers the hooks that install the relay and start the stand-in. Call it inside a `describe`. */
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
    // In no test does the relay print a secret or a stack trace.
    for (const forbidden of [KEY, TOKEN, SECRET, '    at ']) expect(printed).not.toContain(forbidden);
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
