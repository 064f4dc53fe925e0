import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readPort } from '../../packages/fxhost/src/cli/options.ts';
import { readPlayer } from '../../packages/fxhost/src/cli/players.ts';
import { STORY_PLAYERS } from '../../src/program/send/samples.ts';
import { projectRoot } from '../project-root.ts';

export const DEFAULT_PORT = 30_120;
export const DEFAULT_NAME = 'sonorancad';
export const DEFAULT_ROOT = join(projectRoot, '.fxhost');

/** What `npm start` was told; the usage below says what each is. */
export type StartOptions = ReturnType<typeof readStartOptions>;

export const USAGE = `npm start -- [options]
  --port N        port of the game server's stand-in (30120)
  --key KEY       API key, 16 characters or more (one is made up and printed)
  --resource DIR  runs this resource too; may be given several times
  --name NAME     folder name the resource runs under (sonorancad)
  --root DIR      folder of the server's data (.fxhost)
  --power-loss    forgets key-value writes that were not flushed, as a power cut does
  --player WHO    a player who is there from the start: a name, then identifiers, with commas; several times
  --empty         without the three players whom npm run send -- --story is about
  --fakecad       runs a pretend CAD beside it, with a page to fire events from
  --edition NAME  legacy (FXServer) or enhanced (the server of GTA V Enhanced, on Node 26)
  --help          prints this`;

/** @throws Error with what is wrong, for a flag that is unknown or has no sense. */
export function readStartOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      key: { type: 'string' },
      resource: { type: 'string', multiple: true, default: [] },
      name: { type: 'string', default: DEFAULT_NAME },
      root: { type: 'string', default: DEFAULT_ROOT },
      'power-loss': { type: 'boolean', default: false },
      player: { type: 'string', multiple: true, default: [] },
      empty: { type: 'boolean', default: false },
      fakecad: { type: 'boolean', default: false },
      edition: { type: 'string', default: 'legacy' },
    },
  });
  const port = readPort(values.port);
  const { edition } = values;
  if (edition !== 'legacy' && edition !== 'enhanced') {
    throw new Error(`--edition ${edition}: expected legacy or enhanced`);
  }
  return {
    port,
    key: values.key ?? randomBytes(16).toString('hex'),
    resources: values.resource.map((folder) => resolve(folder)),
    name: values.name,
    root: resolve(values.root),
    powerLoss: values['power-loss'],
    players: [...(values.empty ? [] : STORY_PLAYERS), ...values.player.map(readPlayer)],
    fakecad: values.fakecad,
    edition: edition as 'legacy' | 'enhanced',
  };
}
