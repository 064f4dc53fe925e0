import type { Problem } from '../lib/finding.ts';
import type { LoadedConfig } from './load.ts';
import { type Config, type ConfigKeyName, configKeyNames } from './schema.ts';

export type LiveConfig = ReturnType<typeof createLiveConfig>;

/**
 * An editor that holds the file back looks to the resource as if there were none, or as if the one counted that the release brings
 * and that the official resource's place comes before.
 */
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
  return {
    /** Changes when the configuration is read again: ask each time. */
    current: (): Config => loaded.config,
    /** What is wrong with the configuration in force, or with the file that should have replaced it. */
    problems: (): readonly Problem[] => [...kept, ...loaded.problems],
    /** The beginning of a sentence about why the file in force cannot be read; null when it can. */
    fault: (): string | null => loaded.fileFault,
    /** What is in force, and where that comes from, without secrets. */
    shown: () => ({
      file: loaded.origin,
      keys: loaded.shown(),
      problems: [...kept, ...loaded.problems].map(({ line }) => line),
    }),
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
      kept = isKept ? [{ level: 'error', line: `${fault}: the configuration of before is still in force` }] : [];
      if (isKept) return { changed: [], fault, kept: true };
      const before = loaded.config;
      loaded = next;
      const changed = configKeyNames.filter(
        (name) => JSON.stringify(before[name]) !== JSON.stringify(loaded.config[name]),
      );
      return { changed, fault, kept: false };
    },
  };
}
