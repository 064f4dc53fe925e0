import { randomUUID } from 'node:crypto';
import { URL } from 'node:url';
import type { CadLink } from '../cad/cad-link.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Config } from '../config/schema.ts';
import type { Forwarding } from '../forward/forwarding.ts';
import type { OwnAddress } from '../forward/targets/target-addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { type Check, type Finding, findingsOf } from '../lib/finding.ts';
import { sendOnce } from '../lib/http-request.ts';
import { counted } from './console-text.ts';
import { reportSession } from './describe-link.ts';

export interface DoctorParts {
  /** Where this resource receives events; the port is the game port. */
  readonly address: Pick<OwnAddress, 'port' | 'resourceName'>;
  readonly live: Pick<LiveConfig, 'problems'> & { current(): Pick<Config, 'apiKeys'> };
  readonly link: {
    check(): Promise<Pick<Awaited<ReturnType<CadLink['check']>>, 'url' | 'checks'>>;
    status(): Pick<ReturnType<CadLink['status']>, 'session'>;
  };
  readonly forwarding: Pick<Forwarding, 'problems' | 'idleBecause'> & {
    status(): { readonly targets: readonly TargetReport[] };
  };
  readonly clock: Pick<Clock, 'after'>;
  /** Makes the HTTP requests; a test gives its own. */
  readonly ask?: AskHttp;
}

/** The parts of one examination. All its checks share one report of the CAD. */
interface Examination extends DoctorParts {
  readonly ask: AskHttp;
  /** The body of the request by which the doctor tests the listener. */
  readonly probe: string;
  readonly cad: ReturnType<DoctorParts['link']['check']>;
}

/** All checks, in the order in which their findings are printed. */
const CHECKS: readonly Check<Examination>[] = [
  checkConfig,
  async ({ cad }) => (await cad).checks,
  checkListener,
  checkPublicUrl,
  checkTransports,
  checkServerInfo,
  checkForwarding,
];

/** Checks everything from the configuration to the forwarding targets, and says how to repair what is wrong. */
export class Doctor {
  readonly #parts: DoctorParts;
  readonly #ask: AskHttp;
  readonly #probe = JSON.stringify([randomUUID()]);
  #running: Promise<readonly Finding[]> | null = null;

  constructor(parts: DoctorParts) {
    this.#parts = parts;
    this.#ask = parts.ask ?? ((request) => askHttp(request, parts.clock));
  }

  /** Runs all checks. Callers that ask while the checks run share one result. */
  examine(): Promise<readonly Finding[]> {
    this.#running ??= this.#runChecks().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /**
   * Whether the body of a request is the doctor's own test of the listener. The listener refuses it without a line in
   * the console.
   */
  isOwnProbe(raw: Uint8Array): boolean {
    return Buffer.from(this.#probe).equals(raw);
  }

  async #runChecks(): Promise<readonly Finding[]> {
    const examination: Examination = {
      ...this.#parts,
      ask: this.#ask,
      probe: this.#probe,
      cad: this.#parts.link.check(),
    };
    const findings = await Promise.all(CHECKS.map((check) => check(examination)));
    return findings.flat();
  }
}

interface HttpQuestion {
  readonly url: string;
  /** JSON to post. Without a body, the request is a GET. */
  readonly body?: string;
}

type HttpOutcome =
  | { readonly answered: true; readonly status: number; readonly text: string }
  | { readonly answered: false; readonly reason: string };

export type AskHttp = (question: HttpQuestion) => Promise<HttpOutcome>;

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const FAILURE_REASONS = { tooLong: 'an answer longer than 2 MiB', timeout: 'no answer in 5 s' };

/** Makes one HTTP request, which ends after 5 s at the latest. Never rejects. */
export async function askHttp({ url, body }: HttpQuestion, clock: Pick<Clock, 'after'>): Promise<HttpOutcome> {
  // An operator typed the address into the CAD, so it may be invalid.
  if (!URL.canParse(url)) return { answered: false, reason: 'the address is invalid' };

  const limits = { deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
  const post = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const answer = await sendOnce({ url, ...post, ...limits }, clock).exchange;
  if (answer.kind === 'answered') return { answered: true, status: answer.status, text: answer.body };
  return { answered: false, reason: answer.kind === 'failed' ? answer.code : FAILURE_REASONS[answer.kind] };
}

function checkConfig({ live, forwarding, address }: Examination): Finding | readonly Finding[] {
  const problems = [...live.problems(), ...forwarding.problems()];
  if (problems.length === 0) return { ok: true, text: 'The configuration is valid.' };
  return findingsOf(problems, `Correct it in config.json or by its convar, then "${address.resourceName} reload".`);
}

const STATUS_REFUSED = 400;
/** The status with which this resource answers when FXServer hands over no body (`src/http/citizenfx`). */
const STATUS_BODY_LOST = 408;

/** Checks that a POST to the game port reaches this resource with its body. */
async function checkListener({ ask, address, probe }: Examination): Promise<Finding> {
  const { port, resourceName } = address;
  const path = `/${resourceName}/event`;
  const outcome = await ask({ url: `http://127.0.0.1:${port}${path}`, body: probe });
  if (!outcome.answered) {
    return {
      ok: null,
      text:
        `The game port ${port} does not answer on this machine (${outcome.reason}), ` +
        `so ${path} is not testable from here.`,
      fix: 'Normal where the server listens on one outside address only (endpoint_add_tcp).',
    };
  }
  if (outcome.status === STATUS_REFUSED) return { ok: true, text: `${path} answers on port ${port}.` };
  if (outcome.status === STATUS_BODY_LOST) {
    return {
      ok: false,
      text: 'This build of FXServer does not hand the bodies of requests to scripts, so no event can come in by HTTP.',
      fix: 'Update the server (artifact), or let events come over the session: transport "websocket".',
    };
  }
  return {
    ok: false,
    text: `Something else answers at ${path} on port ${port} (status ${outcome.status}).`,
    fix: `Look for a script that sets an HTTP handler in the resource ${resourceName}, or a proxy in between.`,
  };
}

/** Checks that the address to which the CAD sends events leads here, as far as this server can test it. */
async function checkPublicUrl({ ask, cad }: Examination): Promise<Finding> {
  const { url } = await cad;
  if (url === null) {
    return { ok: null, text: 'The address to which the CAD sends events is not known, so it is not testable.' };
  }
  if (!URL.canParse(url)) {
    return {
      ok: false,
      text: `${url} is not a valid address.`,
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

/** Checks that events can come in: by HTTP or over the session, and only with an API key to compare with. */
function checkTransports({ live, link, address }: Examination): Finding {
  if (live.current().apiKeys.length > 0) return reportSession(link.status().session);
  return {
    ok: false,
    text: 'No event comes in: there is no API key.',
    fix: `set apiKey to the key that the CAD shows, then "${address.resourceName} reload"`,
  };
}

/** Checks that the game server does not publish an API key in /info.json. */
async function checkServerInfo({ ask, address, live }: Examination): Promise<Finding> {
  const outcome = await ask({ url: `http://127.0.0.1:${address.port}/info.json` });
  if (!outcome.answered || outcome.status !== 200) {
    return { ok: null, text: "The server's public information (/info.json) is not testable from here." };
  }
  const info = outcome.text.toLowerCase();
  const isShown = live.current().apiKeys.some((key) => info.includes(JSON.stringify(key).slice(1, -1).toLowerCase()));
  if (!isShown) return { ok: true, text: 'The server shows no API key in /info.json.' };
  return {
    ok: false,
    text: 'The server shows an API key to everyone, in /info.json.',
    fix: 'Write "set" instead of "sets" before sonoran_apiKey in server.cfg, and make a new key in the CAD.',
  };
}

function checkForwarding({ forwarding, address }: Examination): Finding | readonly Finding[] {
  const { targets } = forwarding.status();
  if (targets.length > 0) return checkTargets(targets, address.resourceName);
  const reason = forwarding.idleBecause();
  return reason === null ? { ok: true, text: 'Nothing is forwarded.' } : { ok: null, text: reason };
}

type TargetStatus = ReturnType<Forwarding['status']>['targets'][number];

/** The fields of a target's status from which its findings are made. */
export type TargetReport = Pick<
  TargetStatus,
  'target' | 'reason' | 'advice' | 'reached' | 'refusals' | 'queued' | 'deadLetters'
> & { readonly counts: Pick<TargetStatus['counts'], 'delivered'> };

/**
 * Reports on each target from its past deliveries. Sends nothing.
 *
 * @param command the name of the operator's command
 */
export function checkTargets(targets: readonly TargetReport[], command: string): Finding[] {
  return targets.flatMap((report) => [checkDeliveries(report, command), ...checkDeadLetters(report, command)]);
}

function checkDeliveries(report: TargetReport, command: string): Finding {
  const { target, reason, advice, reached, refusals, queued, deadLetters, counts } = report;
  if (reason !== null) {
    return { ok: false, text: `Events are not delivered to ${target}: ${reason}.`, ...(advice && { fix: advice }) };
  }
  if (refusals !== null && deadLetters > 0) {
    return {
      ok: false,
      text: `${target} refused ${counted(refusals.count, 'event')} (${refusals.reason}).`,
      fix: `see that server's own log; "${command} forward replay all ${target}" sends them again`,
    };
  }
  if (reached && counts.delivered > 0) return { ok: true, text: `Events are forwarded to ${target}.` };
  if (reached) return { ok: null, text: `${target} answers, but has accepted none of the events sent to it so far.` };
  if (queued > 0) {
    return { ok: null, text: `${target} has not answered yet. Events waiting to be sent to it: ${queued}.` };
  }
  if (counts.delivered === 0) {
    return { ok: null, text: `Nothing was sent to ${target} yet, so it is not known whether it can be reached.` };
  }
  // Deliveries from before a change of the target's settings do not show that the new settings work.
  return {
    ok: null,
    text:
      `Nothing was sent to ${target} since its settings were changed, ` +
      'so it is not known whether it can be reached.',
  };
}

/** Reports dead letters, unless the finding about refused events has already named them. */
function checkDeadLetters({ target, refusals, deadLetters }: TargetReport, command: string): Finding[] {
  if (deadLetters === 0 || refusals !== null) return [];
  return [
    {
      ok: null,
      text: `Delivery to ${target} was given up for ${counted(deadLetters, 'event')}, kept as dead letters.`,
      fix: `see "${command} forward list ${target}"; "${command} forward replay all ${target}" sends them again`,
    },
  ];
}
