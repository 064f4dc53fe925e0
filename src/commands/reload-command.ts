import type { ConfigProblem } from '../config/config-problem.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Subcommand } from './create-command.ts';

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
      return [
        changed.length === 0
          ? 'The configuration was read again; nothing changed.'
          : `The configuration was read again; changed: ${changed.join(', ')}.`,
      ];
    },
  };
}
