import type { LiveConfig } from '../config/live-config.ts';
import type { ConfigKeyName } from '../config/schema.ts';
import type { Problem } from '../lib/finding.ts';
import type { Subcommand } from './command.ts';

/** `debug on|off`: what `debugMode` does, until the resource restarts or its configuration is read again. @param name the command's */
export function createDebugCommand(name: string, debug: Pick<DebugSwitch, 'isOn' | 'set'>): Subcommand {
  return {
    usage: 'on | off',
    description: 'prints each event and each delivery to the console, until a restart or reload',
    run([word]) {
      const wanted = word?.toLowerCase();
      if (wanted === 'on' || wanted === 'off') debug.set(wanted === 'on');
      const state = `Debug lines are ${debug.isOn() ? 'on' : 'off'}`;
      return [
        wanted === 'on' || wanted === 'off'
          ? `${state} until a restart or reload.`
          : `${state}; see "${name} debug on | off".`,
      ];
    },
  };
}

/** Whether debug lines are written, whatever the configuration says. */
export interface DebugSwitch {
  isOn(): boolean;
  /** Holds until the configuration is read again. */
  set(on: boolean): void;
  /** To be called when the configuration was read again. */
  reset(): void;
}

/** @param configured what the configuration says, asked each time */
export function createDebugSwitch(configured: () => boolean): DebugSwitch {
  let choice: boolean | null = null;
  return {
    isOn: () => choice ?? configured(),
    set(on) {
      choice = on;
    },
    reset() {
      choice = null;
    },
  };
}

/** The game server takes no command back, so that their names are read once. */
const COMMAND_NAMES: ReadonlySet<ConfigKeyName> = new Set(['linkCommand', 'unitCommands']);

/**
 * `reload`: takes an edited config.json without a restart. One that cannot be read, half saved perhaps, is not taken.
 *
 * @param live the configuration that is read again
 * @param report says what is wrong with it, and puts it into force; not called where everything stays as it is
 */
export function createReloadCommand(live: LiveConfig, report: (problems: readonly Problem[]) => void): Subcommand {
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
