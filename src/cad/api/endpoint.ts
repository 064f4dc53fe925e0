import type { Fields } from '../../events/read-values.ts';
import { type Answer, anyAnswer } from './answers.ts';

/** Makes all members optional. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The input of a server's endpoints, which may name another server than the configured one. */
export type OnServer = Optional<{ serverId: number }>;

/** Reads a part of an endpoint's input from a script's data: with one function, or with a reader for each member. */
export type InputReader<Input> =
  | ((data: Fields, whole: Fields | readonly unknown[]) => Optional<Input>)
  | { readonly [K in keyof Input]?: (given: unknown) => Input[K] | undefined };

/** How the export `performApiRequest` translates a script's data and the answer. */
export interface LegacyRequest<Input, Output> {
  /** Readers that together build the input. Members that the script left out are missing, and the CAD reports them. */
  readonly reads?: readonly InputReader<Input>[];
  /** Formats the answer as the text that version 1 of the API sent, for scripts that parse it. */
  readonly toText?: (output: Output) => string;
  /** Creates the result that the official resource gives scripts, when it is not the CAD's answer. */
  readonly gives?: (output: Output, answers: readonly unknown[]) => unknown;
  /** The member names under which a script may give the list, for endpoints that also take a bare list. */
  readonly listNames?: readonly string[];
  /** Splits a script's data into entries. Each entry is sent as a separate request. */
  readonly entries?: (whole: Fields | readonly unknown[]) => readonly unknown[];
}

/** One endpoint of the CAD's REST API, with all that the resource knows about it. */
export interface Endpoint<Input extends object = object, Output = unknown> {
  /**
   * Method and path. `{name}` stands for a member of the input, `{name?}` for an optional one, and `{serverId}` for the
   * configured server unless the input names another. Other members go into the query of a GET, or into the body.
   */
  readonly request: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /** A short description for the docs. */
  readonly says: string;
  /**
   * The method of the vendor's client and its arguments, in order. `...` stands for a table with the other members of
   * the input, and `...changes` for a table with the changed fields.
   */
  readonly client: readonly [method: string, ...args: string[]];
  /**
   * The endpoint's names in `performApiRequest`, separated by spaces: those of the official resource's version 4, and
   * those of version 1 that scripts still use. A star marks names that version 1 answered with text.
   */
  readonly legacy: Readonly<Record<string, LegacyRequest<NoInfer<Input>, NoInfer<Output>>>>;
  /** Carries the input's type. Its value is not used. */
  readonly input: Input;
  /** Default values of members that the input lacks. */
  readonly presets?: AsSent;
  /** Builds the body, when it is not an object of the members that are not in the path. */
  readonly body?: (input: Input) => unknown;
  /** The CAD's rate limit in requests a minute, shared by all clients that use the key. */
  readonly perMinute: number;
  /** Whether equal requests in flight may share one answer. */
  readonly mayCoalesce: boolean;
  /** Whether the answer must be newer than the request, so that requests join only before the first is sent. */
  readonly mustBeNew: boolean;
  /** Whether the endpoint is idempotent, so that a request without an answer may be retried. */
  readonly mayRepeat: boolean;
  /** Whether a request may wait for the rate limit. Otherwise it is sent at once or refused. */
  readonly mayWait: boolean;
  /** The member of the input that replaces the CAD's whole list, so that an empty one is refused; null for none. */
  readonly replacesBy: string | null;
  /** The kind of thing that the path names beside the server, for error messages; null for none. */
  readonly about: string | null;
  /** Whether the answer's field names keep their casing, because communities chose them. */
  readonly keepsFields: boolean;
  readonly output: Answer<Output>;
}

/** Data of a script that is passed on unchecked. The CAD reports its errors. */
export type AsSent = Readonly<Record<string, unknown>>;

const DEFAULT_PER_MINUTE = 10;

/**
 * Completes the row of an endpoint with defaults from its method and path: GETs are coalesced, all but POSTs may be
 * repeated, and `about` is the path's last kind of id.
 */
export function endpoint<Input extends object, Output>(
  request: Endpoint['request'],
  row: Pick<Endpoint<Input, Output>, 'says' | 'client'> & Partial<Omit<Endpoint<Input, Output>, 'request'>>,
): Endpoint<Input, Output> {
  const { method, path } = splitRequest({ request });
  return {
    request,
    legacy: {},
    input: takes(),
    perMinute: DEFAULT_PER_MINUTE,
    mayCoalesce: method === 'GET',
    mustBeNew: false,
    mayRepeat: method !== 'POST',
    mayWait: true,
    replacesBy: null,
    about: /\{(?!serverId)(\w+?)(?:Id|Uuid|Name)\}/.exec(path)?.[1] ?? null,
    keepsFields: false,
    output: anyAnswer as Answer<Output>,
    ...row,
  };
}

/** Declares the input's type of an endpoint. */
export const takes = <Input extends object>(): Input => ({}) as Input;

/** Creates the row of an endpoint that passes on a script's data unchecked. */
export const asSent = (...row: Parameters<typeof endpoint<OnServer & AsSent, unknown>>): Endpoint<OnServer & AsSent> =>
  endpoint(...row);

/** Splits the request of an endpoint into its method and its path. */
export function splitRequest({ request }: Pick<Endpoint, 'request'>): {
  readonly method: string;
  readonly path: string;
} {
  const [method = '', path = ''] = request.split(' ');
  return { method, path };
}
