import type { Unit } from '../events/catalogue/units.ts';
import { readObject } from '../events/read-values.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/tables.ts';
import type { Log } from '../lib/log.ts';
import { readLuaVector, readVector } from '../lib/vectors.ts';
import type { GameEvents } from '../platform/events.ts';

/** What exports about units and calls are made of. */
export interface ExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly state: StateView;
  readonly players: Players;
  readonly warnings: CallerWarnings;
  /** Adds the place of the unit's player. */
  located(unit: Unit): Unit;
}

/** @returns the unit that a player signed in as last */
export function unitByPlayer({ state, located }: Pick<ExportContext, 'state' | 'located'>, source: number) {
  const ident = state.unitsOfPlayer(source).at(-1);
  const unit = ident === undefined ? undefined : state.getUnit(ident);
  return unit && located(unit);
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
    warnings.shifted(events.caller(), name);
    return otherwise;
  });
}

/** Pairs of resource and export that are remembered. */
const MAX_REMEMBERED = 5_000;

export type CallerWarnings = ReturnType<typeof createCallerWarnings>;

/**
 * Tells operators which resource calls an export in a way that cannot work: each resource and export once.
 *
 * @param ownName the folder under which the resource runs
 */
export function createCallerWarnings(log: Pick<Log, 'warn'>, ownName: string) {
  const warned = new Set<string>();

  /** @param caller the calling resource; null when it is not known. @param message without anything that the caller chose */
  function warn(caller: string | null, name: string, message: string, example?: string): void {
    const call = `${caller} ${name} ${message}`;
    if (warned.has(call) || warned.size >= MAX_REMEMBERED) return;
    warned.add(call);
    log.warn(message, { resource: caller, export: name, example });
  }

  return {
    warn,
    /** Says so when a call lacks arguments. One with a dot in Lua, which loses the first, looks the same as one with too few. */
    shifted(caller: string | null, name: string): void {
      const message =
        'The arguments of a call do not fit the export: there are too few or others, or in Lua it was called with a dot instead of a colon.';
      warn(caller, name, message, `exports['${ownName}']:${name}(...)`);
    },
  };
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

/** Deeper than anything that the CAD takes. */
const MAX_DEPTH = 20;

/** @returns what a script gave, with tables of `x`, `y`, `z` and `w` in place of Lua's vectors */
export function plainVectors(given: unknown, depth = 0): unknown {
  if (typeof given !== 'object' || given === null || depth > MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((item) => plainVectors(item, depth + 1));
  const vector = readLuaVector(given);
  if (vector === null)
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plainVectors(value, depth + 1)]));
  return Object.fromEntries(vector.map((number, index) => ['xyzw'.charAt(index), number]));
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
