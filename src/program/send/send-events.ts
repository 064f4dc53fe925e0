import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text as readStreamText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { signatureOf } from '../../forward/signed-headers.ts';
import { reasonOf, spellUnprintable } from '../../lib/text.ts';
import { ProgramFault } from '../arguments.ts';
import { findSample, listSamples, type Payload, readPayload, type Samples, STORY } from './samples.ts';
import { parseSendArguments, type SendArguments, type SendDefaults, sendUsage } from './send-arguments.ts';

interface SendOptions extends SendDefaults {
  readonly samples: Samples;
  /** A sentence with advice for the case that nothing listens at the address. */
  readonly refusedAdvice: string;
  /** Waits for a time. Tests replace it. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Returns the API key to use if the arguments contain none, or null if there is no such key. */
  readDefaultKey(): string | null;
  print(line: string): void;
}

/**
 * Plays the CAD: sends push events, prints a line for each answer, and a summary at the end.
 *
 * @param args the arguments after the command
 * @returns whether every event was accepted, that is answered with a 2xx status
 * @throws a ProgramFault for wrong arguments, an unknown type or a missing key
 */
export async function sendEvents(args: readonly string[], options: SendOptions): Promise<boolean> {
  const { print, keyFrom } = options;
  if (args.includes('--help')) {
    print(sendUsage(options));
    return true;
  }
  const wanted = parseSendArguments(args, options);
  const payloads = selectPayloads(wanted, options.samples);
  const key = wanted.key ?? options.readDefaultKey();
  if (!key) throw new ProgramFault(`No API key found. Give --key or --key-file; the default is ${keyFrom}.`);
  return new Sender(wanted, payloads, key, options).run();
}

function selectPayloads({ types, all, story, file }: SendArguments, samples: Samples): readonly Payload[] {
  if (file !== undefined) return [readPayload(file)];
  if (story) return STORY;
  return all ? listSamples(samples) : types.map((type) => findSample(samples, type));
}

/** Upper bound for simultaneous requests with `--rate`. Further ones wait for a free connection. */
const MAX_CONNECTIONS = 64;

/** Sends a list of events at the wanted pace or rate, and counts the answers. */
class Sender {
  readonly #wanted: SendArguments;
  readonly #payloads: readonly Payload[];
  readonly #key: string;
  readonly #options: SendOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  #sentCount = 0;
  #answeredCount = 0;
  #acceptedCount = 0;
  /** Whether the address refuses connections, so that sending more is useless. */
  #isRefused = false;

  constructor(wanted: SendArguments, payloads: readonly Payload[], key: string, options: SendOptions) {
    this.#wanted = wanted;
    this.#payloads = payloads;
    this.#key = key;
    this.#options = options;
  }

  async run(): Promise<boolean> {
    const total = this.#wanted.count ?? this.#payloads.length;
    if (this.#wanted.rate === undefined) await this.#sendInTurn(total);
    else await this.#sendAtRate(total, this.#wanted.rate);
    this.#agent.destroy();

    if (this.#answeredCount > 0 || !this.#isRefused) {
      const [sent, accepted] = [this.#sentCount, this.#acceptedCount];
      this.#options.print(`${sent} sent, ${accepted} accepted, ${sent - accepted} not accepted`);
    }
    return this.#acceptedCount === total;
  }

  /** Sends one event after the other, and waits for each answer. */
  async #sendInTurn(total: number): Promise<void> {
    const { pause = sleep } = this.#options;
    const { paceMs } = this.#wanted;
    for (; this.#sentCount < total && !this.#isRefused; this.#sentCount += 1) {
      if (this.#sentCount > 0 && paceMs > 0) await pause(paceMs);
      await this.#sendOne(this.#payloadAt(this.#sentCount));
    }
  }

  /** Sends a number of events a second, and waits for the answers only at the end. */
  async #sendAtRate(total: number, requestsPerSecond: number): Promise<void> {
    const { pause = sleep } = this.#options;
    const startedAt = performance.now();
    const pending = new Set<Promise<void>>();
    for (; this.#sentCount < total && !this.#isRefused; this.#sentCount += 1) {
      const dueAt = startedAt + (this.#sentCount * 1_000) / requestsPerSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await pause(waitMs);
      const sending = this.#sendOne(this.#payloadAt(this.#sentCount)).finally(() => pending.delete(sending));
      pending.add(sending);
    }
    await Promise.all(pending);
  }

  #payloadAt(index: number): Payload {
    const payload = this.#payloads[index % this.#payloads.length];
    if (payload === undefined) throw new Error('There is no event to send.');
    return payload;
  }

  async #sendOne(payload: Payload): Promise<void> {
    const { print, refusedAdvice } = this.#options;
    try {
      const answer = await postPayload(this.#wanted, payload, this.#key, this.#agent);
      this.#answeredCount += 1;
      if (answer.status >= 200 && answer.status <= 299) this.#acceptedCount += 1;
      print(formatAnswer(payload, answer));
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'ECONNREFUSED') {
        print(`${payload.type} → ${describeFailure(failure)}`);
        return;
      }
      if (!this.#isRefused) print(`Nothing listens at ${this.#wanted.url.href}. ${refusedAdvice}`);
      this.#isRefused = true;
    }
  }
}

/** Characters of an answer that are printed. The rest is replaced with an ellipsis. */
const MAX_PRINTED_ANSWER = 200;

/** Formats an answer as one line, such as `EVENT_911 → 200 ok`. Unprintable characters of the answer are escaped. */
function formatAnswer({ type, about }: Payload, { status, text }: Answer): string {
  const singleLine = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const isTruncated = singleLine.length > MAX_PRINTED_ANSWER;
  const printed = isTruncated ? `${singleLine.slice(0, MAX_PRINTED_ANSWER)}…` : singleLine;
  const line = `${type} → ${status} ${spellUnprintable(printed)}`.trimEnd();
  return about === undefined ? line : `${line}  (${about})`;
}

function describeFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ABORT_ERR') return 'no answer within 5 seconds';
  return `no answer: ${reasonOf(error) || error.code}`;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Posts an event as the CAD does: as JSON that contains the key, with a Content-Length. With a secret, the request is
 * also signed as the resource's forwarding does; the CAD does not sign.
 *
 * @param key replaces the key that the event may have
 * @throws (as a rejection) an Error with a `code` if no answer arrives within 5 seconds
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
    ...(secret !== undefined && createSignatureHeaders(secret, body)),
  };
  const outgoing = request(url, { method: 'POST', headers, agent, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const [incoming] = (await once(outgoing.end(body), 'response')) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, text: await readStreamText(incoming) };
}

function createSignatureHeaders(secret: string, body: Buffer) {
  const id = randomUUID();
  const timestamp = Math.floor(Date.now() / 1_000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf([secret], id, timestamp, body),
  };
}
