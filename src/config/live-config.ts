import { foldKey, isProtectionMark } from '../events/api-keys.ts';
import type { Problem } from '../lib/finding.ts';
import { type LoadedConfig, valueOfKey } from './load.ts';
import {
  type Config,
  type ConfigKeyName,
  configKeyNames,
  convarOf,
  operatorConvar,
  type ReadConvar,
  setterConvarOf,
} from './schema.ts';

export type LiveConfig = ReturnType<typeof createLiveConfig>;

/** Whether the file in force is missing, as while an editor replaces it: the one in the other place is not what the operator means. */
function isGone(next: LoadedConfig, inForce: LoadedConfig): boolean {
  if (next.origin === 'none') return inForce.origin !== 'none';
  return inForce.origin === 'configuration/config.json' && next.origin !== inForce.origin;
}

/**
 * Holds the configuration in force, which an operator may have read again while the resource runs.
 *
 * @param load reads file and convars; never throws
 */
export function createLiveConfig(load: () => LoadedConfig) {
  let loaded = load();
  let kept: Problem[] = [];
  const problems = (): readonly Problem[] => [...kept, ...loaded.problems];
  return {
    /** Changes when the configuration is read again: ask each time. */
    current: (): Config => loaded.config,
    /** What is wrong with the configuration in force, or with the file that should have replaced it. */
    problems,
    /** The beginning of a sentence about why the file in force cannot be read; null when it can. */
    fault: (): string | null => loaded.fileFault,
    /** What is in force, and where that comes from, without secrets. */
    shown: () => ({ file: loaded.origin, keys: loaded.shown(), problems: problems().map(({ line }) => line) }),
    /** @returns a function that gives what was made of the configuration in force; made anew only after a change */
    derive<Made>(make: (config: Config) => Made): () => Made {
      let from = loaded.config;
      let made = make(from);
      return () => {
        if (from !== loaded.config) {
          from = loaded.config;
          made = make(from);
        }
        return made;
      };
    },
    /**
     * Reads the configuration again. A file that cannot be read, half saved perhaps, leaves everything as it is.
     *
     * @returns the keys whose values changed; the beginning of a sentence about why the file was not taken (null when it was); and
     *   whether everything was kept as it was for that reason
     */
    reload(): { changed: ConfigKeyName[]; fault: string | null; kept: boolean } {
      const next = load();
      const isLost = isGone(next, loaded);
      const fault = isLost ? `${loaded.origin} is not there any more` : next.fileFault;
      // The API keys of the file in force would be lost with it. One that could not be read at the start has nothing to lose.
      const isKept = fault !== null && (loaded.fileFault === null || isLost);
      kept = isKept ? [{ level: 'error', line: `${fault}: the earlier configuration stays in force` }] : [];
      if (isKept) return { changed: [], fault, kept: true };
      const before = loaded.config;
      loaded = next;
      const changed = configKeyNames.filter(
        (name) => JSON.stringify(valueOfKey(before, name)) !== JSON.stringify(valueOfKey(loaded.config, name)),
      );
      return { changed, fault, kept: false };
    },
  };
}

/** The convars that other resources read. */
const SHARED = ['communityID', 'serverId', 'primaryIdentifier'] as const;

/** As the official resource marks who wrote a convar. */
const BY_RESOURCE = 'framework';
const BY_OPERATOR = 'server';

interface ConvarPublisherOptions {
  readonly convar: ReadConvar;
  write(name: string, value: string): void;
}

/**
 * Keeps the convars that other resources read from the official resource, and knows which of them the operator has set since.
 *
 * Each convar comes with its companion `_setter` = `framework`, by which the next start knows that the value is not the
 * operator's: else it would win over an edited file for ever. A convar that the operator set is left alone for the same
 * reason; one that was ours before gets the companion `server`, so that it counts after a restart of the resource too.
 *
 * What was published is remembered for this run only: a change by the operator that was not read again before a restart is lost. A
 * change by another resource counts as the operator's, unless that is known to write them (see `forget`).
 *
 * The API key goes out only where sonorancad.cfg has reserved (and so protected) its convar.
 */
export function createConvarPublisher({ convar, write }: ConvarPublisherOptions) {
  /** By the name of the companion. */
  const published = new Map<string, { readonly name: string; readonly value: string }>();
  const wasChanged = (setter: string): boolean => {
    const ours = published.get(setter);
    return ours !== undefined && convar(ours.name) !== ours.value;
  };
  const read: ReadConvar = (name) => (wasChanged(name) ? BY_OPERATOR : convar(name));
  const change = (name: string, value: string): void => {
    if (convar(name) !== value) write(name, value);
  };
  function publish(key: keyof Config, value: string): void {
    const [name, setter] = [convarOf(key), setterConvarOf(key)];
    change(setter, BY_RESOURCE);
    change(name, value);
    published.set(setter, { name, value });
  }

  return {
    /** Reads a convar as it is now. Of one that no longer holds what was published it says that the operator wrote it. */
    convar: read,
    /** Writes the convars where they do not hold the values of the configuration in force yet. */
    publish(config: Config): void {
      for (const setter of [...published.keys()].filter(wasChanged)) {
        published.delete(setter);
        change(setter, BY_OPERATOR);
      }
      for (const key of SHARED) {
        if (operatorConvar(read, key) === null) publish(key, withoutApiKey(String(config[key]), config.apiKeys));
      }
      const [apiKey] = config.apiKeys;
      if (apiKey !== undefined && isProtectionMark(convar(convarOf('apiKey')) ?? '')) publish('apiKey', apiKey);
    },
    /** To be called when another resource writes the same convars: what differs then is not the operator's. */
    forget: (): void => published.clear(),
  };
}

/** An API key in the wrong place would be readable by all resources. */
function withoutApiKey(text: string, apiKeys: readonly string[]): string {
  const folded = foldKey(text);
  return apiKeys.some((apiKey) => folded.includes(foldKey(apiKey))) ? '' : text;
}
