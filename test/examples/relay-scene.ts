import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { type DiscordStandIn, openDiscordStandIn, TOKEN } from './discord-stand-in.ts';
import { installRelay, KEY, type Relay, startRelay } from './start-relay.ts';

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
