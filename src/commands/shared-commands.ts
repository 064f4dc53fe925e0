import type { GameEvents } from '../platform/game-events.ts';
import type { OfficialResource } from '../platform/official-resource.ts';

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
