import { parseArgs } from 'node:util';
import { targetUrl } from '../../src/forward/targets/target-addresses.ts';

/** What `npm run send` was asked for; the usage below says what each is. */
export type SendArguments = ReturnType<typeof parseSendArguments>;

export const SEND_USAGE = `npm run send -- EVENT_911 [more types]   send the sample payload of these types
npm run send -- --all                    send every sample payload
npm run send -- --file payload.json      send this payload
  --url URL     where to; default http://127.0.0.1:30120. Without a path, /sonorancad/event is added
  --key KEY     API key; default SONORANCAD_KEY, else the key of the running npm start
  --rate N      N requests a second, not waiting for answers; default one after the other
  --count N     N requests in all, beginning again after the last payload
  --help        print this`;

/**
 * Reads the arguments of `npm run send`.
 *
 * @throws a plain Error whose message is meant for the person who typed them
 */
export function parseSendArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      file: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:30120' },
      key: { type: 'string' },
      rate: { type: 'string' },
      count: { type: 'string' },
    },
  });
  const { all, file, key } = values;
  const ways = [positionals.length > 0, all, file !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new Error(`Name one or more types, or --all, or --file (one of the three).\n\n${SEND_USAGE}`);
  const url = URL.canParse(values.url) ? targetUrl(values.url) : null;
  if (url?.protocol !== 'http:') throw new Error(`--url must be an http:// address, and is "${values.url}".`);
  const rate = positive('rate', values.rate);
  const count = positive('count', values.count);
  if (count !== undefined && !Number.isInteger(count))
    throw new Error(`--count must be a whole number, and is "${count}".`);
  return { types: positionals, all, file, url, key, rate, count };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new Error(`--${name} must be a number above 0, and is "${text}".`);
  return value;
}
