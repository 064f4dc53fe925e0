import type { ConfigProblem } from '../config/config-problem.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { ConfigKeyName } from '../config/schema.ts';
import type { Subcommand } from './create-command.ts';

/** The game server takes no command back, so that their names are read once. */
const COMMAND_NAMES: ReadonlySet<ConfigKeyName> = new Set(['linkCommand', 'unitCommands']);

/**
 * `reload`: takes an edited config.json without a restart. One that cannot be read, half saved perhaps, is not taken.
 *
 * @param live the configuration that is read again
 * @param report says what is wrong with it, and puts it into force; not called where everything stays as it is
 */
export function createReloadCommand(
  live: LiveConfig,
  report: (problems: readonly ConfigProblem[]) => void,
): Subcommand {
  return {
    description: 'reads config.json and the convars again',
    run() {
      const { changed, fault, kept } = live.reload();
      if (kept) {
        const stays = 'The configuration was not read again; nothing changed, that of before is still in force.';
        return [`${fault}.`, stays];
      }
      report(live.problems());
      const read = fault === null ? 'The configuration was read again' : 'Only the convars were read again';
      if (changed.length === 0) return [`${read}; nothing changed.`];
      const lines = [`${read}; changed: ${changed.join(', ')}.`];
      if (changed.some((name) => COMMAND_NAMES.has(name)))
        lines.push('A new name of a command holds after a restart of the resource.');
      return lines;
    },
  };
}
