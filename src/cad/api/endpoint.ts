import { URL, URLSearchParams } from 'node:url';
import * as v from 'valibot';
import { type Field, filled, needed, shape } from '../../events/fields.ts';
import { flag, type Kind, whole } from '../../events/kinds.ts';
import { type Fields, readIds, readText, readWhole } from '../../events/read-values.ts';
import { endingRun } from '../../lib/text.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { type ApiResult, failure } from './results.ts';

/** Members that may be left out. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** For endpoints of a server: another one than the configured may be named. */
export type OnServer = Optional<{ serverId: number }>;

/** One request that the CAD understands. */
export interface Endpoint<Input extends object = object, Output = unknown> {
  /**
   * Method and path. `{name}` stands for that member of the input, `{name?}` for one that may be missing, `{serverId}` for the
   * configured server unless the input names another. Members that are not in the path go into the query of a GET, else into the body.
   */
  readonly request: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /** Only its type counts. */
  readonly input: Input;
  /** What is sent besides, where the input does not say otherwise. */
  readonly presets?: AsSent;
  /** Makes the body, where it is not the members that are left. */
  readonly body?: (input: Input) => unknown;
  /** How many the CAD takes a minute, for all who use the key. */
  readonly perMinute: number;
  /** Whether equal requests may share one answer. */
  readonly mayCoalesce: boolean;
  /** Whether its answer has to be newer than the question, so that one under way is not shared. */
  readonly mustBeNew: boolean;
  /** Whether it may be made again when it is not known what became of it. */
  readonly mayRepeat: boolean;
  /** Whether it may wait for its turn; one that may not is made at once or never. */
  readonly mayWait: boolean;
  /** The member of the input whose list takes the place of the CAD's, so that an empty one would clear it; null for none. */
  readonly replacesBy: string | null;
  /** What the path names beside the server, for the message when there is none; null for nothing. */
  readonly about: string | null;
  /** Whether the fields of the answer are names that people gave, and stay as they are. */
  readonly keepsFields: boolean;
  readonly output: v.GenericSchema<unknown, Output>;
}

/** What a script sends, passed on as it is: the CAD says what is wrong with it. */
export type AsSent = Readonly<Record<string, unknown>>;

const USUAL_PER_MINUTE = 10;
const MAX_BODY_CHARACTERS = 1024 * 1024;

/**
 * An endpoint; what is not said follows from its request: GETs are shared, only POSTs are not repeated, and it is about what the
 * path names.
 */
export function endpoint<Input extends object, Output>(
  request: Endpoint['request'],
  row: Partial<Omit<Endpoint<Input, Output>, 'request'>> = {},
): Endpoint<Input, Output> {
  const { method, path } = partsOf({ request });
  return {
    request,
    input: takes(),
    perMinute: USUAL_PER_MINUTE,
    mayCoalesce: method === 'GET',
    mustBeNew: false,
    mayRepeat: method !== 'POST',
    mayWait: true,
    replacesBy: null,
    about: /\{(?!serverId)(\w+?)(?:Id|Uuid|Name)\}/.exec(path)?.[1] ?? null,
    keepsFields: false,
    // Any answer: what counts is that there is one.
    output: v.unknown() as v.GenericSchema<unknown, Output>,
    ...row,
  };
}

/** Says which input an endpoint takes. */
export const takes = <Input extends object>(): Input => ({}) as Input;

/** An endpoint that passes on what a script sends. */
export const asSent = (...row: Parameters<typeof endpoint<OnServer & AsSent, unknown>>): Endpoint<OnServer & AsSent> =>
  endpoint(...row);

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
): { readonly ok: true; readonly plan: PlannedRequest } | (ApiResult<never> & { readonly ok: false }) {
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

function partsOf({ request }: Pick<Endpoint, 'request'>): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = request.split(' ');
  return { method, path };
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

type Answer<Output> = v.GenericSchema<unknown, Output>;

/** A whole number, or its text, that must be there. */
export const neededWhole = needed(whole);

/** A boolean or its text, that must be there. */
export const neededFlag = needed(flag);

/** A field that is always understood: what cannot be read is the one thing that stands for nothing. */
function orNothing<Output>(read: (given: unknown) => Output): Field<Output, true> {
  const schema = v.pipe(v.unknown(), v.transform(read));
  return filled({ read: schema, becomes: schema, shown: null }, null);
}

/** A whole number; null where there is none. */
export const wholeOrNull = orNothing((given) => readWhole(given) ?? null);

/** Text; empty where there is none. */
export const textOrEmpty = orNothing((given) => readText(given) ?? '');

/** Text; null where there is none. */
export const textOrNull = orNothing((given) => readText(given) ?? null);

/** Whole numbers; unreadable ones are left out. */
export const wholes = orNothing((given): number[] => readIds(given));

/** A list; empty where there is none. */
export const listOrNone = orNothing((given): unknown[] => (Array.isArray(given) ? given : []));

/** A list that must be there: one that is missing would read as "there is nothing". Null is an empty one. */
export const list: Answer<unknown[]> = v.pipe(
  v.unknown(),
  v.transform((given) => (given === null ? [] : given)),
  v.array(v.unknown(), 'a list'),
);

export const neededList = needed(kindOf(list));

/** The kind of value that a schema takes. */
export function kindOf<Output>(schema: Answer<Output>): Kind<Output> {
  return { read: schema, becomes: schema, shown: null };
}

const find = (given: unknown): Fields | undefined =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;

type Declared = Parameters<typeof shape>[1];
type OutputOf<Of extends Declared> = ReturnType<typeof shape<Of>> extends Kind<infer Output> ? Output : never;

/** An object with these fields and no others. */
export function only<const Of extends Declared>(fields: Of): Answer<OutputOf<Of>> {
  return shape(null, fields, { find, rest: () => undefined }).read as Answer<OutputOf<Of>>;
}

/** An object with these fields; others stay as they are. */
export function loose<const Of extends Declared>(fields: Of): Answer<OutputOf<Of> & Fields> {
  return shape(null, fields, { find }).read as Answer<OutputOf<Of> & Fields>;
}
