import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isSigningSecret } from '../../forward/signed-headers.ts';
import { targetUrl } from '../../forward/targets/target-addresses.ts';
import { ProgramFault } from '../arguments.ts';
import { readLines } from '../settings.ts';

/** The sender's arguments, checked and with defaults. `sendUsage` explains each. */
export interface SendArguments {
  readonly types: readonly string[];
  readonly all: boolean;
  readonly story: boolean;
  readonly file: string | undefined;
  readonly url: URL;
  readonly key: string | undefined;
  readonly secret: string | undefined;
  /** Requests a second, or undefined to wait for each answer. */
  readonly rate: number | undefined;
  /** Wait between two events. */
  readonly paceMs: number;
  /** Number of requests, or undefined to send each event once. */
  readonly count: number | undefined;
}

/** The sender's command name and defaults, which differ between `sonorancad send` and `npm run send`. */
export interface SendDefaults {
  /** The command as it is typed, such as `sonorancad send`. */
  readonly command: string;
  readonly url: string;
  /** Where the default API key comes from, such as `the environment variable SONORANCAD_KEY`. */
  readonly keyFrom: string;
}

/** Returns the text that `send --help` prints. */
export function sendUsage({ command, url, keyFrom }: SendDefaults): string {
  return `${command} EVENT_911 [more types]   send the sample events of these types
${command} --story                  play a shift: units sign in, take a 911 call, and sign out
${command} --all                    send every sample event, in the order of a shift
${command} --file payload.json      send the event in this file
  --url URL           address to send to; default ${url}. Without a path, /sonorancad/event is added
  --key KEY           API key; default ${keyFrom}
  --key-file FILE     file with the API key
  --secret SECRET     sign each request with this secret (whsec_…), as the resource's forwarding does
  --secret-file FILE  file with that secret
  --pace SECONDS      wait between two events; default 1 for --story, else 0
  --rate N            send N requests a second, without waiting for answers
  --count N           send N requests in total, starting again after the last event
  --help              print this help`;
}

const DEFAULT_STORY_PACE = '1';
/** Longest wait between two events in seconds. A longer one is refused as a mistake. */
const MAX_PACE_SECONDS = 3_600;

const OPTIONS = {
  all: { type: 'boolean', default: false },
  story: { type: 'boolean', default: false },
  file: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  'key-file': { type: 'string' },
  secret: { type: 'string' },
  'secret-file': { type: 'string' },
  pace: { type: 'string' },
  rate: { type: 'string' },
  count: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/**
 * Reads the sender's arguments.
 *
 * @throws a ProgramFault that quotes neither key nor secret
 */
export function parseSendArguments(args: readonly string[], defaults: SendDefaults): SendArguments {
  const { values, positionals } = parseOptions(args);
  const { all, story, file } = values;
  const choices = [positionals.length > 0, all, story, file !== undefined].filter(Boolean);
  if (choices.length !== 1) {
    const sentence = 'Give exactly one of these: one or more types, --story, --all, or --file.';
    throw new ProgramFault(`${sentence}\n\n${sendUsage(defaults)}`);
  }

  const url = readUrl(values.url ?? defaults.url);
  const rate = readPositiveNumber('rate', values.rate);
  if (rate !== undefined && values.pace !== undefined) {
    throw new ProgramFault('Give either --pace or --rate, not both.');
  }
  const paceSeconds = readPace(values.pace ?? (story ? DEFAULT_STORY_PACE : '0'));
  const count = readPositiveNumber('count', values.count);
  if (count !== undefined && !Number.isInteger(count)) {
    throw new ProgramFault(`--count must be a whole number, and is "${count}".`);
  }

  const key = readSecretOption('key', values.key, values['key-file']);
  const secret = readSecretOption('secret', values.secret, values['secret-file']);
  if (secret !== undefined && !isSigningSecret(secret)) {
    throw new ProgramFault(
      '--secret: expected "whsec_" and 24 to 64 bytes as base64, the same secret that the receiver has.',
    );
  }
  return { types: positionals, all, story, file, url, key, secret, rate, paceMs: paceSeconds * 1_000, count };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new ProgramFault((error as Error).message);
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? targetUrl(text) : null;
  if (url?.protocol !== 'http:') throw new ProgramFault(`--url must be an http:// address, and is "${text}".`);
  return url;
}

function readPace(text: string): number {
  const seconds = text === '0' ? 0 : (readPositiveNumber('pace', text) ?? 0);
  if (seconds > MAX_PACE_SECONDS) throw new ProgramFault(`--pace must be at most ${MAX_PACE_SECONDS} seconds.`);
  return seconds;
}

/** Reads an option that is given directly or as the first line of a file. */
function readSecretOption(
  name: 'key' | 'secret',
  value: string | undefined,
  file: string | undefined,
): string | undefined {
  if (value !== undefined && file !== undefined) {
    throw new ProgramFault(`Give either --${name} or --${name}-file, not both.`);
  }
  if (file === undefined) return value;
  const [firstLine] = readLines(`--${name}-file`, file);
  if (firstLine === undefined) throw new ProgramFault(`--${name}-file: the file is empty.`);
  return firstLine;
}

function readPositiveNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new ProgramFault(`--${name} must be a number above 0, and is "${text}".`);
}
