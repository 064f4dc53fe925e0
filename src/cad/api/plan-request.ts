import { URL, URLSearchParams } from 'node:url';
import { isApiUrl } from '../../config/api-url.ts';
import type { Config } from '../../config/schema.ts';
import { apiHost } from '../api-host.ts';
import { failure } from './api-error.ts';
import type { ApiResult } from './api-result.ts';
import type { Endpoint, Query } from './endpoints/endpoint.ts';

/** What of the configuration the client needs. */
export type ApiConfig = Pick<Config, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

/** A request as it will be made, but for the key. */
export interface PlannedRequest {
  readonly url: string;
  /** For messages: neither path nor query. */
  readonly host: string;
  readonly body: string | null;
  /** The server that the path names; null for none. */
  readonly serverId: number | null;
}

const MAX_BODY_CHARACTERS = 1024 * 1024;

/** Why nothing is asked of the CAD; null when things are. */
export function disabledError({ apiSendEnabled, apiKeys, apiUrl }: ApiConfig): ReturnType<typeof failure> | null {
  if (!apiSendEnabled) {
    return failure('disabled', 'Nothing is asked of the CAD: apiSendEnabled is false.');
  }
  if (apiKeys.length === 0) {
    return failure('disabled', "There is no API key: put the key from the community's admin settings into apiKey.");
  }
  if (apiUrl !== '' && !isApiUrl(apiUrl)) {
    return failure(
      'disabled',
      'The API key is not sent to apiUrl: it must be an https URL, or an http URL on this machine.',
    );
  }
  return null;
}

/**
 * Makes the address and the body of a request.
 *
 * @returns a refusal when something that the path needs is missing, a list that replaces another has nothing in it, or the body
 *   is over a million characters or no JSON
 */
export function planRequest(
  endpoint: Endpoint<object, unknown>,
  input: object,
  config: ApiConfig,
): { readonly ok: true; readonly plan: PlannedRequest } | (ApiResult<never> & { readonly ok: false }) {
  const path = endpoint.path(input, config.serverId);
  const url = new URL(apiHost(config));
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = `${base}${path}`;
  url.search = queryOf(endpoint.query?.(input) ?? {});
  url.hash = '';
  // An empty step, or one of dots that the URL takes for "up", would ask for something else.
  if (path.includes('//') || path.endsWith('/') || url.pathname !== `${base}${path}`) {
    return failure('refused', `The request does not say which ${endpoint.about ?? 'server'} it is about.`);
  }
  const { replacesBy } = endpoint;
  if (replacesBy !== null && !isFilledList(Reflect.get(input, replacesBy))) {
    return failure('refused', `The request has no list of ${replacesBy}, and would remove those that the CAD has.`);
  }
  const body = bodyOf(endpoint.body?.(input));
  if (body === undefined) return failure('refused', 'The request holds something that cannot be written as JSON.');
  if (body !== null && body.length > MAX_BODY_CHARACTERS) {
    return failure('refused', 'The request is longer than a million characters.');
  }
  const server = /\/servers\/([^/]+)/.exec(path)?.[1];
  return {
    ok: true,
    plan: { url: url.href, host: url.host, body, serverId: server === undefined ? null : Number(server) },
  };
}

/** Whether a list holds objects with something in them, one at least. */
function isFilledList(given: unknown): boolean {
  const isFilled = (entry: unknown) => typeof entry === 'object' && entry !== null && Object.keys(entry).length > 0;
  return Array.isArray(given) && given.length > 0 && given.every(isFilled);
}

function queryOf(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  return params.toString();
}

/** @returns null for none, undefined when it cannot be written */
function bodyOf(value: unknown): string | null | undefined {
  if (value === undefined) return null;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
