import type { ConfigProblem } from '../config/config-problem.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { ConfigKeyName } from '../config/schema.ts';
import type { Subcommand } from './create-command.ts';

/** The game server takes no command back, so that their names are read once. */
const COMMAND_NAMES: ReadonlySet<ConfigKeyName> = new Set(['linkCommand', 'unitCommands']);

/**
 * `reload`: takes an edited config.json without a restart.
 *
 * @param live the configuration that is read again
 * @param report says what is wrong with it
 */
export function createReloadCommand(
  live: LiveConfig,
  report: (problems: readonly ConfigProblem[]) => void,
): Subcommand {
  return {
    description: 'reads config.json and the convars again',
    run() {
      const changed = live.reload();
      report(live.problems());
      if (changed.length === 0) return ['The configuration was read again; nothing changed.'];
      const lines = [`The configuration was read again; changed: ${changed.join(', ')}.`];
      if (changed.some((name) => COMMAND_NAMES.has(name)))
        lines.push('A new name of a command holds after a restart of the resource.');
      return lines;
    },
  };
}
