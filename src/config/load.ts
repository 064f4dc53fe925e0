import { collectApiKeys, foldKey, keyFault } from './api-keys.ts';
import { badValue, type FoundValue } from './bad-value.ts';
import type { ConfigKey } from './config-key.ts';
import type { ConfigProblem } from './config-problem.ts';
import { operatorConvar, type ReadConvar } from './convar-text.ts';
import { decode } from './decode.ts';
import { misnamedProblems, sortFileValues } from './file-values.ts';
import { judgeForwardTargets, secretsOfTargets } from './forward-targets.ts';
import { judgeValue } from './judge-value.ts';
import { createPreview } from './preview.ts';
import { type ConfigOrigin, readConfigFile } from './read-file.ts';
import { type Config, type ConfigKeyName, configKeys, convarOf } from './schema.ts';

/** Where configuration comes from. */
export interface ConfigSource {
  /** The text of a file of the resource, null when there is none. */
  readFile(path: string): string | null;
  /** The text of a convar, null when it is not set. */
  convar: ReadConvar;
}

export interface LoadedConfig {
  config: Config;
  problems: ConfigProblem[];
  /** The file that was read. */
  origin: ConfigOrigin;
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
  const fromFile = decode(file.get(name), entry.form, 'file');
  if (fromFile !== undefined) return { name, entry, from: 'file', place: origin, value: fromFile };
  return { name, entry, from: 'default', place: 'the defaults', value: undefined };
}

/** The API keys, and the health token, which must be none of them. */
function judgeKeys(
  found: Record<ConfigKeyName, Found>,
  origin: ConfigOrigin,
): {
  apiKey: string;
  apiKeys: string[];
  healthToken: string;
  problems: ConfigProblem[];
} {
  const { apiKey, apiKeys, faults } = collectApiKeys(found.apiKey.value, found.apiKeys.value);
  const problems = faults.map(({ at, reason }): ConfigProblem => {
    const { place } = at === 'apiKey' ? found.apiKey : found.apiKeys;
    return { level: 'error', line: `${at} in ${place} ${reason}: it is not accepted` };
  });
  if (apiKeys.length === 0) {
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
  const fault = token === null ? 'is no text in double quotes' : isApiKey ? 'is an API key' : keyFault(token);
  if (fault === null) return { apiKey, apiKeys, healthToken: token ?? '', problems };
  problems.push({
    level: 'error',
    line: `healthToken in ${place} ${fault}; expected ${entry.expected}: ${entry.otherwise}`,
  });
  return { apiKey, apiKeys, healthToken: '', problems };
}

/**
 * Reads the configuration: a convar wins over the file, the file over the default. A bad value is one problem line, and
 * the key holds its default then, so that what depends on it is off rather than wrong. Never throws.
 * @param source - where files and convars are read
 */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const file = readConfigFile((path) => source.readFile(path));
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
  const { problems: keyProblems, ...keys } = judgeKeys(found, file.origin);
  for (const name of names) {
    const { entry, value } = found[name];
    if (value === undefined || Object.hasOwn(keys, name)) continue;
    if (name === 'pushEventForwardTargets' && Array.isArray(value)) {
      const judged = judgeForwardTargets(value, found[name], preview);
      if (judged.targets.length > 0) accepted.set(name, judged.targets);
      problems.push(...judged.problems);
      continue;
    }
    const judgement = judgeValue(entry.schema(), value);
    if (judgement.accepted) {
      accepted.set(name, judgement.value);
      continue;
    }
    problems.push(badValue(found[name], judgement.issue?.path ?? [], preview));
    if (entry.whenRefused !== undefined) refused.set(name, entry.whenRefused);
  }
  problems.push(...keyProblems);
  for (const name of ['apiKey', 'apiKeys', 'healthToken'] as const) {
    if (keys[name].length > 0) accepted.set(name, keys[name]);
  }

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
  return { config, problems, origin: file.origin, keysFrom };
}
