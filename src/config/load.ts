import * as v from 'valibot';
import { collectApiKeys, foldKey, keyFault } from '../events/api-keys.ts';
import type { Problem } from '../lib/finding.ts';
import type { ConfigForm, ConfigKey } from '../lib/settings.ts';
import {
  type ConfigFile,
  type ConfigOrigin,
  type FirstFile,
  misnamedProblems,
  readConfigFile,
  sortFileValues,
} from './config-file.ts';
import { judgeForwardTargets, secretsOfTargets } from './forward-targets.ts';
import { createPreview, type FoundValue, valueFaults, valueProblems } from './problems.ts';
import { type Config, type ConfigKeyName, configKeys, convarOf, operatorConvar, type ReadConvar } from './schema.ts';

/** Where configuration comes from. */
export interface ConfigSource {
  /** The text of a file of the resource, null when there is none. */
  readFile(path: string): string | null;
  /** The text of a convar, null when it is not set. */
  convar: ReadConvar;
  /** What became of writing a config.json at this start. */
  firstFile?: FirstFile | null;
}

export interface LoadedConfig {
  config: Config;
  problems: Problem[];
  /** The file that was read. */
  origin: ConfigOrigin;
  /** The beginning of a sentence: that this file cannot be read, and why. null when it can */
  fileFault: string | null;
  /** Where each key's value comes from; `default` also for one whose own value was refused. */
  keysFrom: Record<ConfigKeyName, 'convar' | 'file' | 'default'>;
}

/** A value as found, decoded but not yet judged. */
interface Found extends FoundValue {
  name: ConfigKeyName;
  entry: ConfigKey;
  from: 'convar' | 'file' | 'default';
}

function find(
  name: ConfigKeyName,
  file: ReadonlyMap<ConfigKeyName, unknown>,
  origin: string,
  convar: ReadConvar,
): Found {
  const entry: ConfigKey = configKeys[name];
  const text = operatorConvar(convar, name);
  const fromConvar = text === null ? undefined : decode(text, entry.form, 'convar');
  if (fromConvar !== undefined)
    return { name, entry, from: 'convar', place: `the convar ${convarOf(name)}`, value: fromConvar };
  const written = file.get(name);
  // A secret is no number, as an id may be: made a text, it would be refused for what it then looks like.
  const isNumber = entry.secret === true && typeof written === 'number';
  const fromFile = isNumber ? written : decode(written, entry.form, 'file');
  if (fromFile !== undefined) return { name, entry, from: 'file', place: origin, value: fromFile };
  return { name, entry, from: 'default', place: 'the defaults', value: undefined };
}

/** The API keys, and the health token, which must be none of them. */
function judgeKeys(
  found: Record<ConfigKeyName, Found>,
  { origin, fault: fileFault }: Pick<ConfigFile, 'origin' | 'fault'>,
): {
  apiKey: string;
  apiKeys: string[];
  healthToken: string;
  problems: Problem[];
} {
  const { apiKey, apiKeys, faults } = collectApiKeys(found.apiKey.value, found.apiKeys.value);
  const problems = (['apiKey', 'apiKeys'] as const).flatMap((name) => {
    const { place } = found[name];
    const own = faults.filter(({ at }) => (at === 'apiKey') === (name === 'apiKey'));
    const lines = own.map(
      ({ at, reason }) =>
        () =>
          `${at} in ${place} ${reason}: it is not accepted`,
    );
    return valueProblems({ name, place }, lines);
  });
  if (apiKeys.length === 0 && fileFault !== null) {
    const line = `no API key is set by convar, so every push event is refused until ${origin} can be read`;
    problems.push({ level: 'error', line });
  } else if (apiKeys.length === 0) {
    problems.push({
      level: 'error',
      line:
        'no API key is set, so every push event is refused: write the key that the CAD shows you as apiKey into ' +
        `${origin === 'none' ? 'config.json' : origin}, ` +
        'or in server.cfg  set sonoran_apiKey "your key"  above  ensure sonorancad  (not beside ' +
        'exec @sonorancad/sonorancad.cfg, which sets that convar anew)',
    });
  }

  const { value, place, entry } = found.healthToken;
  if (value === undefined) return { apiKey, apiKeys, healthToken: '', problems };
  const token = typeof value === 'string' ? value.trim() : null;
  const isApiKey = token !== null && apiKeys.some((key) => foldKey(key) === foldKey(token));
  const fault = token === null ? 'is no text in double quotes' : isApiKey ? 'is an API key' : keyFault(token, '');
  if (fault === null) return { apiKey, apiKeys, healthToken: token ?? '', problems };
  problems.push({
    level: 'error',
    line: `healthToken in ${place} ${fault}; expected ${entry.expected}: ${entry.otherwise}`,
  });
  return { apiKey, apiKeys, healthToken: '', problems };
}

/**
 * Reads the configuration: a convar wins over the file, the file over the default. Each fault of a value is one problem
 * line, and the key then holds its default, or what its entry has for that case, so that what depends on it is off rather
 * than wrong. Never throws.
 * @param source where files and convars are read
 */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const file = readConfigFile((path) => source.readFile(path), source.firstFile);
  const { values: fileValues, misnamed } = sortFileValues(file.members);
  const names = Object.keys(configKeys) as ConfigKeyName[];
  const found = Object.fromEntries(
    names.map((name) => [name, find(name, fileValues, file.origin, (convar) => source.convar(convar))]),
  ) as Record<ConfigKeyName, Found>;

  // The file's secret counts as one even where a convar overrides it, and what stands under a misspelt name may be one.
  const isSecret = (name: ConfigKeyName): boolean => (configKeys[name] as ConfigKey).secret === true;
  const preview = createPreview([
    file.unreadable,
    ...misnamed.map(({ name }) => file.members.get(name)),
    ...names
      .filter((name) => isSecret(name) && name !== 'pushEventForwardTargets')
      .flatMap((name) => [fileValues.get(name), found[name].value, source.convar(convarOf(name))]),
    secretsOfTargets(fileValues.get('pushEventForwardTargets')),
    secretsOfTargets(found.pushEventForwardTargets.value),
  ]);

  const problems = [...file.problems, ...misnamedProblems(misnamed, file.origin, preview)];
  const accepted = new Map<ConfigKeyName, unknown>();
  const refused = new Map<ConfigKeyName, unknown>();
  const { problems: keyProblems, ...keys } = judgeKeys(found, file);
  for (const name of names) {
    const { entry, value } = found[name];
    // What stands in a file that cannot be read is as unknown as a value that cannot be understood.
    if (value === undefined && file.fault !== null && entry.whenRefused !== undefined)
      refused.set(name, entry.whenRefused);
    if (value === undefined || Object.hasOwn(keys, name)) continue;
    if (name === 'pushEventForwardTargets' && Array.isArray(value)) {
      const judged = judgeForwardTargets(value, found[name], preview);
      if (judged.targets.length > 0) accepted.set(name, judged.targets);
      problems.push(...judged.problems);
      continue;
    }
    const read = v.safeParse(entry.schema, value);
    if (read.success) {
      accepted.set(name, read.output);
      continue;
    }
    problems.push(...valueProblems(found[name], valueFaults(found[name], read.issues, preview)));
    if (entry.whenRefused !== undefined) refused.set(name, entry.whenRefused);
  }
  problems.push(...keyProblems);
  for (const name of ['apiKey', 'apiKeys', 'healthToken'] as const) {
    if (keys[name].length > 0) accepted.set(name, keys[name]);
  }
  // The default would take the key to the CAD itself, from which the operator has led it away.
  if (found.apiUrl.value !== undefined && !accepted.has('apiUrl')) accepted.set('apiSendEnabled', false);
  // The default is most likely the entry of another server of the community.
  const isServerUnknown = found.serverId.value !== undefined && !accepted.has('serverId');
  if (isServerUnknown && accepted.get('registration') !== 'off') accepted.set('registration', 'check');

  const targets = (['pushEventForwardUrl', 'pushEventForwardTargets'] as const).filter((name) => {
    const value = accepted.get(name);
    return (typeof value === 'string' || Array.isArray(value)) && value.length > 0;
  });
  if (accepted.get('enablePushEventForwarding') === true && targets.length === 0) {
    accepted.set('enablePushEventForwarding', false);
    // Bad ones have their lines already.
    const isRefused = (name: ConfigKeyName): boolean => found[name].value !== undefined && !accepted.has(name);
    if (!isRefused('pushEventForwardUrl') && !isRefused('pushEventForwardTargets')) {
      const line =
        'enablePushEventForwarding is true, but neither pushEventForwardUrl nor pushEventForwardTargets is set: forwarding is off';
      problems.push({ level: 'error', line });
    }
  }

  const keysFrom = Object.fromEntries(
    names.map((name) => [name, accepted.has(name) ? found[name].from : 'default']),
  ) as LoadedConfig['keysFrom'];
  // Each value is either its schema's output or the default that its entry is typed with.
  const config = Object.fromEntries(
    names.map((name) => [name, accepted.get(name) ?? refused.get(name) ?? configKeys[name].default]),
  ) as Config;
  return { config, problems, origin: file.origin, fileFault: file.fault, keysFrom };
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
export function decode(value: unknown, form: ConfigForm, from: 'file' | 'convar'): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string') {
    const bare = value.trim();
    if (bare === '') return undefined;
    if (form === 'boolean') {
      const word = bare.toLowerCase();
      if (word === 'true' || word === '1') return true;
      if (word === 'false' || word === '0') return false;
    }
    if (form === 'number' && DECIMAL.test(bare)) return Number(bare);
    if (form === 'json' && from === 'convar') return decodeJson(bare);
    return value;
  }
  if (form === 'boolean' && (value === 0 || value === 1)) return value === 1;
  // An id written without quotes; beyond 2^53 its digits are lost already.
  if (form === 'text' && Number.isSafeInteger(value)) return String(value);
  return value;
}
