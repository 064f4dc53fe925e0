import { randomUUID } from 'node:crypto';
import { URL } from 'node:url';
import type { Forwarding } from '../forward/forwarding.ts';
import type { OwnAddress } from '../forward/targets/target-addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { type Check, type Finding, findingsOf, type Problem } from '../lib/finding.ts';
import { sendOnce } from '../lib/http-request.ts';
import { counted } from './subcommand.ts';

export interface DoctorOptions {
  readonly own: OwnServer;
  readonly ask: AskHttp;
  readonly probe: OwnProbe;
  problems(): readonly Problem[];
  /** All API keys in force. */
  keys(): readonly string[];
  /** Asks the CAD once more, and writes nothing. */
  checkCad(): Promise<{ readonly url: string | null; readonly checks: readonly Finding[] }>;
  /** How the session with the CAD is doing. */
  session(): Finding;
  forwarding(): readonly TargetReport[];
  /** Why nothing is forwarded although that is configured in part, in a sentence; null otherwise. */
  idleBecause(): string | null;
}

/** What the checks of one look share: the CAD is asked once. */
type Look = DoctorOptions & { readonly cad: ReturnType<DoctorOptions['checkCad']> };

/** In the order in which the findings are printed. */
const CHECKS: readonly Check<Look>[] = [
  checkConfig,
  async ({ cad }) => (await cad).checks,
  ({ ask, own, probe }) => checkListener(ask, own, probe),
  async ({ ask, cad }) => checkPublicUrl(ask, (await cad).url),
  checkWays,
  ({ ask, own, keys }) => checkServerInfo(ask, own, keys()),
  checkForwarding,
];

function checkConfig({ problems, own }: Look): Finding | readonly Finding[] {
  const wrong = problems();
  if (wrong.length === 0) return { ok: true, text: 'The configuration is valid.' };
  return findingsOf(wrong, `Correct it in config.json or by its convar, then "${own.resourceName} reload".`);
}

/** Without a key to compare with, no event comes in by any way. */
function checkWays({ keys, session, own }: Look): Finding {
  if (keys().length > 0) return session();
  return {
    ok: false,
    text: 'No event comes in: there is no API key.',
    fix: `set apiKey to the key that the CAD shows, then "${own.resourceName} reload"`,
  };
}

function checkForwarding({ forwarding, idleBecause, own }: Look): Finding | readonly Finding[] {
  const targets = forwarding();
  if (targets.length > 0) return checkTargets(targets, own.resourceName);
  const why = idleBecause();
  return why === null ? { ok: true, text: 'Nothing is forwarded.' } : { ok: null, text: why };
}

/**
 * Makes `doctor`, which checks everything once more and says what to do about what is wrong.
 *
 * @returns gives what was found, as soon as the CAD has answered. Everyone who asks meanwhile gets the same
 */
export function createDoctor(options: DoctorOptions): () => Promise<readonly Finding[]> {
  let looking: Promise<readonly Finding[]> | null = null;

  async function look(): Promise<readonly Finding[]> {
    const shared = { ...options, cad: options.checkCad() };
    const findings = await Promise.all(CHECKS.map((check) => check(shared)));
    return findings.flat();
  }

  return () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
}

export type AskHttp = ReturnType<typeof createAskHttp>;

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** @returns a way to make one request, by POST where there is a body, which ends after 5 s and never rejects */
export function createAskHttp(clock: Pick<Clock, 'after'>) {
  return async ({ url, body }: { readonly url: string; readonly body?: string }) => {
    // The address is what an operator has typed into the CAD.
    if (!URL.canParse(url)) return { answered: false, reason: 'no address that can be called' } as const;
    const limits = { deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
    const post = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const answer = await sendOnce({ url, ...post, ...limits }, clock).exchange;
    if (answer.kind === 'answered') return { answered: true, status: answer.status, text: answer.body } as const;
    const reasons = { tooLong: 'an answer longer than 2 MiB', timeout: 'no answer in 5 s' };
    return { answered: false, reason: answer.kind === 'failed' ? answer.code : reasons[answer.kind] } as const;
  };
}

/** Its port is the game port. */
type OwnServer = Pick<OwnAddress, 'port' | 'resourceName'>;

/** What is posted to see that it arrives: refused without a line in the console, and told apart from what others send. */
export class OwnProbe {
  readonly text = JSON.stringify([randomUUID()]);

  isIn(raw: Uint8Array): boolean {
    return Buffer.from(this.text).equals(raw);
  }
}

const REFUSED = 400;
const LOST = 408;

/** Whether requests that reach the game port reach this resource, whole. */
async function checkListener(ask: AskHttp, { port, resourceName }: OwnServer, probe: OwnProbe): Promise<Finding> {
  const path = `/${resourceName}/event`;
  const outcome = await ask({ url: `http://127.0.0.1:${port}${path}`, body: probe.text });
  if (!outcome.answered) {
    return {
      ok: null,
      text: `The game port ${port} does not answer on this machine (${outcome.reason}), so ${path} is not testable from here.`,
      fix: 'Normal where the server listens on one outside address only (endpoint_add_tcp).',
    };
  }
  if (outcome.status === REFUSED) return { ok: true, text: `${path} answers on port ${port}.` };
  if (outcome.status === LOST) {
    return {
      ok: false,
      text: 'This build of FXServer does not hand the bodies of requests to scripts, so no event can come in by HTTP.',
      fix: 'Update the server (artifact), or let events come over the session: transport "websocket".',
    };
  }
  return {
    ok: false,
    text: `Something else answers at ${path} on port ${port} (status ${outcome.status}).`,
    fix: `Look for what sets an HTTP handler in the resource ${resourceName}, or a proxy in between.`,
  };
}

/** Whether the address that the CAD calls leads here, as far as that shows from inside. */
async function checkPublicUrl(ask: AskHttp, url: string | null): Promise<Finding> {
  if (url === null)
    return { ok: null, text: 'It is not known where the CAD sends events, so that way is not testable.' };
  if (!URL.canParse(url)) {
    return {
      ok: false,
      text: `${url} is not an address that can be called.`,
      fix: "Correct the address (mapIp) and the port (listenerPort) in the CAD's server settings.",
    };
  }
  const outcome = await ask({ url });
  if (outcome.answered && outcome.status === 200 && outcome.text.includes('push events are received here')) {
    return { ok: true, text: `${url} reaches this server from here.` };
  }
  const got = outcome.answered ? `status ${outcome.status}` : outcome.reason;
  return {
    ok: null,
    text: `${url} is not testable from here (${got}): many hosts cannot call their own public address.`,
    fix: 'Open it in a browser at home: it shows a sentence of this resource when it is reachable.',
  };
}

/** Whether the server shows an API key to everybody. */
async function checkServerInfo(ask: AskHttp, { port }: OwnServer, keys: readonly string[]): Promise<Finding> {
  const outcome = await ask({ url: `http://127.0.0.1:${port}/info.json` });
  if (!outcome.answered || outcome.status !== 200) {
    return { ok: null, text: "The server's public information (/info.json) is not testable from here." };
  }
  const told = outcome.text.toLowerCase();
  return keys.some((key) => told.includes(JSON.stringify(key).slice(1, -1).toLowerCase()))
    ? {
        ok: false,
        text: 'The server shows an API key to everyone, in /info.json.',
        fix: 'Write "set" instead of "sets" before sonoran_apiKey in server.cfg, and make a new key in the CAD.',
      }
    : { ok: true, text: 'The server shows no API key in /info.json.' };
}

type Target = ReturnType<Forwarding['status']>['targets'][number];

/** How a target is doing, as its deliveries show. */
export type TargetReport = Pick<
  Target,
  'target' | 'reason' | 'advice' | 'reached' | 'refusals' | 'queued' | 'deadLetters'
> & { readonly counts: Pick<Target['counts'], 'delivered'> };

/** @param command the name of the operator's command. @returns what its deliveries show of each: nothing is sent */
export function checkTargets(targets: readonly TargetReport[], command: string): Finding[] {
  return targets.flatMap((report) => [checkTarget(report, command), ...checkDeadLetters(report, command)]);
}

function checkTarget(
  { target, reason, advice, reached, refusals, queued, deadLetters, counts }: TargetReport,
  command: string,
): Finding {
  if (reason !== null)
    return { ok: false, text: `Events are not delivered to ${target}: ${reason}.`, ...(advice && { fix: advice }) };
  if (refusals !== null && deadLetters > 0) {
    return {
      ok: false,
      text: `${target} refused ${events(refusals.count)} (${refusals.reason}).`,
      fix: `see that server's own log; "${command} forward replay all ${target}" sends them again`,
    };
  }
  if (reached && counts.delivered > 0) return { ok: true, text: `Events are forwarded to ${target}.` };
  if (reached)
    return { ok: null, text: `${target} answers, and has taken none of the events that were sent to it so far.` };
  if (queued > 0) {
    return {
      ok: null,
      text: `${events(queued)} ${queued === 1 ? 'waits' : 'wait'} to be sent to ${target}; it has not answered yet.`,
    };
  }
  // What came before a change of the target says nothing of it as it is now.
  const since = counts.delivered === 0 ? 'yet' : 'since its settings were changed';
  return { ok: null, text: `Nothing was sent to ${target} ${since}, so it is not known whether it can be reached.` };
}

function checkDeadLetters({ target, refusals, deadLetters }: TargetReport, command: string): Finding[] {
  if (deadLetters === 0 || refusals !== null) return [];
  return [
    {
      ok: null,
      text: `${events(deadLetters)} for ${target} ${deadLetters === 1 ? 'was' : 'were'} given up on, and kept.`,
      fix: `see "${command} forward list ${target}"; "${command} forward replay all ${target}" sends them again`,
    },
  ];
}

const events = (count: number): string => counted(count, 'event');
