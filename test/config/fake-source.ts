import { type ConfigSource, loadConfig } from '../../src/config/load.ts';

/** Files and convars as a test lays them out; convar names in any case, as in FXServer. */
export interface FakeSource extends ConfigSource {
  /** By their paths; null for one that cannot be read. */
  files: Map<string, string | null>;
  setConvar(name: string, value: string): void;
}

/**
 * @param file - the content of config.json: text as it is, anything else as JSON; undefined for no file
 */
export function fakeSource(file?: unknown, convars: Record<string, string> = {}): FakeSource {
  const files = new Map<string, string | null>();
  if (file !== undefined) files.set('config.json', typeof file === 'string' ? file : JSON.stringify(file));
  const values = new Map<string, string>();
  const setConvar = (name: string, value: string): void => {
    values.set(name.toLowerCase(), value);
  };
  for (const [name, value] of Object.entries(convars)) setConvar(name, value);
  return {
    files,
    setConvar,
    readFile: (path) => files.get(path) ?? null,
    hasFile: (path) => files.has(path),
    convar: (name) => values.get(name.toLowerCase()) ?? null,
  };
}

export const goodKey = 'A1b2C3d4-E5f6-4711-8899-AABBCCDDEEFF';
export const otherKey = 'f00dcafe-1234-4567-89ab-0123456789ab';

/** Loads a config with a key set, so that the line about its absence is not in every test's way. */
export function load(file?: unknown, convars?: Record<string, string>) {
  const withKey = typeof file === 'object' && file !== null ? { apiKey: goodKey, ...file } : file;
  const loaded = loadConfig(fakeSource(withKey, convars));
  return { ...loaded, lines: loaded.problems.map(({ line }) => line) };
}
