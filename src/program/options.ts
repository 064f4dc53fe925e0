import type { ParseArgsConfig } from 'node:util';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';

type Descriptor = NonNullable<ParseArgsConfig['options']>[string];

interface ProgramOption extends Descriptor {
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

export const DEFAULT_PORT = 30_150;
export const DEFAULT_HOST = '127.0.0.1';
/** In the current directory. */
export const DEFAULT_FORWARD_DIR = 'sonorancad-outbox';

/** Every option of the program, in the order of its help. */
export const OPTIONS = {
  port: { type: 'string', value: 'NUMBER', help: `Port to listen on, 0 for a free one. Default ${DEFAULT_PORT}.` },
  host: {
    type: 'string',
    value: 'ADDRESS',
    help: `Address to listen on; 0.0.0.0 lets other machines in. Default ${DEFAULT_HOST}.`,
  },
  path: { type: 'string', value: 'PATH', help: `Path that receives push events. Default ${DOCUMENTED_PATH}.` },
  'key-file': { type: 'string', value: 'FILE', help: 'File with the API key, or several, one a line.' },
  key: { type: 'string', value: 'KEY', help: 'The API key itself: others on this machine can see it.' },
  'secret-file': {
    type: 'string',
    value: 'FILE',
    help: 'File with the secret (whsec_…) of the forwarder, or several: only signed requests are taken.',
  },
  json: { type: 'boolean', help: 'Print each event as one line of JSON.' },
  'no-colour': { type: 'boolean', help: 'No colours, as with NO_COLOR. There are none anyway where no terminal is.' },
  forward: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'Send each event on, without losing any; may be given several times.',
  },
  'forward-dir': {
    type: 'string',
    value: 'DIR',
    help: `Folder for events that wait. Default ${DEFAULT_FORWARD_DIR} in the current directory.`,
  },
  exec: {
    type: 'string',
    value: 'CMD',
    help: 'Run a shell command for each event, which gets it as JSON on its standard input.',
  },
  help: { type: 'boolean', help: 'Print this.' },
  version: { type: 'boolean', help: 'Print the version.' },
} as const satisfies Readonly<Record<string, ProgramOption>>;

/** @returns the lines about the options, for the help */
export function describeOptions(): string[] {
  const rows = Object.entries<ProgramOption>(OPTIONS).map(([name, { value, help }]) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`);
}
