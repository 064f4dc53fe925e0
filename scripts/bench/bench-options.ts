import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  /** Which benchmark, `event` unless named. */
  readonly name: string;
  /** Events measured without sockets, of each resource. */
  readonly events: number;
  /** Events before them that do not count: the engine compiles what runs often only after a while. */
  readonly warmup: number;
  /** Requests measured over sockets, of each server. */
  readonly requests: number;
  /** Fresh processes in which the script is loaded. */
  readonly loads: number;
}

export const BENCH_USAGE = `npm run bench [-- name] [options]
  --events N     events measured without sockets; default 12000
  --warmup N     events before them; default 5000
  --requests N   requests measured over sockets, of each server; default 6000
  --loads N      fresh processes in which server.js is loaded; default 9`;

/**
 * Reads the arguments of `npm run bench`.
 *
 * @throws a plain Error whose message is meant for the person who typed them
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '12000' },
      warmup: { type: 'string', default: '5000' },
      requests: { type: 'string', default: '6000' },
      loads: { type: 'string', default: '9' },
    },
  });
  const [name = 'event', ...rest] = positionals;
  if (rest.length > 0) throw new Error(`One benchmark at a time.\n\n${BENCH_USAGE}`);
  return {
    name,
    events: count('events', values.events),
    warmup: count('warmup', values.warmup),
    requests: count('requests', values.requests),
    loads: count('loads', values.loads),
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number above 0, and is "${text}".`);
  return value;
}
