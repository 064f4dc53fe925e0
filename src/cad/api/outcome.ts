import * as v from 'valibot';
import { createKeyRing, type KeyRing } from '../../events/api-keys.ts';
import { UNREADABLE } from '../../events/kinds.ts';
import { describeIssues } from '../../events/normalise.ts';
import { type AnswerHeaders, type Exchange, retryAfterMs } from '../../lib/http-request.ts';
import type { Endpoint } from './endpoint.ts';
import type { PlannedRequest } from './plan-request.ts';
import type { Outcome } from './request-queue.ts';
import { type ApiResult, answeredError, failure, inSeconds } from './results.ts';

const json = v.pipe(v.string(), v.parseJson());
const MAX_SHOWN = 200;
const TRACE_ID = /^[\w:.-]{1,100}$/;
const ADDRESS = /\bhttps?:\/\/[^\s"'<>]*/gi;
/** No text of the CAD has it. */
const MASK = '\0';
const BEARER = /\bbearer\s+\S+/gi;

/** What an attempt was made for, and what its outcome depends on. */
interface AttemptContext {
  readonly endpoint: Endpoint;
  readonly plan: PlannedRequest;
  /** All that are configured: none of them gets into a message. */
  readonly apiKeys: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds before the next attempt, where the answer does not say. */
  readonly retryMs: number;
}

/** @returns what an attempt means for its request */
export function outcomeOf(attempt: Exchange, context: AttemptContext): Outcome {
  const { endpoint, plan, now, retryMs } = context;
  const keys = createKeyRing(context.apiKeys);
  const done = (result: ApiResult<unknown>): Outcome => ({ kind: 'done', result });
  if (attempt.kind === 'timeout' || attempt.kind === 'failed') {
    const result = noAnswer(attempt, plan);
    return endpoint.mayRepeat ? { kind: 'again', result, waitMs: retryMs, closesEndpoint: false } : done(result);
  }
  const { status, headers } = attempt;
  if (attempt.kind === 'tooLong') {
    const traceId = traceIdOf(headers, null, keys);
    return done(failure('unreadable', "The CAD's answer is longer than 5 MiB.", { status, traceId }));
  }
  // An answer without a body is one of nothing.
  const { success: isJson, output } = v.safeParse(json, attempt.body.trim() === '' ? 'null' : attempt.body);
  const value = isJson ? output : null;
  const traceId = traceIdOf(headers, value, keys);
  if (status >= 200 && status < 300) {
    const noJson = "The CAD's answer is no JSON: see whether apiUrl leads to something else.";
    return done(
      isJson ? readAnswer(endpoint, value, { status, traceId }) : failure('unreadable', noJson, { status, traceId }),
    );
  }
  const wait = retryAfterMs(headers, 'ratelimit-reset', now);
  const error = answeredError({
    status,
    said: saidByAnswer(value, keys),
    traceId,
    retryAfterMs: wait,
    serverId: plan.serverId,
    about: endpoint.about,
  });
  const result = { ...error, ...(value !== null && { answer: errorAnswer(value, keys) }) };
  // What was turned away for the limit has not been done.
  const isLimit = status === 429;
  const mayRepeat = isLimit || (status >= 500 && endpoint.mayRepeat);
  return mayRepeat ? { kind: 'again', result, waitMs: wait ?? retryMs, closesEndpoint: isLimit } : done(result);
}

function noAnswer(attempt: Exchange & { kind: 'timeout' | 'failed' }, { host }: PlannedRequest): ApiResult<never> {
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
  const given = keepsFields ? value : camelFields(value, output.fieldNames);
  const read = readBy(output.schema, given);
  return read?.success
    ? { ok: true, data: read.output, ...(value !== null && { answer: value }) }
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

/** Below these, names are given by communities and scripts, or go back to the CAD as they came. */
const KEPT = new Set(['metaData', 'servers', 'values', 'permissions']);

/** No answer is nested deeper; what is stays as it came. */
const MAX_DEPTH = 32;

/**
 * Makes the fields of an answer lower camel case, since the CAD writes `callId`, `CallId` and `CallID`. The value of a field in
 * the right casing wins over the same field in another. What lies below `metaData`, `servers`, `values` and `permissions` is
 * not touched.
 *
 * @param given as parsed from JSON
 * @param fieldNames of the fields that are read, in the casing in which they are read
 */
export function camelFields(given: unknown, fieldNames: readonly string[]): unknown {
  const byLowerCase = new Map([...KEPT, ...fieldNames].map((name) => [name.toLowerCase(), name]));

  function renamed(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
    if (Array.isArray(value)) return value.map((entry) => renamed(entry, depth + 1));
    const read: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      const field = byLowerCase.get(name.toLowerCase()) ?? camelCase(name);
      if (name === '__proto__' || (field !== name && Object.hasOwn(value, field))) continue;
      read[field] = KEPT.has(field) ? member : renamed(member, depth + 1);
    }
    return read;
  }
  return renamed(given, 0);
}

/** A run of capitals is one word: all of it, but for the capital that begins the next. */
const camelCase = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase());

/**
 * What the CAD itself says about an error: at most 200 characters, without the keys, web addresses and what follows "Bearer".
 *
 * @returns null when it says nothing
 */
function saidByAnswer(value: unknown, keys: KeyRing): string | null {
  const said = ['detail', 'message', 'title', 'error']
    .map((name) => fieldOf(value, name))
    .find((text) => text !== null);
  if (said === undefined || said === null) return null;
  const shown = withoutSecrets(said, keys).trim();
  if (shown === '') return null;
  const characters = [...shown];
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN - 1).join('')}…` : shown;
}

/** A documented error is no deeper. */
const MAX_ERROR_DEPTH = 8;

/** An error for scripts. Its `type` is a web address by which they tell errors apart. */
function errorAnswer(value: unknown, keys: KeyRing, depth = 0): unknown {
  if (typeof value === 'string') return withoutSecrets(value, keys);
  if (typeof value !== 'object' || value === null || depth > MAX_ERROR_DEPTH) return value;
  if (Array.isArray(value)) return value.map((entry) => errorAnswer(entry, keys, depth + 1));
  const members = Object.entries(value).map(([name, member]) => {
    const isKind = name === 'type' && typeof member === 'string';
    return [keys.mask(name), isKind ? keys.mask(member) : errorAnswer(member, keys, depth + 1)];
  });
  return Object.fromEntries(members);
}

/** The keys go first, in a way that ends no address: one may have a sign in it that does. */
function withoutSecrets(text: string, keys: KeyRing): string {
  const shown = keys.mask(text, MASK).replace(ADDRESS, '<address>').replace(BEARER, MASK);
  return shown.replaceAll(MASK, '<key>');
}

/** By which the CAD's support finds a request; null when the answer names none. */
function traceIdOf(headers: AnswerHeaders, value: unknown, keys: KeyRing): string | null {
  const named = [
    headers.get('x-trace-id'),
    headers.get('x-kong-request-id'),
    fieldOf(value, 'traceId'),
    fieldOf(value, 'request_id'),
  ];
  return named.find((id) => id !== null && TRACE_ID.test(id) && keys.mask(id) === id) ?? null;
}

/** A text field of an answer, in any casing. */
function fieldOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).find(([field]) => field.toLowerCase() === name.toLowerCase())?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}
