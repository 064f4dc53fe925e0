import * as v from 'valibot';
import { UNREADABLE } from '../../events/fields.ts';
import { describeIssues } from '../../events/normalise.ts';
import { camelFields } from './answer-fields.ts';
import { parseAnswer, retryAfterMs, saidByAnswer, traceIdOf } from './answers.ts';
import type { Endpoint, PlannedRequest } from './endpoint.ts';
import { type ApiResult, answeredError, failure, inSeconds } from './results.ts';
import type { Attempt } from './send-request.ts';

/** What an attempt comes to. */
export interface Judgement {
  readonly result: ApiResult<unknown>;
  /** Whether trying again may help, and cannot do twice what was asked once. */
  readonly mayRetry: boolean;
  /** Whether the endpoint takes nothing for now. */
  readonly isLimit: boolean;
  /** Milliseconds that the answer asks to be left alone; null when it asks for nothing. */
  readonly retryAfterMs: number | null;
}

/**
 * Reads what came of an attempt.
 *
 * @param apiKeys all that are configured: none of them gets into a message
 * @param now milliseconds since 1970
 */
export function judgeAttempt(
  attempt: Attempt,
  endpoint: Endpoint,
  plan: PlannedRequest,
  apiKeys: readonly string[],
  now: number,
): Judgement {
  if (attempt.kind === 'timeout' || attempt.kind === 'failed') {
    return { result: noAnswer(attempt, plan), mayRetry: endpoint.mayRepeat, isLimit: false, retryAfterMs: null };
  }
  const { status, headers } = attempt;
  if (attempt.kind === 'tooLong') {
    const traceId = traceIdOf(headers, null, apiKeys);
    const result = failure('unreadable', "The CAD's answer is longer than 5 MiB.", { status, traceId });
    return { result, mayRetry: false, isLimit: false, retryAfterMs: null };
  }
  const { isJson, value } = parseAnswer(attempt.body);
  const traceId = traceIdOf(headers, value, apiKeys);
  if (status >= 200 && status < 300) {
    const result = isJson
      ? readAnswer(endpoint, value, { status, traceId })
      : failure('unreadable', "The CAD's answer is no JSON: see whether apiUrl leads to something else.", {
          status,
          traceId,
        });
    return { result, mayRetry: false, isLimit: false, retryAfterMs: null };
  }
  const wait = retryAfterMs(headers, now);
  const result = answeredError({
    status,
    said: saidByAnswer(value, apiKeys),
    traceId,
    retryAfterMs: wait,
    serverId: plan.serverId,
    about: endpoint.about,
  });
  // What was turned away for the limit has not been done.
  const isLimit = status === 429;
  return { result, mayRetry: isLimit || (status >= 500 && endpoint.mayRepeat), isLimit, retryAfterMs: wait };
}

function noAnswer(attempt: Attempt & { kind: 'timeout' | 'failed' }, { host }: PlannedRequest): ApiResult<never> {
  const what =
    attempt.kind === 'timeout'
      ? `did not answer within ${inSeconds(attempt.afterMs)}`
      : `cannot be reached (${attempt.code})`;
  return failure(
    'unreachable',
    `The CAD's API at ${host} ${what}: check that this machine may connect to it, or wait until it is back.`,
  );
}

function readAnswer(
  { output, keepsFields }: Endpoint,
  value: unknown,
  known: { status: number; traceId: string | null },
): ApiResult<unknown> {
  const given = keepsFields ? value : camelFields(value);
  const read = readBy(output, given);
  return read?.success
    ? { ok: true, data: read.output }
    : failure('unreadable', `The CAD's answer was not understood: ${firstReason(read?.issues ?? [])}.`, known);
}

/** @returns null for what cannot even be looked at */
function readBy(schema: v.GenericSchema, given: unknown): v.SafeParseResult<v.GenericSchema> | null {
  try {
    return v.safeParse(schema, given);
  } catch (error) {
    if (error === UNREADABLE) return null;
    throw error;
  }
}

/** Says what was expected where, without quoting what is there. */
function firstReason(issues: readonly v.BaseIssue<unknown>[]): string {
  const reason = describeIssues(issues)[0] ?? 'another shape was expected';
  return reason.replace(/^data/, 'answer').replace(/ text ".*$/s, ' text');
}
