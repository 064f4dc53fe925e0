import { parseArgs } from 'node:util';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { quoteText } from '../platform/quote-text.ts';
import { DEFAULT_FORWARD_DIR, DEFAULT_HOST, DEFAULT_PORT, OPTIONS } from './options.ts';
import { programFault } from './program-fault.ts';

/** What `listen` was told, checked for form only. */
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
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'listen'; readonly given: ListenArguments };

const SEE_HELP = '--help shows what there is';
const HOST = /^[\w.:%-]{1,255}$/;

/**
 * @param args what stands after the program's name
 * @throws a fault (see `programFault`) that repeats none of the values, since any of them may be a key
 */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const [command, ...others] = positionals;
  if (command !== 'listen') throw programFault(`The command is missing: write "sonorancad listen"; ${SEE_HELP}.`, 2);
  if (others.length > 0) {
    const advice = 'is there a value with a space in it that is not in quotes, or "--" missing before a name?';
    throw programFault(`Expected nothing but options after "listen": ${advice}`, 2);
  }
  const given: ListenArguments = {
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
  };
  if (given.key !== null && given.keyFile !== null) {
    throw programFault('--key and --key-file are both given: expected one of them.', 2);
  }
  if (values['forward-dir'] !== undefined && given.forwardUrls.length === 0) {
    throw programFault('--forward-dir is given without --forward: nothing would be sent on.', 2);
  }
  return { kind: 'listen', given };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    // The name in quotes is all of Node's sentence that is sure to hold no value.
    const name = /'(?:-\w, )?(--?[\w-]{1,40})/.exec(String(message))?.[1];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && name !== undefined) {
      throw programFault(`There is no option ${quoteText(name)}; ${SEE_HELP}.`, 2);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && name !== undefined) {
      throw programFault(faultyValue(name), 2);
    }
    throw programFault(`The options cannot be read; ${SEE_HELP}.`, 2);
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
  throw programFault('--port: expected a whole number from 0 to 65535.', 2);
}

function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (HOST.test(host)) return host;
  throw programFault('--host: expected an address of this machine such as 127.0.0.1 or 0.0.0.0.', 2);
}

function textOf(name: keyof typeof OPTIONS, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.trim() === '' || text.includes('\0')) throw programFault(`--${name}: its value is empty.`, 2);
  return text;
}
