import type { Subcommand } from './create-command.ts';
import type { DebugSwitch } from './debug-switch.ts';

/** `debug on|off`: what `debugMode` does, until the resource restarts or its configuration is read again. */
export function createDebugCommand(debug: Pick<DebugSwitch, 'isOn' | 'set'>): Subcommand {
  return {
    description: 'on | off: prints each event and each delivery to the console, until a restart or reload',
    run([word]) {
      const wanted = word?.toLowerCase();
      if (wanted === 'on' || wanted === 'off') debug.set(wanted === 'on');
      const state = `Debug lines are ${debug.isOn() ? 'on' : 'off'}`;
      return [wanted === 'on' || wanted === 'off' ? `${state} until a restart or reload.` : `${state}: debug on | off`];
    },
  };
}
