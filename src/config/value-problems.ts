import type * as v from 'valibot';
import { knownMembers } from '../schemas/settings.ts';
import type { ConfigKey } from './config-key.ts';
import type { ConfigProblem } from './config-problem.ts';
import { nearestKey } from './nearest-key.ts';
import { isSecretName, type Preview } from './preview.ts';

/** A value and where it was found. */
export interface FoundValue {
  name: string;
  entry: Pick<ConfigKey, 'schema' | 'expected' | 'expectedAt' | 'members' | 'otherwise' | 'default' | 'secret'>;
  /** Words for where it stands. */
  place: string;
  /** undefined when unset */
  value: unknown;
}

/** One thing that is wrong with a value. */
interface ValueFault {
  readonly path: readonly PropertyKey[];
  /** Whether the path ends in a name that is not known there, rather than in a value that is not taken. */
  readonly isUnknown: boolean;
}

/** More about one key would push the lines about the others out of sight. */
const MAX_LINES = 10;

/** A schema can have several objections to one place, of which a line says the same. */
function faultsOf(schema: v.GenericSchema, issues: readonly v.BaseIssue<unknown>[]): ValueFault[] {
  const faults = issues.flatMap(({ type, path = [] }): ValueFault[] => {
    const at = path.map(({ key }) => key as PropertyKey);
    const last = path.at(-1);
    const isName = last?.origin === 'key' && Object.hasOwn(last.input as object, at.at(-1) ?? '');
    if (type !== 'strict_object' || !isName) return [{ path: at, isUnknown: isName }];
    // Of the names that it does not know, it tells only the first.
    const parent = at.slice(0, -1);
    const known = knownMembers(schema, parent);
    const unknown = Object.keys(last.input as object).filter((name) => !known.includes(name));
    return unknown.map((name) => ({ path: [...parent, name], isUnknown: true }));
  });
  return [...new Map(faults.map((fault) => [JSON.stringify(fault.path.map(String)), fault])).values()];
}

const pathText = (name: string, path: readonly PropertyKey[], preview: Preview): string =>
  path.reduce<string>((at, part) => `${at}[${typeof part === 'number' ? part : preview(String(part))}]`, name);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined,
    value,
  );

const expectedAt = ({ entry }: FoundValue, path: readonly PropertyKey[]): string =>
  (path.length > 0 && entry.expectedAt?.(path)) || entry.expected;

/** A longer list of names would hide what the line is about. */
const MAX_NAMES = 12;

function describeUnknown(found: FoundValue, path: readonly PropertyKey[]): string {
  const [{ entry }, parent] = [found, path.slice(0, -1)];
  const known = entry.members?.() ?? knownMembers(entry.schema, parent);
  const nearest = nearestKey(String(path.at(-1)), known);
  const expected =
    known.length > 0 && known.length <= MAX_NAMES ? `only ${known.join(', ')}` : expectedAt(found, parent);
  return `is unknown${nearest === null ? '' : ` (did you mean ${nearest}?)`}, expected ${expected}`;
}

function describeBad(found: FoundValue, path: readonly PropertyKey[], preview: Preview): string {
  const { entry, value } = found;
  const hidden = entry.secret === true || path.some((part) => isSecretName(String(part)));
  const bad = valueAt(value, path);
  const is = bad === undefined ? 'is missing' : hidden ? 'is not usable' : `is ${preview(bad)}`;
  return `${is}, expected ${expectedAt(found, path)}`;
}

/** Makes the line about one fault. Most of the faults of a list of thousands are never described. */
export type DescribeFault = () => string;

/**
 * What is wrong with a value that its schema refuses.
 *
 * @param issues what the schema says
 */
export function valueFaults(
  found: FoundValue,
  issues: readonly v.BaseIssue<unknown>[],
  preview: Preview,
): DescribeFault[] {
  const { name, entry, place } = found;
  const otherwise = entry.otherwise ?? `using ${JSON.stringify(entry.default)}`;
  return faultsOf(entry.schema, issues).map(({ path, isUnknown }) => () => {
    const what = isUnknown ? describeUnknown(found, path) : describeBad(found, path, preview);
    return `${pathText(name, path, preview)} in ${place} ${what}: ${otherwise}`;
  });
}

/**
 * The lines about the faults of one key: one for each, as far as anybody reads them.
 *
 * @param key the key's name and where its value stands
 */
export function valueProblems(
  { name, place }: Pick<FoundValue, 'name' | 'place'>,
  faults: readonly DescribeFault[],
): ConfigProblem[] {
  const lines = faults.slice(0, MAX_LINES).map((describe) => describe());
  const more = faults.length - lines.length;
  if (more > 0) lines.push(`${name} in ${place} has ${more} more ${more === 1 ? 'fault' : 'faults'}`);
  return lines.map((line) => ({ level: 'error', line }));
}
