import type { AttemptResult, Failure, Outcome, Refusal, Target } from '../delivery.ts';
import { DOCUMENTED_PATH } from '../targets/target-addresses.ts';

/** Parts of messages about targets that depend on what forwards: how its operator can act. */
export interface Wording {
  /** How to end the wait for a target that says that it is gone: follows "or". */
  endWait(target: string): string;
  /** What becomes of an event that was given up on: follows a semicolon. */
  readonly afterGivingUp: string;
  /** What can be done about the dead letters of a removed target: a relative clause. */
  readonly afterRemoval: string;
  /** What to look at when a target wants other credentials or forbids the access: follows a colon. */
  readonly checkCredentials: string;
  /** How to have only answers count: a whole sentence; null if there is no such setting. */
  readonly insistOnAnswers: string | null;
}

/** @param name the resource's folder, which is the name of its command */
export function resourceWording(name: string): Wording {
  return {
    endWait: (target) => `end the wait with "${name} forward retry ${target}"`,
    afterGivingUp: `"${name} forward replay <id>" sends it again`,
    afterRemoval: `which "${name} forward replay all <another target>" sends to another`,
    checkCredentials: 'check the address, the headers and the secret of the target',
    insistOnAnswers: 'Set "requireResponse" to insist on answers.',
  };
}

/** The texts of a documented listener. No other is ever shown: a target that echoes the request would print the key. */
const UNWANTED = 'Invalid Type';
const WRONG_KEY = 'Authentication Key Failed!';

const RETRY_REFUSED_MS = 60_000;

const SERVER_ERROR_ADVICE = "see that server's own log";
const NO_ANSWER = 'see whether that server runs, and the firewalls in between';
const NO_NAME = 'there is no host of that name: correct the URL';
const CHECK_PATH = `check its path (the documented listener answers at ${DOCUMENTED_PATH})`;

/** What may help, by the code of a failure as Node names it, or `timeout`. */
const FAILURE_ADVICE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens at that address and port: start the web server, or correct the URL'],
  ['ENOTFOUND', NO_NAME],
  ['ENODATA', NO_NAME],
  ['EAI_AGAIN', 'the name could not be looked up: see the DNS server of this machine'],
  ['timeout', NO_ANSWER],
  ['ETIMEDOUT', NO_ANSWER],
  ['EHOSTUNREACH', NO_ANSWER],
  ['ENETUNREACH', NO_ANSWER],
  ['ECONNRESET', `it breaks connections off: ${SERVER_ERROR_ADVICE}`],
  ['EPROTO', 'it does not speak https there: correct the URL'],
]);

type Advise = (wording: Wording, target: string) => string;

/** Answers after which the operator must mend something, and what. */
const TO_MEND: ReadonlyMap<number, Advise> = new Map<number, Advise>([
  [401, ({ checkCredentials }) => `it wants other credentials: ${checkCredentials}`],
  [403, ({ checkCredentials }) => `it forbids the access: ${checkCredentials}`],
  [404, () => `there is nothing at that address: ${CHECK_PATH}`],
  [405, () => `nothing takes a POST at that address: ${CHECK_PATH}`],
  [407, () => 'a proxy in between wants credentials: give an address that is reached without it'],
  [410, ({ endWait }, name) => `it says that it is gone for good; correct its address, or ${endWait(name)}`],
]);
const GONE = 410;
/** Answers about the event itself. */
const FINAL: ReadonlySet<number> = new Set([400, 413, 415, 422]);
/** Failures that no event is to blame for. */
const OVERLOADED: ReadonlySet<number> = new Set([408, 425, 429]);

/** @returns what the end of an attempt means (docs/forwarding.md) */
export function outcomeOf(
  result: AttemptResult,
  { name, format }: Pick<Target, 'name' | 'format'>,
  wording: Wording,
): Outcome {
  if (result.kind === 'timeout') return failureFor('no answer in time', FAILURE_ADVICE.get('timeout'));
  if (result.kind === 'failed') {
    const { code, certificate, outcome } = result;
    if (outcome !== undefined) return outcome;
    if (!certificate) return failureFor(code, FAILURE_ADVICE.get(code));
    return refused(code, 'its certificate is not valid for that address: renew or correct it');
  }
  const { status, body, retryAfterMs } = result;
  const reason = `answered ${status}`;
  const text = status === 400 ? body.trim() : '';
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status >= 300 && status <= 399) return refused(reason, 'it sends callers on to another address: use that one');
  if (text === UNWANTED) return { kind: 'unwanted' };
  if (text === WRONG_KEY) return refused(reason, 'it knows another API key: give it the one that the CAD uses');
  if (FINAL.has(status)) return { kind: 'final', reason };
  const advice = TO_MEND.get(status)?.(wording, name);
  if (advice !== undefined) return refused(reason, advice, status === GONE ? Number.POSITIVE_INFINITY : undefined);
  if (OVERLOADED.has(status)) {
    const isTooMany = status === 429;
    const isAttempt = !isTooMany || format !== 'discord';
    return failureFor(reason, null, { counts: !isTooMany, isAttempt, retryAfterMs });
  }
  // Of other answers, trying the next event tells whether it is the event or the target.
  const hint = status >= 500 ? SERVER_ERROR_ADVICE : null;
  return failureFor(reason, hint, { serverError: true, retryAfterMs });
}

/** @returns a refusal that is looked at again after a minute, unless said otherwise */
export function refused(reason: string, advice: string, retryAfterMs = RETRY_REFUSED_MS): Refusal {
  return { kind: 'refused', reason, advice, retryAfterMs };
}

/** @returns a failure that counts, but for what is said otherwise */
export function failureFor(reason: string, advice: string | null = null, changes: Partial<Failure> = {}): Failure {
  const usual = { counts: true, isAttempt: true, serverError: false, retryAfterMs: null };
  return { kind: 'failure', reason, advice, ...usual, ...changes };
}
