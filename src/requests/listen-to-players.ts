import { createSharedCommands } from '../commands/shared-commands.ts';
import { NO_LINK_COMMAND } from '../config/cad-keys.ts';
import type { Config } from '../config/schema.ts';
import type { Notifications } from '../notify/create-notifications.ts';
import type { GameEvents } from '../platform/game-events.ts';
import { onNetEvent } from '../platform/net-events.ts';
import type { OfficialResource } from '../platform/official-resource.ts';
import { registerPlayerCommand } from '../platform/player-commands.ts';
import type { Requests } from './create-requests.ts';

export interface ListenToPlayersOptions {
  readonly requests: Requests;
  readonly notifications: Pick<Notifications, 'commands'>;
  readonly official: OfficialResource;
  /** As it is at the start: commands cannot be renamed while the resource runs. */
  readonly config: Pick<Config, 'linkCommand' | 'unitCommands'>;
  readonly nextTick: GameEvents['nextTick'];
}

/** Registers the commands of players, and the events that their games may send. The official resource's own are left to it. */
export function listenToPlayers({ requests, notifications, official, config, nextTick }: ListenToPlayersOptions): void {
  const commands = createSharedCommands({ official, register: registerPlayerCommand, nextTick });
  commands.add('cadnotify', notifications.commands.cadnotify);
  commands.add(config.unitCommands.name, (source, words) => {
    if (source > 0 && requests.unitCommand(source, words)) return;
    notifications.commands.dn(source, words);
  });
  if (config.linkCommand !== NO_LINK_COMMAND) {
    commands.add(config.linkCommand, (source) => {
      if (source > 0) requests.link(source);
    });
  }

  onNetEvent('SonoranScripts::Call911', (source, args) => {
    if (!official.isRunning()) requests.call911(source, args);
  });
  for (const [name, answer] of Object.entries(requests.tablet)) {
    onNetEvent(name, (source, args) => {
      if (source !== null && !official.isRunning()) answer(source, ...args);
    });
  }
}
