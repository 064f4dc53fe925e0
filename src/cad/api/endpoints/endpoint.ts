import type * as z from 'zod';

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
  readonly isWrite: boolean;
  /** Whether it may be made again when nobody knows what became of it. */
  readonly mayRepeat: boolean;
  /** What the path names beside the server, for the message when there is none; null for nothing. */
  readonly about: string | null;
  /** Whether the fields of the answer are names that people gave, and stay as they are. */
  readonly keepsFields: boolean;
  readonly answer: z.ZodType<Output>;
}

type Preset = 'perMinute' | 'mayCoalesce' | 'isWrite' | 'mayRepeat' | 'about' | 'keepsFields';
type EndpointOptions<Input extends object, Output> = Omit<Endpoint<Input, Output>, Preset> &
  Partial<Pick<Endpoint<Input, Output>, Preset>>;

const USUAL_PER_MINUTE = 10;

/** An endpoint; what is not said follows from its method: GETs are shared, and only POSTs are not repeated. */
export function endpoint<Input extends object, Output>(
  options: EndpointOptions<Input, Output>,
): Endpoint<Input, Output> {
  const isRead = options.method === 'GET';
  return {
    perMinute: USUAL_PER_MINUTE,
    mayCoalesce: isRead,
    isWrite: !isRead,
    mayRepeat: options.method !== 'POST',
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
