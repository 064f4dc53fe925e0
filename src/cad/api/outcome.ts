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
/** Upper bound of the CAD's own text in an error message. Longer text is truncated. */
const MAX_QUOTED_CHARACTERS = 200;
const TRACE_ID = /^[\w:.-]{1,100}$/;
const WEB_ADDRESS = /\bhttps?:\/\/[^\s"'<>]*/gi;
/** Stands for a key until all addresses are removed. The CAD's texts do not contain this character. */
const KEY_PLACEHOLDER = '\0';
const BEARER = /\bbearer\s+\S+/gi;

/** The request of an attempt, and the values that its outcome depends on. */
interface AttemptContext {
  readonly endpoint: Endpoint;
  readonly plan: PlannedRequest;
  /** All configured keys. They are removed from error messages. */
  readonly apiKeys: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds until the retry, unless the answer names another time. */
  readonly retryMs: number;
}

/** Turns an HTTP exchange into the outcome of an attempt: a result, or a retry. */
export function outcomeOf(attempt: Exchange, context: AttemptContext): Outcome {
  const { endpoint, plan, now, retryMs } = context;
  const keys = createKeyRing(context.apiKeys);
  const done = (result: ApiResult<unknown>): Outcome => ({ kind: 'done', result });

  if (attempt.kind === 'timeout' || attempt.kind === 'failed') {
    const result = describeNoAnswer(attempt, plan);
    return endpoint.mayRepeat ? { kind: 'retry', result, waitMs: retryMs, pausesEndpoint: false } : done(result);
  }

  const { status, headers } = attempt;
  if (attempt.kind === 'tooLong') {
    const traceId = traceIdOf(headers, null, keys);
    return done(failure('unreadable', "The CAD's answer is longer than 5 MiB.", { status, traceId }));
  }

  // An empty body counts as null.
  const { success: isJson, output } = v.safeParse(json, attempt.body.trim() === '' ? 'null' : attempt.body);
  const value = isJson ? output : null;
  const traceId = traceIdOf(headers, value, keys);
  if (status >= 200 && status < 300) {
    if (isJson) return done(readAnswer(endpoint, value, { status, traceId }));
    const message = "The CAD's answer is not JSON: check that apiUrl leads to the CAD.";
    return done(failure('unreadable', message, { status, traceId }));
  }

  const wait = retryAfterMs(headers, 'ratelimit-reset', now);
  const error = answeredError({
    status,
    cadMessage: cadMessageOf(value, keys),
    traceId,
    retryAfterMs: wait,
    serverId: plan.serverId,
    about: endpoint.about,
  });
  const result = { ...error, ...(value !== null && { answer: maskErrorAnswer(value, keys) }) };

  // A request refused by the rate limit was not carried out, so any endpoint may repeat it.
  const isRateLimited = status === 429;
  const mayRetry = isRateLimited || (status >= 500 && endpoint.mayRepeat);
  return mayRetry ? { kind: 'retry', result, waitMs: wait ?? retryMs, pausesEndpoint: isRateLimited } : done(result);
}

function describeNoAnswer(
  attempt: Exchange & { kind: 'timeout' | 'failed' },
  { host }: PlannedRequest,
): ApiResult<never> {
  const advice = 'check that this machine may connect to it, or wait until it is back';
  if (attempt.kind === 'failed') {
    return failure('unreachable', `The CAD's API at ${host} cannot be reached (${attempt.code}): ${advice}.`);
  }
  const time = inSeconds(attempt.afterMs);
  return failure('unreachable', `The CAD's API at ${host} did not answer within ${time}: ${advice}.`);
}

function readAnswer(
  { output, keepsFields }: Endpoint,
  value: unknown,
  errorFields: { status: number; traceId: string | null },
): ApiResult<unknown> {
  const given = keepsFields ? value : camelFields(value, output.fieldNames);
  const parsed = parseAnswer(output.schema, given);
  if (parsed?.success) return { ok: true, data: parsed.output, ...(value !== null && { answer: value }) };
  const reason = firstReason(parsed?.issues ?? []);
  return failure('unreadable', `The CAD's answer was not understood: ${reason}.`, errorFields);
}

/** @returns null for an answer that is nested too deeply to be parsed */
function parseAnswer(schema: v.GenericSchema, given: unknown): v.SafeParseResult<v.GenericSchema> | null {
  try {
    return v.safeParse(schema, given);
  } catch (error) {
    if (error === UNREADABLE) return null;
    throw error;
  }
}

/** Describes the first issue without quoting the answer. */
function firstReason(issues: readonly v.BaseIssue<unknown>[]): string {
  const reason = describeIssues(issues)[0] ?? 'another shape was expected';
  return reason.replace(/^data/, 'answer').replace(/ text ".*$/s, ' text');
}

/**
 * Fields whose members keep their casing, because communities and scripts name them, or they are written back to the
 * CAD.
 */
const OPAQUE_FIELDS = new Set(['metaData', 'servers', 'values', 'permissions']);

/** Upper bound of renamed levels of an answer. Deeper fields keep their casing. */
const MAX_DEPTH = 32;

/**
 * Renames the fields of an answer to lower camel case, because the CAD writes `callId`, `CallId` and `CallID`. Of two
 * casings of one field, the right one wins. Members of `metaData`, `servers`, `values` and `permissions` keep their
 * names.
 *
 * @param given parsed JSON
 * @param fieldNames the names of the fields that the endpoint reads, in the casing in which it reads them
 */
export function camelFields(given: unknown, fieldNames: readonly string[]): unknown {
  const byLowerCase = new Map([...OPAQUE_FIELDS, ...fieldNames].map((name) => [name.toLowerCase(), name]));

  function rename(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
    if (Array.isArray(value)) return value.map((entry) => rename(entry, depth + 1));
    const renamed: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      const field = byLowerCase.get(name.toLowerCase()) ?? camelCase(name);
      if (name === '__proto__' || (field !== name && Object.hasOwn(value, field))) continue;
      renamed[field] = OPAQUE_FIELDS.has(field) ? member : rename(member, depth + 1);
    }
    return renamed;
  }
  return rename(given, 0);
}

/** Lowers the first word. A run of capitals is one word, except for a last capital that begins the next word. */
const camelCase = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase());

/**
 * Reads the CAD's own message from an error: at most 200 characters, without keys, web addresses and bearer tokens.
 *
 * @returns null when the answer has no message
 */
function cadMessageOf(value: unknown, keys: KeyRing): string | null {
  const names = ['detail', 'message', 'title', 'error'];
  const message = names.map((name) => textFieldOf(value, name)).find((text) => text !== null);
  if (message === undefined || message === null) return null;

  const masked = removeSecrets(message, keys).trim();
  if (masked === '') return null;
  const characters = [...masked];
  if (characters.length <= MAX_QUOTED_CHARACTERS) return masked;
  return `${characters.slice(0, MAX_QUOTED_CHARACTERS - 1).join('')}…`;
}

/** Upper bound of masked levels of an error. The CAD's documented errors have fewer levels. */
const MAX_ERROR_DEPTH = 8;

/** Removes secrets from an error for scripts. Its `type` keeps the web address by which scripts tell errors apart. */
function maskErrorAnswer(value: unknown, keys: KeyRing, depth = 0): unknown {
  if (typeof value === 'string') return removeSecrets(value, keys);
  if (typeof value !== 'object' || value === null || depth > MAX_ERROR_DEPTH) return value;
  if (Array.isArray(value)) return value.map((entry) => maskErrorAnswer(entry, keys, depth + 1));
  const members = Object.entries(value).map(([name, member]) => {
    const isType = name === 'type' && typeof member === 'string';
    return [keys.mask(name), isType ? keys.mask(member) : maskErrorAnswer(member, keys, depth + 1)];
  });
  return Object.fromEntries(members);
}

/**
 * Masks keys before addresses: a key in an address may contain a character that would end the address and leave part of
 * the key. The placeholder does not end an address.
 */
function removeSecrets(text: string, keys: KeyRing): string {
  const masked = keys.mask(text, KEY_PLACEHOLDER).replace(WEB_ADDRESS, '<address>').replace(BEARER, KEY_PLACEHOLDER);
  return masked.replaceAll(KEY_PLACEHOLDER, '<key>');
}

/** @returns the id by which the CAD's support finds the request; null when the answer has none */
function traceIdOf(headers: AnswerHeaders, value: unknown, keys: KeyRing): string | null {
  const named = [
    headers.get('x-trace-id'),
    headers.get('x-kong-request-id'),
    textFieldOf(value, 'traceId'),
    textFieldOf(value, 'request_id'),
  ];
  return named.find((id) => id !== null && TRACE_ID.test(id) && keys.mask(id) === id) ?? null;
}

/** @returns a text field of an answer, in any casing; null when it is missing or empty */
function textFieldOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).find(([field]) => field.toLowerCase() === name.toLowerCase())?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}
