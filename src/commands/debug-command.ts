import type { ConfigKeyName } from '../config/schema.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

/** `debug on|off`: what `debugMode` does, until the resource restarts or its configuration is read again. */
export function createDebugCommand({ name, debug }: OperatorParts): Subcommand {
  return {
    usage: 'on | off',
    description: 'prints each event and each delivery to the console, until a restart or reload',
    run([word]) {
      const wanted = word?.toLowerCase();
      const isSet = wanted === 'on' || wanted === 'off';
      if (isSet) debug.set(wanted === 'on');
      const state = `Debug lines are ${debug.isOn() ? 'on' : 'off'}`;
      return [`${state}${isSet ? ' until a restart or reload.' : `; see "${name} debug on | off".`}`];
    },
  };
}

/** Whether debug lines are written: what `debug` has chosen, else what the configuration says, asked each time. */
export function createDebugSwitch(configured: () => boolean) {
  let choice: boolean | null = null;
  return {
    isOn: (): boolean => choice ?? configured(),
    /** @param on null once the configuration was read again, until which a choice holds */
    set(on: boolean | null): void {
      choice = on;
    },
  };
}

/** The game server takes no command back, so that their names are read once. */
const COMMAND_NAMES: readonly ConfigKeyName[] = ['linkCommand', 'panicCommand', 'unitCommands'];

/** `reload`: takes an edited config.json without a restart. A file that cannot be read, half saved perhaps, changes nothing. */
export function createReloadCommand({ live, reloaded }: Pick<OperatorParts, 'live' | 'reloaded'>): Subcommand {
  return {
    description: 'reads config.json and the convars again',
    run() {
      const { changed, fault, kept } = live.reload();
      if (kept)
        return [
          `${fault}.`,
          'The configuration was not read again; nothing changed, that of before is still in force.',
        ];
      reloaded(live.problems());
      const read = fault === null ? 'The configuration was read again' : 'Only the convars were read again';
      if (changed.length === 0) return [`${read}; nothing changed.`];
      const lines = [`${read}; changed: ${changed.join(', ')}.`];
      if (changed.some((name) => COMMAND_NAMES.includes(name)))
        lines.push('A new name of a command holds after a restart of the resource.');
      return lines;
    },
  };
}
