import type { Fields } from '../../events/read-values.ts';
import { type Answer, anyAnswer } from './answers.ts';

/** Members that may be left out. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** For endpoints of a server: another one than the configured may be named. */
export type OnServer = Optional<{ serverId: number }>;

/** Makes a part of an endpoint's input of what a script gave: by a function, or member by member of the same name. */
export type InputReader<Input> =
  | ((data: Fields, whole: Fields | readonly unknown[]) => Optional<Input>)
  | { readonly [K in keyof Input]?: (given: unknown) => Input[K] | undefined };

/** How scripts ask an endpoint by the export `performApiRequest`. */
export interface LegacyRequest<Input, Output> {
  /** Make the input, each a part of it. What a script left out is missing, and the CAD says so. */
  readonly reads?: readonly InputReader<Input>[];
  /** The text that version 1 of the API answered, for scripts that look into it. */
  readonly toText?: (output: Output) => string;
  /** What the official resource gives scripts, where that is not what the CAD answered. */
  readonly gives?: (output: Output, answers: readonly unknown[]) => unknown;
  /** For a list that may stand by itself: the names under which it may stand, too. */
  readonly listNames?: readonly string[];
  /** For what may be given as a list, each of which is a request of its own. */
  readonly entries?: (whole: Fields | readonly unknown[]) => readonly unknown[];
}

/** One request that the CAD understands: all that is known about it. */
export interface Endpoint<Input extends object = object, Output = unknown> {
  /**
   * Method and path. `{name}` stands for that member of the input, `{name?}` for one that may be missing, `{serverId}` for the
   * configured server unless the input names another. Members that are not in the path go into the query of a GET, else into the body.
   */
  readonly request: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /** What it does, for the documents. */
  readonly says: string;
  /**
   * Its method in the vendor's client, and the method's arguments in order. `...` is a table with what else the endpoint takes,
   * `...changes` one with what shall be changed.
   */
  readonly client: readonly [method: string, ...args: string[]];
  /**
   * Its names for `performApiRequest`, several in one text: those of the official resource's version 4, and those of version 1 that
   * scripts still send. A star marks a name that version 1 answered by text.
   */
  readonly legacy: Readonly<Record<string, LegacyRequest<NoInfer<Input>, NoInfer<Output>>>>;
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
  readonly output: Answer<Output>;
}

/** What a script sends, passed on as it is: the CAD says what is wrong with it. */
export type AsSent = Readonly<Record<string, unknown>>;

const USUAL_PER_MINUTE = 10;

/**
 * An endpoint; what is not said follows from its request: GETs are shared, only POSTs are not repeated, and it is about what the
 * path names.
 */
export function endpoint<Input extends object, Output>(
  request: Endpoint['request'],
  row: Pick<Endpoint<Input, Output>, 'says' | 'client'> & Partial<Omit<Endpoint<Input, Output>, 'request'>>,
): Endpoint<Input, Output> {
  const { method, path } = partsOf({ request });
  return {
    request,
    legacy: {},
    input: takes(),
    perMinute: USUAL_PER_MINUTE,
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

/** Says which input an endpoint takes. */
export const takes = <Input extends object>(): Input => ({}) as Input;

/** An endpoint that passes on what a script sends. */
export const asSent = (...row: Parameters<typeof endpoint<OnServer & AsSent, unknown>>): Endpoint<OnServer & AsSent> =>
  endpoint(...row);

export function partsOf({ request }: Pick<Endpoint, 'request'>): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = request.split(' ');
  return { method, path };
}
