import type { AttemptResult, Target } from '../delivery.ts';
import { DOCUMENTED_PATH } from '../targets/target-addresses.ts';
import { failureAdvice, SERVER_ERROR_ADVICE } from './failure-advice.ts';
import type { Wording } from './wording.ts';

/** What an attempt that came to nothing says about the target. */
export interface Failure {
  readonly kind: 'failure';
  /** In words, for the log. */
  readonly reason: string;
  /** What may help; null when nobody knows. */
  readonly advice: string | null;
  /** Whether it is one of the failures in a row after which a lane parks. */
  readonly counts: boolean;
  /** Whether it is an attempt at all: a Discord webhook that asks for patience has not been tried. */
  readonly isAttempt: boolean;
  /** Whether it may be the event's own fault. */
  readonly serverError: boolean;
  /** How long the target asks to be left alone. */
  readonly retryAfterMs: number | null;
}

/** What an attempt means for its event and its lane. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** The listener is well, and does not want events of this type. */
  | { readonly kind: 'unwanted' }
  /** It will never take this event. */
  | { readonly kind: 'final'; readonly reason: string }
  | Failure
  /** It takes no event until somebody mends something. */
  | { readonly kind: 'refused'; readonly reason: string; readonly advice: string }
  /** It is not there any more and says so. */
  | { readonly kind: 'gone'; readonly reason: string };

/** The texts of a documented listener; no other is ever shown, since one that echoes what it got would print the key. */
const UNWANTED = 'Invalid Type';
const WRONG_KEY = 'Authentication Key Failed!';

const FINAL = new Set([400, 413, 415, 422]);
const OVERLOADED = new Set([408, 425, 429]);
const CHECK_PATH = `check its path (the documented listener answers at ${DOCUMENTED_PATH})`;
/** What to look at is left to the wording. */
const CREDENTIALS = new Map([
  [401, 'it wants other credentials'],
  [403, 'it forbids the access'],
]);
const ADVICE = new Map([
  [404, `there is nothing at that address: ${CHECK_PATH}`],
  [405, `nothing takes a POST at that address: ${CHECK_PATH}`],
  [407, 'a proxy in between wants credentials: give an address that is reached without it'],
]);

/** @returns what the end of an attempt means (see the README, "Forwarding") */
export function judge(
  result: AttemptResult,
  format: Target['format'],
  wording: Pick<Wording, 'checkCredentials'>,
): Verdict {
  if (result.kind === 'answered') return judgeAnswer(result, format, wording);
  if (result.kind === 'timeout') return failure('no answer in time', failureAdvice('timeout'));
  if (result.certificate) {
    return {
      kind: 'refused',
      reason: result.code,
      advice: 'its certificate is not valid for that address: renew or correct it',
    };
  }
  return failure(result.code, failureAdvice(result.code));
}

function judgeAnswer(
  answer: AttemptResult & { kind: 'answered' },
  format: Target['format'],
  { checkCredentials }: Pick<Wording, 'checkCredentials'>,
): Verdict {
  const { status, retryAfterMs } = answer;
  const reason = `answered ${status}`;
  const text = answer.body.trim();
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status >= 300 && status <= 399) {
    return { kind: 'refused', reason, advice: 'it sends callers on to another address: use that one' };
  }
  if (status === 400 && text === UNWANTED) return { kind: 'unwanted' };
  if (status === 400 && text === WRONG_KEY) {
    return { kind: 'refused', reason, advice: 'it knows another API key: give it the one that the CAD uses' };
  }
  if (status === 410) return { kind: 'gone', reason };
  if (FINAL.has(status)) return { kind: 'final', reason };
  const lack = CREDENTIALS.get(status);
  const advice = lack === undefined ? ADVICE.get(status) : `${lack}: ${checkCredentials}`;
  if (advice !== undefined) return { kind: 'refused', reason, advice };
  if (status === 429) {
    return { ...failure(reason), counts: false, isAttempt: format !== 'discord', retryAfterMs };
  }
  // Other answers are not in the book: whether it is the event or the target, trying the next event tells.
  const hint = status >= 500 ? SERVER_ERROR_ADVICE : null;
  return { ...failure(reason, hint), serverError: !OVERLOADED.has(status), retryAfterMs };
}

function failure(reason: string, advice: string | null = null): Failure {
  return { kind: 'failure', reason, advice, counts: true, isAttempt: true, serverError: false, retryAfterMs: null };
}
