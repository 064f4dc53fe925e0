import type * as v from 'valibot';

/** What a request asks for in its address; unset entries are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One request that the CAD understands. */
export interface Endpoint<Input extends object = never, Output = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** @returns the path, each variable of it made by `segment` */
  path(input: Input, serverId: number): string;
  query?(input: Input): Query;
  body?(input: Input): unknown;
  /** How many the CAD takes a minute, for all who use the key. */
  readonly perMinute: number;
  /** Whether equal requests may share one answer. */
  readonly mayCoalesce: boolean;
  /** Whether its answer has to be newer than the question, so that one under way answers nobody else. */
  readonly mustBeNew: boolean;
  /** Whether it may be made again when nobody knows what became of it. */
  readonly mayRepeat: boolean;
  /** Whether it may wait for its turn; one that may not is made at once or never. */
  readonly mayWait: boolean;
  /** The field of the input whose list takes the place of the CAD's, so that an empty one would clear it; null for none. */
  readonly replacesBy: string | null;
  /** What the path names beside the server, for the message when there is none; null for nothing. */
  readonly about: string | null;
  /** Whether the fields of the answer are names that people gave, and stay as they are. */
  readonly keepsFields: boolean;
  readonly answer: v.GenericSchema<unknown, Output>;
}

type Preset =
  | 'perMinute'
  | 'mayCoalesce'
  | 'mustBeNew'
  | 'mayRepeat'
  | 'mayWait'
  | 'replacesBy'
  | 'about'
  | 'keepsFields';
type EndpointOptions<Input extends object, Output> = Omit<Endpoint<Input, Output>, Preset> &
  Partial<Pick<Endpoint<Input, Output>, Preset>>;

const USUAL_PER_MINUTE = 10;

/** An endpoint; what is not said follows from its method: GETs are shared, and only POSTs are not repeated. */
export function endpoint<Input extends object, Output>(
  options: EndpointOptions<Input, Output>,
): Endpoint<Input, Output> {
  return {
    perMinute: USUAL_PER_MINUTE,
    mayCoalesce: options.method === 'GET',
    mustBeNew: false,
    mayRepeat: options.method !== 'POST',
    mayWait: true,
    replacesBy: null,
    about: null,
    keepsFields: false,
    ...options,
  };
}

/** For endpoints of a server: another one than the configured may be named. */
export interface OnServer {
  readonly serverId?: number | undefined;
}

/** One step of a path. What is missing leaves it empty, by which the request is refused before it is made. */
export function segment(value: string | number | undefined): string {
  return value === undefined ? '' : encodeURIComponent(String(value).toWellFormed());
}

/** @returns the path of something of a server, below `emergency` */
export function onServer(input: OnServer, serverId: number, rest: string): string {
  return `/v2/emergency/servers/${segment(input.serverId ?? serverId)}/${rest}`;
}

/** A copy without these fields: what goes into the path has no place in the body. */
export function except<T extends object, K extends keyof T>(input: T, ...names: readonly K[]): Omit<T, K> {
  const copy = { ...input };
  for (const name of names) Reflect.deleteProperty(copy, name);
  return copy;
}
