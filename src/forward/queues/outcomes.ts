import type { AttemptResult, Target } from '../delivery.ts';
import { DOCUMENTED_PATH } from '../targets/target-addresses.ts';
import type { Wording } from './attempt-log.ts';

/** An attempt that came to nothing, and what it says about the target. */
export interface Failure {
  readonly kind: 'failure';
  /** In words, for the log. */
  readonly reason: string;
  /** What may help; null when that is not known. */
  readonly advice: string | null;
  /** Whether it is one of the failures in a row after which sending is paused. */
  readonly counts: boolean;
  /** Whether it is an attempt at all: a Discord webhook that asks for patience has not been tried. */
  readonly isAttempt: boolean;
  /** Whether it may be the event's own fault. */
  readonly serverError: boolean;
  /** How long the target asks to be left alone. */
  readonly retryAfterMs: number | null;
}

/** What the result of an attempt means for its event and its target. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** The target is well, and does not want events of this type. */
  | { readonly kind: 'unwanted' }
  /** It will never take this event. */
  | { readonly kind: 'final'; readonly reason: string }
  | Failure
  /** It takes no event until the operator mends something. */
  | { readonly kind: 'refused'; readonly reason: string; readonly advice: string }
  /** It is not there any more and says so. */
  | { readonly kind: 'gone'; readonly reason: string };

/** The texts of a documented listener; no other is ever shown, since one that echoes what it got would print the key. */
const UNWANTED = 'Invalid Type';
const WRONG_KEY = 'Authentication Key Failed!';

const SERVER_ERROR_ADVICE = "see that server's own log";
const NO_ANSWER = 'see whether that server runs, and the firewalls in between';
const NO_NAME = 'there is no host of that name: correct the URL';
const CHECK_PATH = `check its path (the documented listener answers at ${DOCUMENTED_PATH})`;
const CERTIFICATE_ADVICE = 'its certificate is not valid for that address: renew or correct it';

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

type OutcomeOfStatus = (reason: string, context: OutcomeContext) => Outcome;

interface OutcomeContext {
  readonly text: string;
  readonly format: Target['format'];
  readonly retryAfterMs: number | null;
  readonly checkCredentials: string;
}

const refused =
  (advice: string) =>
  (reason: string): Outcome => ({ kind: 'refused', reason, advice });
const final = (reason: string): Outcome => ({ kind: 'final', reason });
/** A failure that no event is to blame for. */
const overloaded: OutcomeOfStatus = (reason, { retryAfterMs }) => ({ ...failure(reason), retryAfterMs });

/** What answers mean (README, "Forwarding"). */
const STATUSES: ReadonlyMap<number, OutcomeOfStatus> = new Map<number, OutcomeOfStatus>([
  [
    400,
    (reason, { text }) => {
      if (text === UNWANTED) return { kind: 'unwanted' };
      if (text === WRONG_KEY) return refused('it knows another API key: give it the one that the CAD uses')(reason);
      return final(reason);
    },
  ],
  [401, (reason, { checkCredentials }) => refused(`it wants other credentials: ${checkCredentials}`)(reason)],
  [403, (reason, { checkCredentials }) => refused(`it forbids the access: ${checkCredentials}`)(reason)],
  [404, refused(`there is nothing at that address: ${CHECK_PATH}`)],
  [405, refused(`nothing takes a POST at that address: ${CHECK_PATH}`)],
  [407, refused('a proxy in between wants credentials: give an address that is reached without it')],
  [408, overloaded],
  [410, (reason) => ({ kind: 'gone', reason })],
  [413, final],
  [415, final],
  [422, final],
  [425, overloaded],
  [
    429,
    (reason, { format, retryAfterMs }) => ({
      ...failure(reason),
      counts: false,
      isAttempt: format !== 'discord',
      retryAfterMs,
    }),
  ],
]);

/** @returns what the end of an attempt means */
export function outcomeOf(
  result: AttemptResult,
  format: Target['format'],
  { checkCredentials }: Pick<Wording, 'checkCredentials'>,
): Outcome {
  if (result.kind === 'timeout') return failure('no answer in time', FAILURE_ADVICE.get('timeout'));
  if (result.kind === 'failed') {
    const { code, certificate } = result;
    return certificate ? refused(CERTIFICATE_ADVICE)(code) : failure(code, FAILURE_ADVICE.get(code));
  }
  const { status, body, retryAfterMs } = result;
  const reason = `answered ${status}`;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status >= 300 && status <= 399) {
    return refused('it sends callers on to another address: use that one')(reason);
  }
  const known = STATUSES.get(status)?.(reason, { text: body.trim(), format, retryAfterMs, checkCredentials });
  // Of other answers, trying the next event tells whether it is the event or the target.
  const hint = status >= 500 ? SERVER_ERROR_ADVICE : null;
  return known ?? { ...failure(reason, hint), serverError: true, retryAfterMs };
}

function failure(reason: string, advice: string | null = null): Failure {
  return { kind: 'failure', reason, advice, counts: true, isAttempt: true, serverError: false, retryAfterMs: null };
}
