import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { nearestKey, quoteText } from '../lib/text.ts';

/** An error that ends the program with one sentence for the person at the command line, and without a stack trace. */
export class ProgramFault extends Error {
  readonly exitCode: 1 | 2;

  /**
   * @param sentence what is wrong and what to do, without any key
   * @param exitCode 2 for a mistake on the command line, 1 if the machine refuses something, such as a port
   */
  constructor(sentence: string, exitCode: 1 | 2 = 2) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Returns the text that `--help` prints. */
export function formatHelp(): string {
  return [
    'Usage: sonorancad listen [options]',
    '       sonorancad send [options] [TYPE…]   sends sample events: see "sonorancad send --help"',
    '',
    'Receives push events of Sonoran CAD and prints one line for each. Not affiliated with Sonoran Software Systems.',
    '',
    'Options:',
    ...formatOptions(),
    '',
    'The API key comes from --key, from --key-file or from the environment variable SONORANCAD_KEY, in this order.',
    'With --from no key is needed, unless the target in the resource has "includeKey".',
    '',
    'The --exec command runs for one event at a time, in the order of the events, for at most 30 seconds each.',
    '1,000 events can wait for the command; further ones are dropped.',
    'With --from, an event is acknowledged when its command ends with exit code 0; otherwise it is delivered again.',
    'SIGTERM, SIGINT and SIGHUP stop the program once all answered events are handled; a second signal drops the rest.',
  ].join('\n');
}

type OptionDescriptor = NonNullable<ParseArgsConfig['options']>[string];

interface ProgramOption extends OptionDescriptor {
  /** The placeholder for the option's value in the help, such as `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export const DEFAULT_PORT = 30_150;
export const DEFAULT_HOST = '127.0.0.1';
/** The default outbox folder of `--forward`, relative to the current directory. */
export const DEFAULT_FORWARD_DIR = 'sonorancad-outbox';

/** The options of `listen`, in the order of the help. */
export const OPTIONS = {
  port: { type: 'string', value: 'NUMBER', help: `Port to listen on, 0 for a free one. Default ${DEFAULT_PORT}.` },
  host: {
    type: 'string',
    value: 'ADDRESS',
    help: `Address to listen on; 0.0.0.0 lets other machines in. Default ${DEFAULT_HOST}.`,
  },
  path: { type: 'string', value: 'PATH', help: `Path that receives push events. Default ${DOCUMENTED_PATH}.` },
  'key-file': { type: 'string', value: 'FILE', help: 'File with the API key, or several keys, one a line.' },
  key: { type: 'string', value: 'KEY', help: 'The API key itself. Other users of this machine can see it.' },
  'secret-file': {
    type: 'string',
    value: 'FILE',
    help: "File with the secret (whsec_…) of the resource's target. Then only signed requests are accepted.",
  },
  json: { type: 'boolean', help: 'Print each event as one line of JSON.' },
  'no-colour': {
    type: 'boolean',
    help: 'Print without colours. NO_COLOR and an output that is no terminal do the same.',
  },
  forward: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'Forward each event without losing any. May be given several times.',
  },
  'forward-dir': {
    type: 'string',
    value: 'DIR',
    help: `Folder for events that wait to be forwarded. Default ${DEFAULT_FORWARD_DIR} in the current directory.`,
  },
  from: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'Receive events from a NATS JetStream at nats://host:4222 instead of a port. May be given several times.',
  },
  stream: { type: 'string', value: 'NAME', help: 'The name of the stream. Default sonoran.' },
  durable: {
    type: 'string',
    value: 'NAME',
    help: 'The name that workers share to divide the events among them. Default worker.',
  },
  order: {
    type: 'string',
    value: 'WHAT',
    help: 'server or call: handle the events of one game server, or about one call, one after the other.',
  },
  filter: {
    type: 'string',
    value: 'SUBJECT',
    help: 'Which subjects to receive, such as sonoran.push.{serverId}.EVENT_911.',
  },
  concurrency: { type: 'string', value: 'NUMBER', help: 'How many events to handle at once. Default 1.' },
  'max-deliver': {
    type: 'string',
    value: 'NUMBER',
    help: 'How often to try an event before it becomes a dead letter. Default 5.',
  },
  'credentials-file': {
    type: 'string',
    value: 'FILE',
    help: 'File with the login for the broker: a creds file, the seed of an nkey, user:password or a token.',
  },
  'ca-file': {
    type: 'string',
    value: 'FILE',
    help: "File with the certificates of the authority that signed the broker's certificate.",
  },
  exec: {
    type: 'string',
    value: 'CMD',
    help: 'Run a shell command for each event. It gets the event as JSON on its standard input.',
  },
  help: { type: 'boolean', help: 'Print this help.' },
  version: { type: 'boolean', help: 'Print the version.' },
} as const satisfies Readonly<Record<string, ProgramOption>>;

function formatOptions(): string[] {
  const rows = Object.entries<ProgramOption>(OPTIONS).map(([name, { value, help }]) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`);
}

/** The options of `listen` with defaults. They are checked for their form only. */
export interface ListenArguments {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly json: boolean;
  readonly noColour: boolean;
  readonly forwardUrls: readonly string[];
  readonly forwardDir: string;
  readonly exec: string | null;
  readonly key: string | null;
  readonly keyFile: string | null;
  readonly secretFile: string | null;
  /** The stream to receive from, or null to listen on a port. */
  readonly from: StreamArguments | null;
}

/** The options that `--from` makes available. The worker checks their values. */
export interface StreamArguments {
  readonly servers: readonly string[];
  readonly stream: string;
  readonly durable: string;
  readonly order: string;
  readonly filter: string | undefined;
  readonly concurrency: number | undefined;
  readonly maxDeliver: number | undefined;
  readonly credentialsFile: string | null;
  readonly caFile: string | null;
}

export type ProgramCommand =
  | { readonly kind: 'send'; readonly args: readonly string[] }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'listen'; readonly given: ListenArguments };

const COMMANDS = ['listen', 'send'];
const SEE_HELP = 'Type "sonorancad --help" to see all commands and options.';
const HOST_PATTERN = /^[\w.:%-]{1,255}$/;

/**
 * Reads the program's command line.
 *
 * @param args the arguments after the program's name
 * @throws a ProgramFault that quotes no argument, because each of them may be a key
 */
export function readArguments(args: readonly string[]): ProgramCommand {
  if (args[0] === 'send') return { kind: 'send', args: args.slice(1) };

  const { values, positionals } = parseListenArgs(args);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };

  const [command, ...others] = positionals;
  if (command === undefined) throw new ProgramFault(`The command is missing: write "sonorancad listen". ${SEE_HELP}`);
  if (command !== 'listen') throw createCommandFault(command);
  if (others.length > 0) {
    throw new ProgramFault(
      'A word after "listen" is no option. Put a value with spaces in quotes, and write "--" before each name.',
    );
  }
  return { kind: 'listen', given: readListenArguments(values) };
}

/** Suggests the nearest command, but never quotes the typed one, since it may be a key. */
function createCommandFault(typed: string): ProgramFault {
  const nearest = nearestKey(typed, COMMANDS);
  if (nearest === null) return new ProgramFault(`There is no such command. ${SEE_HELP}`);
  return new ProgramFault(`There is no such command. Did you mean "sonorancad ${nearest}"? ${SEE_HELP}`);
}

type ParsedValues = ReturnType<typeof parseListenArgs>['values'];

function readListenArguments(values: ParsedValues): ListenArguments {
  const given: ListenArguments = {
    port: readPort(values.port),
    host: readHost(values.host ?? DEFAULT_HOST),
    path: values.path ?? DOCUMENTED_PATH,
    json: values.json ?? false,
    noColour: values['no-colour'] ?? false,
    forwardUrls: values.forward ?? [],
    forwardDir: readNonEmpty('forward-dir', values['forward-dir']) ?? DEFAULT_FORWARD_DIR,
    exec: readNonEmpty('exec', values.exec),
    key: values.key ?? null,
    keyFile: readNonEmpty('key-file', values['key-file']),
    secretFile: readNonEmpty('secret-file', values['secret-file']),
    from: values.from === undefined ? null : readStreamArguments(values.from, values),
  };
  refuseConflicts(values, given);
  return given;
}

/** Options about a port, which `--from` replaces. */
const PORT_OPTIONS = ['port', 'host', 'path', 'forward', 'forward-dir'] as const;
/** Options about a stream, which need `--from`. */
const STREAM_OPTIONS = [
  'stream',
  'durable',
  'order',
  'filter',
  'concurrency',
  'max-deliver',
  'credentials-file',
  'ca-file',
] as const;

function refuseConflicts(values: ParsedValues, given: ListenArguments): void {
  if (given.from === null) {
    const name = STREAM_OPTIONS.find((option) => values[option] !== undefined);
    if (name !== undefined) throw new ProgramFault(`--${name} works only together with --from. ${SEE_HELP}`);
  } else {
    const name = PORT_OPTIONS.find((option) => values[option] !== undefined);
    if (name !== undefined) throw new ProgramFault(`--${name} does not work together with --from. ${SEE_HELP}`);
  }
  if (given.key !== null && given.keyFile !== null) {
    throw new ProgramFault('Give either --key or --key-file, not both.');
  }
  if (values['forward-dir'] !== undefined && given.forwardUrls.length === 0) {
    throw new ProgramFault('--forward-dir has no effect without --forward. Add --forward, or leave --forward-dir out.');
  }
}

function readStreamArguments(servers: readonly string[], values: ParsedValues): StreamArguments {
  return {
    servers,
    stream: values.stream ?? 'sonoran',
    durable: values.durable ?? 'worker',
    order: values.order ?? 'none',
    filter: values.filter,
    concurrency: readCount('concurrency', values.concurrency),
    maxDeliver: readCount('max-deliver', values['max-deliver']),
    credentialsFile: readNonEmpty('credentials-file', values['credentials-file']),
    caFile: readNonEmpty('ca-file', values['ca-file']),
  };
}

function parseListenArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw toProgramFault(error);
  }
}

/** Rewrites an error of Node's `parseArgs`, whose message may quote a key. Only the option's name is kept. */
function toProgramFault(error: unknown): ProgramFault {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const name = /'(?:-\w, )?(--?[\w-]{1,40})/.exec(String(message))?.[1];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && name !== undefined) {
    return new ProgramFault(`There is no option ${quoteText(name)}. ${SEE_HELP}`);
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && name !== undefined) {
    const option = Object.entries(OPTIONS).find(([optionName]) => `--${optionName}` === name)?.[1];
    if (option?.type === 'boolean') return new ProgramFault(`${name} takes no value. ${SEE_HELP}`);
    return new ProgramFault(`${name} lacks its value. If the value begins with a dash, write ${name}=VALUE.`);
  }
  return new ProgramFault(`The options cannot be read. ${SEE_HELP}`);
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ProgramFault('--port: expected a whole number from 0 to 65535.');
}

function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (HOST_PATTERN.test(host)) return host;
  throw new ProgramFault('--host: expected an address of this machine such as 127.0.0.1 or 0.0.0.0.');
}

function readCount(name: 'concurrency' | 'max-deliver', text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new ProgramFault(`--${name}: expected a whole number.`);
}

function readNonEmpty(name: keyof typeof OPTIONS, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.trim() === '' || text.includes('\0')) throw new ProgramFault(`--${name}: the value is empty.`);
  return text;
}
