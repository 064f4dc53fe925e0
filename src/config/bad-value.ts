import type { ConfigKey } from './config-key.ts';
import type { ConfigProblem } from './config-problem.ts';
import { isSecretName, type Preview } from './preview.ts';

/** A value and where it was found. */
export interface FoundValue {
  name: string;
  entry: Pick<ConfigKey, 'expected' | 'expectedAt' | 'otherwise' | 'default' | 'secret'>;
  /** Words for where it stands. */
  place: string;
  /** undefined when unset */
  value: unknown;
}

const pathText = (name: string, path: readonly PropertyKey[], preview: Preview): string =>
  path.reduce<string>((at, part) => `${at}[${typeof part === 'number' ? part : preview(String(part))}]`, name);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined,
    value,
  );

/**
 * The line about a value that its schema refuses.
 *
 * @param path where in the value the fault is, as zod gives it
 */
export function badValue(
  { name, entry, place, value }: FoundValue,
  path: readonly PropertyKey[],
  preview: Preview,
): ConfigProblem {
  const hidden = entry.secret === true || path.some((part) => isSecretName(String(part)));
  const bad = valueAt(value, path);
  const is = bad === undefined ? 'is missing' : hidden ? 'is not usable' : `is ${preview(bad)}`;
  const otherwise = entry.otherwise ?? `using ${JSON.stringify(entry.default)}`;
  const expected = (path.length > 0 && entry.expectedAt?.(path)) || entry.expected;
  const line = `${pathText(name, path, preview)} in ${place} ${is}, expected ${expected}: ${otherwise}`;
  return { level: 'error', line };
}
