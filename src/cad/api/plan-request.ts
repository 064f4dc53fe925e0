import { URL, URLSearchParams } from 'node:url';
import { readText } from '../../events/read-values.ts';
import { endingRun } from '../../lib/text.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { type AsSent, type Endpoint, partsOf } from './endpoint.ts';
import { type Failure, failure } from './results.ts';

const MAX_BODY_CHARACTERS = 1024 * 1024;

/** A request as it will be made, but for the key. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  /** For messages: neither path nor query. */
  readonly host: string;
  readonly body: string | null;
  /** The server that the path names; null for none. */
  readonly serverId: number | null;
}

/**
 * Makes the address and the body of a request.
 *
 * @returns a refusal when something that the path needs is missing, a list that replaces another has nothing in it, or the body
 *   is over a million characters or no JSON
 */
export function planRequest(
  endpoint: Endpoint,
  input: object,
  config: Pick<CadSettings, 'apiUrl' | 'mode' | 'serverId'>,
): { readonly ok: true; readonly plan: PlannedRequest } | Failure {
  const { method, path: pattern } = partsOf(endpoint);
  const path = pathOf(pattern, { ...input }, config.serverId);
  const others = othersOf(pattern, { ...input }, endpoint.presets);
  const url = new URL(apiHost(config));
  const base = url.pathname.slice(0, url.pathname.length - endingRun(url.pathname, '/'));
  url.pathname = `${base}${path}`;
  url.search = method === 'GET' ? queryOf(others) : '';
  url.hash = '';
  // An empty step, or one of dots that the URL takes for "up", would ask for something else.
  if (path.includes('//') || path.endsWith('/') || url.pathname !== `${base}${path}`) {
    return failure('refused', `The request does not say which ${endpoint.about ?? 'server'} it is about.`);
  }
  const { replacesBy } = endpoint;
  if (replacesBy !== null && !isFilledList(Reflect.get(input, replacesBy))) {
    return failure('refused', `The request has no list of ${replacesBy}, and would remove those that the CAD has.`);
  }
  const body = method === 'GET' ? null : toJson(endpoint.body === undefined ? others : endpoint.body(input));
  if (body === undefined) return failure('refused', 'The request holds something that cannot be written as JSON.');
  if (body !== null && body.length > MAX_BODY_CHARACTERS) {
    return failure('refused', 'The request is longer than a million characters.');
  }
  const server = /\/servers\/([^/]+)/.exec(path)?.[1];
  return {
    ok: true,
    plan: { method, url: url.href, host: url.host, body, serverId: server === undefined ? null : Number(server) },
  };
}

/** @returns the path; a step is empty where the input has no value for it, or a function or a table */
function pathOf(path: string, input: AsSent, serverId: number): string {
  return path.replace(/\/\{(\w+)(\??)\}/g, (_step, name: string, mayMiss: string) => {
    const value = name === 'serverId' ? (input[name] ?? serverId) : input[name];
    if (value === undefined && mayMiss !== '') return '';
    return `/${encodeURIComponent(readText(value)?.toWellFormed() ?? '')}`;
  });
}

/** @returns what the path does not name, and the presets; undefined when there is nothing */
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

/** Whether a list holds objects with something in them, one at least. */
function isFilledList(given: unknown): boolean {
  const isFilled = (entry: unknown) => typeof entry === 'object' && entry !== null && Object.keys(entry).length > 0;
  return Array.isArray(given) && given.length > 0 && given.every(isFilled);
}

/** @returns null for none, undefined when it cannot be written */
function toJson(value: unknown): string | null | undefined {
  if (value === undefined) return null;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
