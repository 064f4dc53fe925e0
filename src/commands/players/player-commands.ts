import { NO_LINK_COMMAND } from '../../cad/settings.ts';
import type { Config } from '../../config/schema.ts';
import type { Notifications } from '../../notify/notifications.ts';
import { type GameEvents, onNetEvent } from '../../platform/events.ts';
import { registerPlayerCommand } from '../../platform/game-server.ts';
import type { OfficialResource } from '../../platform/resources.ts';
import type { Requests } from './requests.ts';

type Handler = (source: number, words: readonly string[]) => void;

/** Chat commands that the official resource may have too: they are its own while it runs. */
export interface SharedCommands {
  /** @param handler gets the player's server id, 0 for the console, and the words after the name */
  add(name: string, handler: Handler): void;
}

export interface SharedCommandsOptions {
  readonly official: OfficialResource;
  register(name: string, handler: Handler): void;
  readonly nextTick: GameEvents['nextTick'];
}

/**
 * Registers commands only while the official resource is not running: whoever registers a name last has the command, and no
 * command can be given back. When it starts later it takes them over by registering them; those that only we have fall silent.
 */
export function createSharedCommands({ official, register, nextTick }: SharedCommandsOptions): SharedCommands {
  const handlers = new Map<string, Handler>();

  official.onChange((isRunning) => {
    if (isRunning) return;
    // What it has registered is there until it has stopped for good.
    nextTick(() => {
      if (!official.isRunning()) for (const [name, handler] of handlers) register(name, handler);
    });
  });

  return {
    add(name, handler) {
      const unlessShared: Handler = (source, words) => {
        if (!official.isRunning()) handler(source, words);
      };
      handlers.set(name, unlessShared);
      if (!official.isRunning()) register(name, unlessShared);
    },
  };
}

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
