import type { Native } from '../types.ts';
import type { AccessControl } from './access-control.ts';
import type { Commands } from './commands.ts';
import { boolResult, integerArgument, requiredText } from './native-arguments.ts';
import type { Players } from './players.ts';

/** Natives for commands and for asking who may do what. */
export function commandNatives(services: {
  readonly commands: Commands;
  readonly accessControl: AccessControl;
  readonly players: Players;
  callRef(ref: string, args: readonly unknown[]): void;
}): Record<string, Native> {
  const { commands, accessControl, players, callRef } = services;

  return {
    RegisterCommand: (caller, ...args) => {
      const name = requiredText(args, 0);
      // FXServer keeps the text of the reference only, and never frees it while the resource runs.
      const ref = requiredText(args, 1);
      const restricted = integerArgument(args, 2) !== 0;
      const handler = (source: number, words: string[], raw: string) => callRef(ref, [source, words, raw]);
      commands.register(caller.resource.name, name, handler, restricted);
      return null;
    },
    ExecuteCommand: (caller, ...args) => {
      const line = requiredText(args, 0);
      accessControl.runAs([`resource.${caller.resource.name}`], () => commands.execute(line));
      return null;
    },
    GetRegisteredCommands: () => commands.names().map((name) => ({ name })),
    IsAceAllowed: (_caller, ...args) => boolResult(accessControl.currentMay(requiredText(args, 0))),
    IsPrincipalAceAllowed: (_caller, ...args) =>
      boolResult(accessControl.principalMay(requiredText(args, 0), requiredText(args, 1))),
    IsPlayerAceAllowed: (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      if (player === undefined) return false;
      const object = requiredText(args, 1);
      return boolResult(accessControl.anyMay(players.principalsOf(player), object));
    },
  };
}
