import type { Subcommand } from './create-command.ts';
import type { DebugSwitch } from './debug-switch.ts';

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
