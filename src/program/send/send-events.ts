import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { signatureOf } from '../../forward/signed-headers.ts';
import { reasonOf, spellUnprintable } from '../../lib/text.ts';
import { programFault } from '../arguments.ts';
import { allSamples, findSample, type Payload, readPayload, type Samples, STORY } from './samples.ts';
import { parseSendArguments, type SendArguments, type SendDefaults, sendUsage } from './send-arguments.ts';

interface SendOptions extends SendDefaults {
  readonly samples: Samples;
  /** The key where none is given; null for none. */
  key(): string | null;
  /** What to do where nothing listens. */
  readonly whenRefused: string;
  /** Waits so many milliseconds, as it does unless given. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Called with each line, without its end. */
  print(line: string): void;
}

/**
 * Plays the CAD: sends push events and prints a line for each answer, and one for all.
 *
 * @param args what stands after the command
 * @returns whether every event was accepted: answered with a 2xx status
 * @throws a fault (see `programFault`) for arguments that make no sense, an unknown type or a missing key
 */
export async function sendEvents(args: readonly string[], options: SendOptions): Promise<boolean> {
  const { print, pause = sleep } = options;
  if (args.includes('--help')) {
    print(sendUsage(options));
    return true;
  }
  const wanted = parseSendArguments(args, options);
  const payloads = payloadsOf(wanted, options.samples);
  const key = wanted.key ?? options.key();
  if (!key) throw programFault(`No API key: give --key or --key-file; without them it is ${options.keyFrom}.`);

  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const total = wanted.count ?? payloads.length;
  const pending = new Set<Promise<void>>();
  let accepted = 0;
  let answered = 0;
  let refused = false;

  const sendOne = async (payload: Payload) => {
    try {
      const answer = await postPayload(wanted, payload, key, agent);
      answered += 1;
      if (answer.status >= 200 && answer.status <= 299) accepted += 1;
      print(describeAnswer(payload, answer));
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'ECONNREFUSED') print(`${payload.type} → ${describeFailure(failure)}`);
      else if (!refused) print(`nothing listens at ${wanted.url.href}: ${options.whenRefused}`);
      refused ||= failure.code === 'ECONNREFUSED';
    }
  };

  const begin = performance.now();
  let sent = 0;
  for (; sent < total && !refused; sent += 1) {
    const payload = payloads[sent % payloads.length];
    if (payload === undefined) break;
    if (wanted.rate === undefined) {
      if (sent > 0 && wanted.paceMs > 0) await pause(wanted.paceMs);
      await sendOne(payload);
      continue;
    }
    const wait = begin + (sent * 1000) / wanted.rate - performance.now();
    if (wait > 0) await pause(wait);
    const sending = sendOne(payload).finally(() => pending.delete(sending));
    pending.add(sending);
  }
  await Promise.all(pending);
  agent.destroy();
  if (answered > 0 || !refused) print(`${sent} sent, ${accepted} accepted, ${sent - accepted} not`);
  return accepted === total;
}

function payloadsOf({ types, all, story, file }: SendArguments, samples: Samples): readonly Payload[] {
  if (file !== undefined) return [readPayload(file)];
  if (story) return STORY;
  return all ? allSamples(samples) : types.map((type) => findSample(samples, type));
}

const LONGEST = 200;

/** @returns the line for an answer, such as `EVENT_911 → 200 ok`: one line whatever the answer holds */
function describeAnswer({ type, about }: Payload, { status, text }: Answer): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const shown = flat.length > LONGEST ? `${flat.slice(0, LONGEST)}…` : flat;
  return `${type} → ${status} ${spellUnprintable(shown)}`.trimEnd() + (about === undefined ? '' : `  (${about})`);
}

/** @returns what to say of a request that got no answer */
function describeFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ABORT_ERR') return 'no answer within 5 seconds';
  return `no answer: ${reasonOf(error) || error.code}`;
}

/** What the listener said. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 5000;

/**
 * POSTs an event as the CAD does: JSON with the key in it, and a Content-Length. With a secret it is signed, as the CAD does not do.
 *
 * @param key replaces the event's own
 * @throws an Error with a `code` when no answer came within 5 seconds
 */
async function postPayload(
  { url, secret }: Pick<SendArguments, 'url' | 'secret'>,
  payload: Payload,
  key: string,
  agent: Agent,
): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ ...payload.body, key }));
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...(secret !== undefined && signedHeaders(secret, body)),
  };
  const outgoing = request(url, { method: 'POST', headers, agent, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const [incoming] = (await once(outgoing.end(body), 'response')) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, text: await text(incoming) };
}

function signedHeaders(secret: string, body: Buffer) {
  const id = randomUUID();
  const timestamp = Math.floor(Date.now() / 1_000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf([secret], id, timestamp, body),
  };
}
