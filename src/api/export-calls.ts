import type { ApiInput, ApiOutput, EndpointName } from '../cad/api/endpoints.ts';
import { type ApiResult, failure } from '../cad/api/results.ts';
import type { CadLink } from '../cad/cad-link.ts';
import { isSameIdentity } from '../events/catalogue/people.ts';
import { identitiesOfUnit, type Unit } from '../events/catalogue/units.ts';
import { readObject, readVector } from '../events/read-values.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Log } from '../lib/log.ts';
import { attempt } from '../lib/subscribers.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from '../platform/events.ts';

/** The parts of `Game` (src/game.ts) that exports about units read. */
export interface UnitsInGame {
  readonly state: StateView;
  readonly players: Pick<Players, 'coordinatesOf' | 'identifiersOf' | 'linkedIdentityOf'>;
}

/** What exports about units and calls need. */
export interface ExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly game: UnitsInGame;
  readonly warnings: CallerWarnings;
}

/** Adds the coordinates of the ped of the unit's player, where the server knows them. */
export function locateUnit(unit: Unit, { state, players }: UnitsInGame): Unit {
  for (const source of state.playersOfUnit(unit.id)) {
    const coordinates = players.coordinatesOf(source);
    if (coordinates !== null) return { ...unit, coordinates };
  }
  return unit;
}

/** Finds the unit as which a player signed in last, and adds its coordinates. */
export function findUnitOfPlayer(source: number, game: UnitsInGame): Unit | undefined {
  const unit = game.state.unitOfPlayer(source);
  return unit && locateUnit(unit, game);
}

/** Provides an export that takes one argument; a call without one that can be read gives `otherwise`, and is reported once. */
export function provideWith<Argument>(
  { events, warnings }: Pick<ExportContext, 'events' | 'warnings'>,
  name: string,
  read: (given: unknown) => Argument | undefined,
  answer: (argument: Argument) => unknown,
  otherwise?: unknown,
): void {
  events.provide(name, (given) => {
    const argument = read(given);
    if (argument !== undefined) return answer(argument);
    warnings.warnWrongArguments(events.caller(), name);
    return otherwise;
  });
}

/** Bounds the remembered warnings. When there are more, new ones are not printed. */
const MAX_REMEMBERED = 5_000;

const WRONG_ARGUMENTS =
  'A resource called an export with arguments that do not fit. ' +
  'There are too few or of another kind, or the call in Lua has a dot instead of a colon.';

/** What players' requests (`src/commands/players`) do for exports. */
export interface PlayerRequests {
  /** @returns the identity by which the CAD knows a player; null for none; a promise where the CAD has to be asked */
  identityInCad(source: number): string | null | Promise<string | null>;
  readonly links: { isLinked(identity: string): Promise<ApiResult<boolean>> };
  /** Sets the status of the unit with an identity, or of a player's unit. @returns whether the CAD accepted the status */
  setUnitStatus(identity: string, status: unknown, source: number | null): Promise<boolean>;
}

/** Finds the identity by which the CAD knows a player: one of the player's unit, or the one that is linked with an account. */
export function findIdentityInCad(
  source: number,
  { game, requests }: { readonly game: UnitsInGame; readonly requests: Pick<PlayerRequests, 'identityInCad'> },
): string | null | Promise<string | null> {
  const { state, players } = game;
  const unit = state.unitOfPlayer(source);
  if (unit === undefined) return requests.identityInCad(source);
  const identities = identitiesOfUnit(unit);
  const identifiers = players.identifiersOf(source);
  const own = identities.find((identity) => identifiers.some((identifier) => isSameIdentity(identity, identifier)));
  return own ?? players.linkedIdentityOf(source) ?? identities[0] ?? null;
}

/** Warns the operator about resources that call an export in a way that cannot work: once for each resource and export. */
export class CallerWarnings {
  readonly #log: Pick<Log, 'warn'>;
  readonly #ownName: string;
  readonly #warned = new Set<string>();

  /** @param ownName the folder under which this resource runs */
  constructor(log: Pick<Log, 'warn'>, ownName: string) {
    this.#log = log;
    this.#ownName = ownName;
  }

  /**
   * Prints a warning, unless the same resource was warned of the same before.
   *
   * @param caller the calling resource; null when it is not known
   * @param message a fixed sentence: text of the caller would make each call a new warning
   */
  warn(caller: string | null, name: string, message: string, example?: string): void {
    const call = `${caller} ${name} ${message}`;
    if (this.#warned.has(call) || this.#warned.size >= MAX_REMEMBERED) return;
    this.#warned.add(call);
    this.#log.warn(message, { resource: caller, export: name, example });
  }

  /** Warns of arguments that do not fit. A call with a dot in Lua loses its first argument, and looks like one with too few. */
  warnWrongArguments(caller: string | null, name: string): void {
    this.warn(caller, name, WRONG_ARGUMENTS, `exports['${this.#ownName}']:${name}(...)`);
  }
}

/** A server id or an ident: Lua scripts pass both as numbers and as text. Undefined for anything else. */
export function readId(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : undefined;
  return typeof given === 'string' && /^-?\d{1,15}$/.test(given) ? Number(given) : undefined;
}

/** A list of texts. Undefined for anything else. */
export function readTexts(given: unknown): string[] | undefined {
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : undefined;
}

export type Callback = (...args: unknown[]) => unknown;

/** The callback among the arguments, wherever it stands: a call may have lost its first argument. */
export function findCallback(args: readonly unknown[]): Callback | undefined {
  return args.findLast((argument): argument is Callback => typeof argument === 'function');
}

/** A place on the map as scripts give it: a Lua vector, a list, or a table with `x`, `y` and perhaps `z`. */
export function readPlace(given: unknown): { readonly x: number; readonly y: number; readonly z: number } | null {
  const vector = readVector(given);
  if (vector === null) return null;
  const [x = 0, y = 0, z = 0] = vector;
  return { x, y, z };
}

/** A place as text, where a call has no other location. */
export const describePlace = ({ x, y, z }: { x: number; y: number; z: number }): string =>
  [x, y, z].map((number) => number.toFixed(1)).join(', ');

/** What scripts send can be long; the CAD takes no more than this. */
const MAX_TEXT = 5_000;

/** Text or a number as text; empty for anything else. */
export function readText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') return '';
  return String(given).slice(0, MAX_TEXT).toWellFormed();
}

/** The fields of an object, or of the only one in a list, as the CAD's first API wanted it; none for anything else. */
export const readFields = (given: unknown): Record<string, unknown> => ({ ...readObject(given) });

/** The same with texts only: what is neither text, number nor boolean is left out. */
export function readTextFields(given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name, readText(value)])
      .filter(([, value]) => value !== ''),
  );
}

/** What exports that ask the CAD need. */
export interface ApiExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly link: Pick<CadLink, 'request'>;
  readonly warnings: CallerWarnings;
  readonly log: Log;
}

type CallContext = Pick<ApiExportContext, 'events' | 'warnings' | 'log'>;

/** The export, and the resource that called it, for the line that an operator reads when it failed. */
type Told = Pick<ApiExportContext, 'log'> & { readonly name: string; readonly caller: string | null };

const MISFIT = 'The arguments do not fit the export; the CAD was asked for nothing.';

/** One call of an export. To be read before anything else happens: the caller is known only until then. */
export type ExportCall = ReturnType<typeof readCall>;

function readCall({ events, warnings, log }: CallContext, name: string, args: readonly unknown[]) {
  const told = { log, name, caller: events.caller() };
  const callback = findCallback(args);
  return {
    ...told,
    callback,
    /** Tells the operator once that the arguments do not fit. */
    misfit: (): void => warnings.warnWrongArguments(told.caller, name),
    /** As `misfit`, for a call of which nothing else comes: `callback(reason, false)`. */
    refuseMisfit(): void {
      warnings.warnWrongArguments(told.caller, name);
      callBack(callback, [MISFIT, false], told);
    },
    /**
     * Refuses what cannot be done: `callback(reason, false)`, and one line for the operator for each resource and export.
     *
     * @param reason a whole sentence, without anything that the caller chose
     */
    refuse(reason: string): void {
      warnings.warn(told.caller, name, reason);
      callBack(callback, [reason, false], told);
    },
  };
}

/** Provides an export that answers a call by what is known of it and by its arguments. */
export function provideCall(
  context: CallContext,
  name: string,
  answer: (call: ExportCall, ...args: unknown[]) => unknown,
): void {
  context.events.provide(name, (...args) => answer(readCall(context, name, args), ...args));
}

/**
 * Provides an export that makes one request of its arguments, and hands the answer to its callback.
 *
 * @param show gives what the callback gets, of what was read of the CAD's answer and of that itself
 * @param read gives what the request takes, null for arguments that do not fit
 */
export function provideRequest<Name extends EndpointName>(
  context: ApiExportContext,
  name: string,
  endpoint: Name,
  show: (output: ApiOutput<Name>, answer: unknown, input: ApiInput<Name>) => unknown,
  read: (...args: unknown[]) => ApiInput<Name> | null,
): void {
  provideCall(context, name, (call, ...args) => {
    const input = read(...args);
    if (input === null) call.refuseMisfit();
    else
      void context.link
        .request(endpoint, input)
        .then((result) => handOver(call, result, (output, answer) => show(output, answer, input)));
  });
}

/**
 * Hands what came of a request to a script: `callback(what `show` gives, true)`, or `callback(reason, false)`.
 *
 * @param show gets what was read of the CAD's answer, and the answer itself
 * @param more what the callback gets besides
 */
export function handOver<Output>(
  call: Told & Pick<ExportCall, 'callback'>,
  result: ApiResult<Output>,
  show: (output: Output, answer: unknown) => unknown,
  ...more: readonly unknown[]
): void {
  const reason = result.ok ? undefined : result.error.message;
  if (!result.ok) reportRefused(call, result.error.message);
  callBack(call.callback, [result.ok ? show(result.data, answerOf(result)) : reason, result.ok, ...more], call);
}

/** Tells the operator what has not been done, and for whom. */
export function reportRefused({ log, name, caller }: Told, reason: string): void {
  const origin = { resource: caller, export: name, reason };
  log.coalesce(origin).warn("A resource's request to the CAD was not carried out.");
}

/** What the CAD answered, in its own casing. */
export const answerOf = ({ data, answer }: ApiResult<unknown> & { readonly ok: true }): unknown => answer ?? data;

/** The same as the JSON text as which the official resource hands some answers over. */
export const asJson = (_output: unknown, answer: unknown): string => JSON.stringify(answer ?? []);

/** Requests that one call of an export may make. */
const MAX_REQUESTS = 100;
/** How often one is made for which the CAD's minute has no room: each time waits for half a minute. */
const MAX_TRIES = 4;

/**
 * Makes requests of a kind one after the other, as the CAD's limit has room for them; the first that fails ends it.
 *
 * @returns what the CAD has answered to those that were made, and the one that failed
 */
export async function requestEach<Name extends EndpointName>(
  link: Pick<CadLink, 'request'>,
  endpoint: Name,
  inputs: readonly ApiInput<Name>[],
): Promise<{ answers: unknown[]; last: ApiResult<ApiOutput<Name>> | null }> {
  const answers: unknown[] = [];
  let last: ApiResult<ApiOutput<Name>> | null = null;
  if (inputs.length > MAX_REQUESTS) {
    return { answers, last: failure('refused', `At most ${MAX_REQUESTS} can be sent by one call; nothing was sent.`) };
  }
  for (const input of inputs) {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      last = await link.request(endpoint, input);
      if (last.ok || last.error.kind !== 'limit') break;
    }
    if (last === null || !last.ok) break;
    answers.push(answerOf(last));
  }
  return { answers, last };
}

/** Calls a script back; one that fails, or has stopped meanwhile, is reported and holds nothing up. */
export function callBack(callback: Callback | undefined, args: readonly unknown[], { log, name, caller }: Told): void {
  const failed = (thrown: unknown) =>
    log
      .coalesce({ resource: caller, export: name })
      .warn('A resource could not be given the result of its request to the CAD.', { reason: reasonOf(thrown) });
  attempt(() => callback?.(...args), failed);
}
