import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { readDevelopmentKey } from './development-key.ts';
import { runProgram } from './is-program.ts';
import { type Payload, readPayload, samplePayload, sampleTypes } from './send/sample-payloads.ts';
import { parseSendArguments, SEND_USAGE, type SendArguments } from './send/send-arguments.ts';

/**
 * Plays the CAD: sends payloads and prints a line for each answer, and one for all.
 *
 * @param print called with each line, without its end
 * @returns whether every request was accepted: answered with 200 and a text that begins with `ok`
 * @throws a plain Error for arguments that make no sense, an unknown type or a missing key
 */
export async function send(args: readonly string[], print: (line: string) => void): Promise<boolean> {
  if (args.includes('--help')) {
    print(SEND_USAGE);
    return true;
  }
  const wanted = parseSendArguments(args);
  const payloads = payloadsOf(wanted);
  const key = wanted.key ?? process.env.SONORANCAD_KEY ?? readDevelopmentKey();
  if (!key) throw new Error('No API key: give --key, set SONORANCAD_KEY, or start the stand-in first (npm start).');

  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const total = wanted.count ?? payloads.length;
  const pending = new Set<Promise<void>>();
  let accepted = 0;
  let answered = 0;
  let refused = false;

  const sendOne = async (payload: Payload) => {
    try {
      const answer = await postPayload(wanted.url, payload, key, agent);
      answered += 1;
      if (isAccepted(answer)) accepted += 1;
      print(describeAnswer(payload.type, answer));
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'ECONNREFUSED' || !refused) print(describeFailure(payload.type, wanted.url, failure));
      refused ||= failure.code === 'ECONNREFUSED';
    }
  };

  const begin = performance.now();
  let sent = 0;
  for (; sent < total && !refused; sent += 1) {
    const payload = payloads[sent % payloads.length];
    if (payload === undefined) break;
    if (wanted.rate === undefined) {
      await sendOne(payload);
      continue;
    }
    const wait = begin + (sent * 1000) / wanted.rate - performance.now();
    if (wait > 0) await setTimeout(wait);
    const sending = sendOne(payload).finally(() => pending.delete(sending));
    pending.add(sending);
  }
  await Promise.all(pending);
  agent.destroy();
  if (answered > 0 || !refused) print(`${sent} sent, ${accepted} accepted, ${sent - accepted} not`);
  return accepted === total;
}

function payloadsOf({ types, all, file }: SendArguments): Payload[] {
  if (file !== undefined) return [readPayload(file)];
  return (all ? sampleTypes() : types).map(samplePayload);
}

const LONGEST = 200;

/** @returns whether it is the answer of a listener that has taken the event: any web server may say 200 */
function isAccepted({ status, text }: Answer): boolean {
  return status === 200 && /^ok\b/.test(text);
}

/** @returns the line for an answer, such as `EVENT_911 → 200 ok`: one line whatever the answer holds */
function describeAnswer(type: string, { status, text }: Answer): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const shown = flat.length > LONGEST ? `${flat.slice(0, LONGEST)}…` : flat;
  return `${type} → ${status} ${shown}`.trimEnd();
}

/** @returns the line for a request that got no answer */
function describeFailure(type: string, url: URL, error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED')
    return `nothing listens at ${url.href}: is \`npm start\` running? When it has another port, give --url http://127.0.0.1:<port>.`;
  if (error.code === 'ABORT_ERR') return `${type} → no answer within 5 seconds`;
  return `${type} → no answer: ${error.message || error.code}`;
}

/** What the listener said. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 5000;

/**
 * POSTs a payload as the CAD does: JSON with the key in it, and a Content-Length.
 *
 * @param key replaces the payload's own
 * @throws an Error with a `code` when no answer came within 5 seconds
 */
async function postPayload(url: URL, payload: Payload, key: string, agent: Agent): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ ...payload.body, key }));
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  const outgoing = request(url, { method: 'POST', headers, agent, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const [incoming] = (await once(outgoing.end(body), 'response')) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, text: await text(incoming) };
}

await runProgram(import.meta.url, async () => {
  if (!(await send(process.argv.slice(2), console.log))) process.exitCode = 1;
});
