import { URL, URLSearchParams } from 'node:url';
import { readText } from '../../events/read-values.ts';
import { endingRun } from '../../lib/text.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { type AsSent, type Endpoint, splitRequest } from './endpoint.ts';
import { type Failure, failure } from './results.ts';

/** Upper bound of a request's JSON body. Longer requests are refused. */
const MAX_BODY_CHARACTERS = 1024 * 1024;

/** An HTTP request without its headers. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  /** Host and port, for messages. */
  readonly host: string;
  readonly body: string | null;
  /** The server id in the path; null when it has none. */
  readonly serverId: number | null;
}

/**
 * Builds the URL and the body of a request.
 *
 * @returns an error of kind `refused` when a path parameter is missing, a list that replaces the CAD's is empty, or the
 *   body is longer than a million characters or not JSON
 */
export function planRequest(
  endpoint: Endpoint,
  input: object,
  config: Pick<CadSettings, 'apiUrl' | 'mode' | 'serverId'>,
): { readonly ok: true; readonly plan: PlannedRequest } | Failure {
  const { method, path: pattern } = splitRequest(endpoint);
  const path = pathOf(pattern, { ...input }, config.serverId);
  const others = othersOf(pattern, { ...input }, endpoint.presets);

  const url = new URL(apiHost(config));
  const base = url.pathname.slice(0, url.pathname.length - endingRun(url.pathname, '/'));
  url.pathname = `${base}${path}`;
  url.search = method === 'GET' ? queryOf(others) : '';
  url.hash = '';
  // An empty path segment, or a segment of dots that URL resolves, would address another endpoint.
  if (path.includes('//') || path.endsWith('/') || url.pathname !== `${base}${path}`) {
    return failure('refused', `The request does not say which ${endpoint.about ?? 'server'} it is about.`);
  }

  const { replacesBy } = endpoint;
  if (replacesBy !== null && !isFilledList(Reflect.get(input, replacesBy))) {
    return failure('refused', `The request has no list of ${replacesBy}, and would remove all of them from the CAD.`);
  }

  const body = method === 'GET' ? null : toJson(endpoint.body === undefined ? others : endpoint.body(input));
  if (body === undefined) return failure('refused', 'The request contains a value that cannot be written as JSON.');
  if (body !== null && body.length > MAX_BODY_CHARACTERS) {
    return failure('refused', 'The request is longer than a million characters.');
  }

  const server = /\/servers\/([^/]+)/.exec(path)?.[1];
  return {
    ok: true,
    plan: { method, url: url.href, host: url.host, body, serverId: server === undefined ? null : Number(server) },
  };
}

/** @returns the path; a segment is empty when the input has no text or number for its parameter */
function pathOf(path: string, input: AsSent, serverId: number): string {
  return path.replace(/\/\{(\w+)(\??)\}/g, (_segment, name: string, optionalMark: string) => {
    const value = name === 'serverId' ? (input[name] ?? serverId) : input[name];
    if (value === undefined && optionalMark !== '') return '';
    return `/${encodeURIComponent(readText(value)?.toWellFormed() ?? '')}`;
  });
}

/** @returns the presets and the members of the input that are not in the path; undefined when there are none */
function othersOf(path: string, input: AsSent, presets: AsSent = {}): AsSent | undefined {
  const isInPath = (name: string) => path.includes(`{${name}}`) || path.includes(`{${name}?}`);
  const others = Object.entries(input).filter(([name, value]) => value !== undefined && !isInPath(name));
  const all = { ...presets, ...Object.fromEntries(others) };
  return Object.keys(all).length === 0 ? undefined : all;
}

function queryOf(values: AsSent = {}): string {
  return new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Whether a value is a list with at least one entry, and all entries are objects with members. */
function isFilledList(given: unknown): boolean {
  const isFilled = (entry: unknown) => typeof entry === 'object' && entry !== null && Object.keys(entry).length > 0;
  return Array.isArray(given) && given.length > 0 && given.every(isFilled);
}

/** @returns null for a missing value; undefined when the value cannot be written as JSON */
function toJson(value: unknown): string | null | undefined {
  if (value === undefined) return null;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
