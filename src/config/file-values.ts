import type { ConfigProblem } from './config-problem.ts';
import { nearestKey } from './nearest-key.ts';
import { officialKeysWithoutUse } from './official-keys.ts';
import type { Preview } from './preview.ts';
import { type ConfigKeyName, configKeys } from './schema.ts';

const names = Object.keys(configKeys) as ConfigKeyName[];
const known: readonly string[] = [...new Set<string>([...names, ...officialKeysWithoutUse])];
const isConfigKey = (name: string): name is ConfigKeyName => Object.hasOwn(configKeys, name);
const sameIgnoringCase = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase();

/** A member of the file and the key it is for: the same name, or the same but for case. */
export interface FileValues {
  values: Map<ConfigKeyName, unknown>;
  /** Names that are no key, with the key they are taken for, if any */
  misnamed: { name: string; takenAs: ConfigKeyName | null }[];
}

/**
 * Sorts a file's members by the key they are for. A name in the wrong case is taken only when nothing else in the file
 * could be meant by it.
 */
export function sortFileValues(members: ReadonlyMap<string, unknown>): FileValues {
  const values = new Map<ConfigKeyName, unknown>();
  const misnamed: FileValues['misnamed'] = [];
  for (const [name, value] of members) {
    if (isConfigKey(name)) {
      values.set(name, value);
      continue;
    }
    if (officialKeysWithoutUse.some(sameIgnoringCase(name)) && !names.some(sameIgnoringCase(name))) continue;
    const meant = names.find(sameIgnoringCase(name)) ?? null;
    const claims = [...members.keys()].filter(sameIgnoringCase(name)).length;
    const takenAs = claims === 1 ? meant : null;
    if (takenAs !== null) values.set(takenAs, value);
    misnamed.push({ name, takenAs });
  }
  return { values, misnamed };
}

/**
 * The lines about names that are no key.
 * @param origin the file they stand in
 */
export function misnamedProblems(misnamed: FileValues['misnamed'], origin: string, preview: Preview): ConfigProblem[] {
  return misnamed.map(({ name, takenAs }) => {
    if (takenAs !== null) {
      return { level: 'warn', line: `${preview(name)} in ${origin} is taken as ${takenAs}: please write it so` };
    }
    const nearest = nearestKey(name, known);
    const hint = nearest === null ? 'the README lists all keys' : `did you mean ${nearest}?`;
    return { level: 'warn', line: `${preview(name)} in ${origin} is unknown and has no effect: ${hint}` };
  });
}
