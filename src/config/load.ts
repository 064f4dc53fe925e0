import * as v from 'valibot';
import { collectApiKeys, foldKey, keyFault } from '../events/api-keys.ts';
import type { Problem } from '../lib/finding.ts';
import type { ConfigForm, ConfigKey } from '../lib/settings.ts';
import { type ConfigFile, type FirstFile, misnamedProblems, readConfigFile, sortFileValues } from './config-file.ts';
import { createPreview, type FoundValue, firstProblems, type Preview, valueProblems } from './problems.ts';
import {
  type Config,
  type ConfigKeyName,
  configKeys,
  convarOf,
  configKeyNames as names,
  operatorConvar,
  type ReadConvar,
} from './schema.ts';

/** Where configuration comes from. */
export interface ConfigSource {
  /** The text of a file of the resource, null when there is none or it cannot be read. */
  readFile(path: string): string | null;
  /** Whether there is such a file, even one that cannot be read now. */
  hasFile(path: string): boolean;
  /** The text of a convar, null when it is not set. */
  convar: ReadConvar;
  /** What became of writing a config.json at this start. */
  firstFile?: FirstFile | null;
}

/** A key as an operator may see it. */
interface ShownValue {
  readonly name: ConfigKeyName;
  /** One line of at most 60 characters; `***` for a secret. */
  readonly value: string;
  readonly from: 'convar' | 'file' | 'default';
  /** The same in words. */
  readonly place: string;
  readonly description: string;
}

export type LoadedConfig = ReturnType<typeof loadConfig>;

const entryOf = (name: ConfigKeyName): ConfigKey => configKeys[name];

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

type FoundValues = Readonly<Record<ConfigKeyName, FoundValue>>;

/** A key's value as found: decoded, but not yet checked against its schema. */
function find(
  name: ConfigKeyName,
  file: ReadonlyMap<ConfigKeyName, unknown>,
  origin: string,
  convar: ReadConvar,
): FoundValue {
  const entry = entryOf(name);
  const text = operatorConvar(convar, name);
  const fromConvar = text === null ? undefined : decode(text, entry.form, 'convar');
  if (fromConvar !== undefined) return { name, entry, place: `the convar ${convarOf(name)}`, value: fromConvar };
  const written = file.get(name);
  // A secret is no number, as an id may be: made a text, it would be refused for what it then looks like.
  const isNumber = entry.secret === true && typeof written === 'number';
  return { name, entry, place: origin, value: isNumber ? written : decode(written, entry.form, 'file') };
}

/** Reads the API keys, and the health token, which must be none of them. */
function readKeys(found: FoundValues, { origin, fault }: Pick<ConfigFile, 'origin' | 'fault'>) {
  const { faults, ...keys } = collectApiKeys(found.apiKey.value, found.apiKeys.value);
  const problems = (['apiKey', 'apiKeys'] as const).flatMap((name) => {
    const { place } = found[name];
    const own = faults.filter(({ at }) => (at === 'apiKey') === (name === 'apiKey'));
    const lines = own.map(({ at, reason }) => `${at} in ${place} ${reason}: it is not accepted`);
    return firstProblems(
      found[name],
      lines.map((line) => () => line),
    );
  });
  if (keys.apiKeys.length === 0) {
    const line =
      fault === null
        ? 'no API key is set, so every push event is refused: write the key that the CAD shows you as apiKey into ' +
          `${origin === 'none' ? 'config.json' : origin}, ` +
          'or in server.cfg  set sonoran_apiKey "your key"  above  ensure sonorancad  (not beside ' +
          'exec @sonorancad/sonorancad.cfg, which sets that convar anew)'
        : `no API key is set by convar, so every push event is refused until ${origin} can be read`;
    problems.push({ level: 'error', line });
  }

  const { value, place, entry } = found.healthToken;
  const token = typeof value === 'string' ? value.trim() : null;
  const isApiKey = token !== null && keys.apiKeys.some((key) => foldKey(key) === foldKey(token));
  const reason = token === null ? 'is no text in double quotes' : isApiKey ? 'is an API key' : keyFault(token, '');
  if (value !== undefined && reason !== null) {
    const line = `healthToken in ${place} ${reason}; expected ${entry.expected}: ${entry.otherwise}`;
    problems.push({ level: 'error', line });
  }
  return { problems, keys: { ...keys, healthToken: reason === null ? (token ?? '') : '' } };
}

/** The secrets among the values, also those that a convar overrides or that stand under a misspelt name. */
function createSecretPreview(
  file: ConfigFile,
  { values, misnamed }: ReturnType<typeof sortFileValues>,
  found: FoundValues,
  convar: ReadConvar,
): Preview {
  const secrets = names.flatMap((name) => {
    const { secret } = entryOf(name);
    const given = [values.get(name), found[name].value];
    if (secret === true) return [...given, convar(convarOf(name))];
    return secret === undefined ? [] : given.flatMap((value) => secret(value));
  });
  return createPreview([file.unreadable, ...misnamed.map(({ name }) => file.members.get(name)), ...secrets]);
}

/** @returns what can be used of a value: all of it, or the good items of a list; undefined when nothing can */
function usableValue(
  { entry, value, ...found }: FoundValue,
  preview: Preview,
): { usable: unknown; problems: Problem[] } {
  const read = v.safeParse(entry.schema, value);
  if (read.success) return { usable: read.output, problems: [] };
  const problems = valueProblems({ entry, value, ...found }, read.issues, preview);
  if (entry.otherwiseItem === undefined || !Array.isArray(value)) return { usable: undefined, problems };
  const bad = new Set(read.issues.map(({ path }) => path?.[0]?.key));
  const good = v.safeParse(
    entry.schema,
    value.filter((_item, index) => !bad.has(index)),
  );
  const isUsable = good.success && bad.size < value.length;
  return { usable: isUsable ? good.output : undefined, problems };
}

/**
 * Reads the configuration: a convar wins over the file, the file over the default. Each fault of a value is one problem
 * line, and the key then holds its default, or what its entry has for that case, so that what depends on it is off rather
 * than wrong. Never throws.
 * @returns the configuration; a line for each thing that is wrong; the file that was read; and the beginning of a sentence about why
 *   that file cannot be read, null when it can
 */
export function loadConfig({ readFile, hasFile, convar, firstFile }: ConfigSource) {
  const file = readConfigFile({ readFile, hasFile }, firstFile);
  const members = sortFileValues(file.members);
  const found = Object.fromEntries(
    names.map((name) => [name, find(name, members.values, file.origin, convar)]),
  ) as FoundValues;
  const preview = createSecretPreview(file, members, found, convar);
  const { keys, problems: keyProblems } = readKeys(found, file);

  const problems = [...file.problems, ...misnamedProblems(members.misnamed, file.origin, preview)];
  for (const name of file.repeated)
    problems.push({
      level: 'warn',
      line: `${preview(name)} stands more than once in ${file.origin}: the last one counts`,
    });
  const accepted = new Map<ConfigKeyName, unknown>();
  const refused = new Map<ConfigKeyName, unknown>();
  for (const name of names) {
    const { entry, value } = found[name];
    // What stands in a file that cannot be read is as unknown as a value that cannot be understood.
    if (value === undefined && file.fault !== null) refused.set(name, entry.whenRefused);
    if (value === undefined || Object.hasOwn(keys, name)) continue;
    const read = usableValue(found[name], preview);
    problems.push(...read.problems);
    if (read.usable === undefined) refused.set(name, entry.whenRefused);
    else accepted.set(name, read.usable);
  }
  problems.push(...keyProblems);
  for (const [name, value] of Object.entries(keys)) if (value.length > 0) accepted.set(name as ConfigKeyName, value);

  const isRefused = (name: ConfigKeyName): boolean => found[name].value !== undefined && !accepted.has(name);
  // In place of what was configured, and not as if it were that.
  const force = (name: ConfigKeyName, value: unknown): void => {
    accepted.delete(name);
    refused.set(name, value);
  };
  // The default would take the key to the CAD itself, from which the operator has led it away.
  if (isRefused('apiUrl')) force('apiSendEnabled', false);
  // The default is most likely the entry of another server of the community.
  if (isRefused('serverId') && accepted.get('registration') !== 'off') force('registration', 'check');
  const targetKeys = ['pushEventForwardUrl', 'pushEventForwardTargets'] as const;
  const hasTarget = targetKeys.some((name) => (accepted.get(name) as string | readonly unknown[] | undefined)?.length);
  if (accepted.get('enablePushEventForwarding') === true && !hasTarget) {
    force('enablePushEventForwarding', false);
    // Bad ones have their lines already.
    if (!targetKeys.some(isRefused)) {
      const line =
        'enablePushEventForwarding is true, but neither pushEventForwardUrl nor pushEventForwardTargets is set: forwarding is off';
      problems.push({ level: 'error', line });
    }
  }

  // Each value is either its schema's output or the default that its entry is typed with.
  const config = Object.fromEntries(
    names.map((name) => [name, accepted.get(name) ?? refused.get(name) ?? configKeys[name].default]),
  ) as Config;
  const shown = () =>
    names.map((name): ShownValue => {
      const { entry, place, value } = found[name];
      const isFound = value !== undefined && accepted.has(name);
      const from = place === file.origin ? 'file' : 'convar';
      return {
        name,
        value: preview(valueOfKey(config, name)),
        from: isFound ? from : 'default',
        place: isFound ? place : 'default',
        description: entry.description,
      };
    });
  return { config, problems, origin: file.origin, fileFault: file.fault, shown };
}

/** @returns the value of one key alone: in force, `apiKeys` has `apiKey` too */
export function valueOfKey(config: Config, name: ConfigKeyName): unknown {
  return name === 'apiKeys' ? config.apiKeys.filter((key) => key !== config.apiKey) : config[name];
}

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Stays a text, which no list or object schema accepts: the line about it says what is expected.
    return text;
  }
}

/**
 * Turns a value as written into what a key's schema takes. Whatever cannot be turned is given back unchanged.
 * @param from convars are texts throughout; in a file a list is a list already
 * @returns undefined when the value says that nothing is set: null, or blank where a text cannot be blank
 */
function decode(value: unknown, form: ConfigForm, from: 'file' | 'convar'): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string') {
    const bare = value.trim();
    if (bare === '') return undefined;
    if (form === 'boolean') return BOOLEANS.get(bare.toLowerCase()) ?? value;
    if (form === 'number' && DECIMAL.test(bare)) return Number(bare);
    if (form === 'json' && from === 'convar') return decodeJson(bare);
    return value;
  }
  if (form === 'boolean' && (value === 0 || value === 1)) return value === 1;
  // An id written without quotes; beyond 2^53 its digits are lost already.
  if (form === 'text' && Number.isSafeInteger(value)) return String(value);
  return value;
}
