import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { nearestKey, quoteText } from '../lib/text.ts';

/** Marks errors whose message is for the person at the command line. */
const FAULT = 'SONORANCAD_FAULT';

/**
 * An error that ends the program with one sentence.
 *
 * @param sentence what is wrong and what to do about it, without a key in it
 * @param exitCode 2 for a mistake on the command line, 1 for what the machine refuses
 */
export function programFault(sentence: string, exitCode: 1 | 2 = 2) {
  return Object.assign(new Error(sentence), { code: FAULT, exitCode });
}

/** @returns the sentence and exit code of such an error, or null for any other */
export function readFault(error: unknown): { readonly sentence: string; readonly exitCode: number } | null {
  const { code, message, exitCode } = (error ?? {}) as Partial<ReturnType<typeof programFault>>;
  if (code !== FAULT || exitCode === undefined) return null;
  return { sentence: String(message), exitCode };
}

/** @returns what `--help` prints */
export function helpText(): string {
  return [
    'Usage: sonorancad listen [options]',
    '       sonorancad send [options] [TYPE…]   sends sample events: see "sonorancad send --help"',
    '',
    'Receives push events of Sonoran CAD and prints each on a line of its own. Not affiliated with Sonoran Software Systems.',
    '',
    'Options:',
    ...describeOptions(),
    '',
    'The API key comes from --key, from --key-file or from the environment variable SONORANCAD_KEY, the first of them that is given.',
    'With --from none is needed, unless the target in the resource has "includeKey".',
    '',
    'Commands of --exec run one at a time, for 30 seconds at most, in the order of the events; 1,000 events can wait for it.',
    'With --from, an event is acknowledged when its command has ended with 0, and comes again after any other end.',
    'SIGTERM, SIGINT and SIGHUP stop the program once everything that was answered is done; a second one drops the rest.',
  ].join('\n');
}

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
  from: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'Take events from a stream of NATS JetStream at nats://host:4222 instead of a port; may be given several times.',
  },
  stream: { type: 'string', value: 'NAME', help: 'The stream. Default sonoran.' },
  durable: {
    type: 'string',
    value: 'NAME',
    help: 'The name that workers share to divide the events. Default worker.',
  },
  order: {
    type: 'string',
    value: 'WHAT',
    help: 'server or call: handle the events of one game server, or about one call, one after the other.',
  },
  filter: {
    type: 'string',
    value: 'SUBJECT',
    help: 'Which subjects to take, such as sonoran.push.{serverId}.EVENT_911.',
  },
  concurrency: { type: 'string', value: 'NUMBER', help: 'How many events to have in hand at once. Default 1.' },
  'max-deliver': {
    type: 'string',
    value: 'NUMBER',
    help: 'How often to try an event before it is a dead letter. Default 5.',
  },
  'credentials-file': {
    type: 'string',
    value: 'FILE',
    help: "File with what the broker asks for: a creds file, an nkey's seed, user:password or a token.",
  },
  'ca-file': {
    type: 'string',
    value: 'FILE',
    help: "File with the certificates of the authority that signed the broker's.",
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
function describeOptions(): string[] {
  const rows = Object.entries<ProgramOption>(OPTIONS).map(([name, { value, help }]) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`);
}

/** What `listen` was told, checked for form only. */
export type ListenArguments = ReturnType<typeof readListen>;
export type FromArguments = NonNullable<ListenArguments['from']>;

const COMMANDS = ['listen', 'send'];
const SEE_HELP = '--help shows all commands and options';
const HOST = /^[\w.:%-]{1,255}$/;

/**
 * @param args what stands after the program's name
 * @throws a fault (see `programFault`) that repeats none of the values, since any of them may be a key
 */
export function readArguments(args: readonly string[]) {
  if (args[0] === 'send') return { kind: 'send', args: args.slice(1) } as const;
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' } as const;
  if (values.version === true) return { kind: 'version' } as const;
  const [command, ...others] = positionals;
  if (command !== 'listen') throw programFault(commandFault(command));
  if (others.length > 0) {
    const advice = 'is there a value with a space in it that is not in quotes, or "--" missing before a name?';
    throw programFault(`Expected nothing but options after "listen": ${advice}`);
  }
  return { kind: 'listen', given: readListen(values) } as const;
}

/** @returns why there is nothing to do. Of what was typed it repeats nothing, since it may be a key */
function commandFault(typed: string | undefined): string {
  if (typed === undefined) return `The command is missing: write "sonorancad listen"; ${SEE_HELP}.`;
  const nearest = nearestKey(typed, COMMANDS);
  const hint = nearest === null ? '' : ` Did you mean "sonorancad ${nearest}"?`;
  return `There is no such command.${hint} ${SEE_HELP}.`;
}

function readListen(values: ReturnType<typeof parse>['values']) {
  const given = {
    port: readPort(values.port),
    host: readHost(values.host ?? DEFAULT_HOST),
    path: values.path ?? DOCUMENTED_PATH,
    json: values.json ?? false,
    noColour: values['no-colour'] ?? false,
    forwardUrls: values.forward ?? [],
    forwardDir: textOf('forward-dir', values['forward-dir']) ?? DEFAULT_FORWARD_DIR,
    exec: textOf('exec', values.exec),
    key: values.key ?? null,
    keyFile: textOf('key-file', values['key-file']),
    secretFile: textOf('secret-file', values['secret-file']),
    from: values.from === undefined ? null : readFrom(values.from, values),
  };
  for (const name of given.from === null ? ONLY_FROM : NEVER_FROM) {
    if (values[name] === undefined) continue;
    throw programFault(`--${name} goes ${given.from === null ? 'only with --from' : 'not with --from'}; ${SEE_HELP}.`);
  }
  if (given.key !== null && given.keyFile !== null) {
    throw programFault('--key and --key-file are both given: expected one of them.');
  }
  if (values['forward-dir'] !== undefined && given.forwardUrls.length === 0) {
    throw programFault('--forward-dir is given without --forward: nothing would be sent on.');
  }
  return given;
}

/** Options about a port, and about a stream. */
const NEVER_FROM = ['port', 'host', 'path', 'forward', 'forward-dir'] as const;
const ONLY_FROM = [
  ...(['stream', 'durable', 'order', 'filter', 'concurrency', 'max-deliver'] as const),
  ...(['credentials-file', 'ca-file'] as const),
] as const;

/** What `--from` was told, which the worker itself checks. */
function readFrom(servers: readonly string[], values: ReturnType<typeof parse>['values']) {
  const number = (name: 'concurrency' | 'max-deliver') => {
    const text = values[name];
    if (text === undefined || /^\d{1,4}$/.test(text)) return text === undefined ? undefined : Number(text);
    throw programFault(`--${name}: expected a whole number.`);
  };
  return {
    servers,
    stream: values.stream ?? 'sonoran',
    durable: values.durable ?? 'worker',
    order: values.order ?? 'none',
    filter: values.filter,
    concurrency: number('concurrency'),
    maxDeliver: number('max-deliver'),
    credentialsFile: textOf('credentials-file', values['credentials-file']),
    caFile: textOf('ca-file', values['ca-file']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    // The name in quotes is all of Node's sentence that is sure to hold no value.
    const name = /'(?:-\w, )?(--?[\w-]{1,40})/.exec(String(message))?.[1];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && name !== undefined) {
      throw programFault(`There is no option ${quoteText(name)}; ${SEE_HELP}.`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && name !== undefined) {
      throw programFault(faultyValue(name));
    }
    throw programFault(`The options cannot be read; ${SEE_HELP}.`);
  }
}

function faultyValue(name: string): string {
  const option = Object.entries(OPTIONS).find(([known]) => `--${known}` === name)?.[1];
  return option?.type === 'boolean'
    ? `${name} takes no value; ${SEE_HELP}.`
    : `${name} lacks its value: write ${name}=VALUE where the value begins with a dash.`;
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw programFault('--port: expected a whole number from 0 to 65535.');
}

function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (HOST.test(host)) return host;
  throw programFault('--host: expected an address of this machine such as 127.0.0.1 or 0.0.0.0.');
}

function textOf(name: keyof typeof OPTIONS, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.trim() === '' || text.includes('\0')) throw programFault(`--${name}: its value is empty.`);
  return text;
}
