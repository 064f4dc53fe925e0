import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type NewPlayer, readPlayer } from './players.ts';

export const USAGE = `fxhost [options] <resource folder> [<resource folder> …]
Runs FiveM resources without the game. Their dependencies are found beside them.

  --cfg FILE       runs a server.cfg first; its resources are in resources/ beside it
  --watch          restarts a resource when one of its scripts changes
  --port N         port of the server on 127.0.0.1 (30120)
  --set NAME=TEXT  sets a convar before anything starts; may be given several times
  --player WHO     a player who is there from the start: "Ada Okafor,license:0123"
  --data DIR       keeps the server's data, KVP among it (else it is deleted at the end)
  --version        prints the version
  --help           prints this

Type help for the commands, Tab to complete one, quit to end.
Exit codes: 0 ended by quit or a signal; 1 a resource or one of its scripts did not
start, the port is taken, or FXServer would have crashed; 2 wrong options.`;

export interface CommandLineOptions {
  /** Absolute folders of the resources. */
  readonly resources: readonly string[];
  /** Absolute path of a server.cfg. */
  readonly cfg: string | null;
  readonly watch: boolean;
  readonly port: number;
  readonly convars: Readonly<Record<string, string>>;
  readonly players: readonly NewPlayer[];
  /** Absolute folder. */
  readonly data: string | null;
}

/** @throws Error that names the option that is wrong */
export function readOptions(args: readonly string[]): CommandLineOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cfg: { type: 'string' },
      watch: { type: 'boolean', default: false },
      port: { type: 'string', default: '30120' },
      set: { type: 'string', multiple: true, default: [] },
      player: { type: 'string', multiple: true, default: [] },
      data: { type: 'string' },
    },
  });
  if (positionals.length === 0 && values.cfg === undefined) throw new Error('Give a resource folder, or --cfg FILE.');
  return {
    resources: positionals.map((folder) => resolve(folder)),
    cfg: values.cfg === undefined ? null : resolve(values.cfg),
    watch: values.watch,
    port: readPort(values.port),
    convars: Object.fromEntries(values.set.map(readConvar)),
    players: values.player.map(readPlayer),
    data: values.data === undefined ? null : resolve(values.data),
  };
}

/** @throws Error when the text is not the number of a port */
export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port ${text}: expected a number from 0 to 65535`);
  return port;
}

function readConvar(text: string): [name: string, value: string] {
  const end = text.indexOf('=');
  if (end < 1) throw new Error(`--set ${text}: expected NAME=TEXT`);
  return [text.slice(0, end), text.slice(end + 1)];
}
