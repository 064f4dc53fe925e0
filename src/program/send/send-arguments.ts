import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isSigningSecret } from '../../forward/signed-headers.ts';
import { targetUrl } from '../../forward/targets/target-addresses.ts';
import { programFault } from '../arguments.ts';
import { readLines } from '../settings.ts';

/** What was asked for; the usage below says what each is. */
export type SendArguments = ReturnType<typeof parseSendArguments>;

/** How the sender is called, and what it does when it is told nothing else. */
export interface SendDefaults {
  /** Such as `sonorancad send`. */
  readonly command: string;
  readonly url: string;
  /** Where the key comes from without `--key` and `--key-file`, in words. */
  readonly keyFrom: string;
}

/** @returns what `--help` prints */
export function sendUsage({ command, url, keyFrom }: SendDefaults): string {
  return `${command} EVENT_911 [more types]   send the sample event of these types
${command} --story                  play a shift: units sign in, take a 911 call, and sign out
${command} --all                    send every sample event, in the order of a shift
${command} --file payload.json      send this event
  --url URL           where to; default ${url}. Without a path, /sonorancad/event is added
  --key KEY           API key; default ${keyFrom}
  --key-file FILE     file with the API key
  --secret SECRET     sign each request with this secret (whsec_…), as the resource's forwarding does
  --secret-file FILE  file with that secret
  --pace SECONDS      wait so long between two events; default 1 for --story, else 0
  --rate N            N requests a second, not waiting for answers
  --count N           N requests in all, beginning again after the last event
  --help              print this`;
}

const DEFAULT_STORY_PACE = '1';
const LONGEST_PACE = 3_600;

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
 * Reads the arguments of the sender.
 *
 * @throws a fault (see `programFault`) that repeats neither key nor secret
 */
export function parseSendArguments(args: readonly string[], defaults: SendDefaults) {
  const { values, positionals } = parse(args);
  const { all, story, file } = values;
  const ways = [positionals.length > 0, all, story, file !== undefined].filter(Boolean).length;
  if (ways !== 1) {
    const choice = 'Name one or more types, or --story, or --all, or --file (one of the four).';
    throw programFault(`${choice}\n\n${sendUsage(defaults)}`);
  }
  const given = values.url ?? defaults.url;
  const url = URL.canParse(given) ? targetUrl(given) : null;
  if (url?.protocol !== 'http:') throw programFault(`--url must be an http:// address, and is "${given}".`);
  const rate = positive('rate', values.rate);
  if (rate !== undefined && values.pace !== undefined) throw programFault('--pace and --rate: expected one of them.');
  const pace = values.pace === '0' ? 0 : positive('pace', values.pace ?? (story ? DEFAULT_STORY_PACE : undefined));
  if (pace !== undefined && pace > LONGEST_PACE) throw programFault(`--pace must be at most ${LONGEST_PACE} seconds.`);
  const count = positive('count', values.count);
  if (count !== undefined && !Number.isInteger(count)) {
    throw programFault(`--count must be a whole number, and is "${count}".`);
  }
  const key = oneOf('key', values.key, values['key-file']);
  const secret = oneOf('secret', values.secret, values['secret-file']);
  if (secret !== undefined && !isSigningSecret(secret)) {
    throw programFault('--secret: expected "whsec_" and 24 to 64 bytes as base64, as the receiver has it.');
  }
  return { types: positionals, all, story, file, url, key, secret, rate, paceMs: (pace ?? 0) * 1_000, count };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw programFault((error as Error).message);
  }
}

function oneOf(name: 'key' | 'secret', given: string | undefined, file: string | undefined): string | undefined {
  if (given !== undefined && file !== undefined) {
    throw programFault(`--${name} and --${name}-file are both given: expected one of them.`);
  }
  if (file === undefined) return given;
  const [first] = readLines(`--${name}-file`, file);
  if (first === undefined) throw programFault(`--${name}-file: the file is empty.`);
  return first;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw programFault(`--${name} must be a number above 0, and is "${text}".`);
  return value;
}
