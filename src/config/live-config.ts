import type { ConfigProblem } from './config-problem.ts';
import type { LoadedConfig } from './load.ts';
import { type Config, type ConfigKeyName, configKeys } from './schema.ts';

/** The configuration in force, which an operator may have read again while the resource runs. */
export interface LiveConfig {
  /** Changes when the configuration is read again: ask each time. */
  current(): Config;
  /** What is wrong with the configuration in force. */
  problems(): readonly ConfigProblem[];
  /** @returns a function that gives what was made of the configuration in force; made anew only after a change */
  derive<Made>(make: (config: Config) => Made): () => Made;
  /** Reads the configuration again. @returns the names of the keys whose values changed */
  reload(): ConfigKeyName[];
}

/** @param load reads file and convars; never throws */
export function createLiveConfig(load: () => LoadedConfig): LiveConfig {
  let loaded = load();
  return {
    current: () => loaded.config,
    problems: () => loaded.problems,
    derive(make) {
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
    reload() {
      const before = loaded.config;
      loaded = load();
      const names = Object.keys(configKeys) as ConfigKeyName[];
      return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(loaded.config[name]));
    },
  };
}
