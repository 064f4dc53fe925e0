import { readFileSync } from 'node:fs';
import { pathOf } from '../resource-scripts.ts';
import type { StateChange } from '../state-bags.ts';
import type { RuntimeHost } from '../types.ts';
import { createAccessControl, createPermissions } from './access-control.ts';
import { commandNatives, createCommands, registerBuiltinCommands } from './commands.ts';
import { convarNatives, createConvars } from './convars.ts';
import { Entities, type Entity } from './entities.ts';
import { entityNatives } from './entity-natives.ts';
import { createKvpStore, kvpNatives } from './kvp.ts';
import { createPlayers, type Player, playerNatives } from './players.ts';
import { type ResourceTable, type RuntimeServices, resourceNatives } from './resource-natives.ts';
import { createServerBags, mayChange, stateBagNatives } from './state-bags.ts';

interface NativeServices {
  readonly resources: ResourceTable;
  readonly runtime: RuntimeServices;
  /** `folder` is where FXServer has `db`; see {@link createKvpStore}. */
  readonly kvp: Omit<Parameters<typeof createKvpStore>[0], 'fatal'>;
  /** Whether the id of a player who left is given to the next one. */
  readonly reusesPlayerIds?: boolean;
  /** Folder that `exec file.cfg` is relative to. */
  readonly configFolder: string;
  /**
   * Calls a function reference with these arguments from outside any script (convar listeners, commands). Reports what
   * goes wrong on the console, as FXServer does, and never throws.
   *
   * @param args the arguments, or their msgpack array
   */
  callRef(ref: string, args: readonly unknown[] | Uint8Array): void;
  /** One console line, no newline. */
  print(text: string): void;
  /** Ends the run: FXServer would have crashed. */
  fatal(message: string): never;
  /** Called when a player has gone, so that the host raises `playerDropped`. */
  playerDropped(player: Player, reason: string): void;
  /** Is told of each value of a state bag that players' games are to see. */
  replicateState(change: StateChange): void;
  /**
   * Triggers an event of the server, now or at its next tick.
   *
   * @param source as handlers of scripts get it; of none unless given
   * @returns false when a handler cancelled it
   */
  emit(event: string, args: readonly unknown[], when: 'now' | 'next tick', source?: string): boolean;
}

/** The natives and the stores behind them, which tests and the console use directly. */
export type NativeSet = ReturnType<typeof createNatives>;

/** Builds all natives that need no script engine. */
export function createNatives(services: NativeServices) {
  const { print, fatal, resources } = services;
  const accessControl = createAccessControl();
  const convars = createConvars();
  const permissions = createPermissions();
  const commands = createCommands({
    accessControl,
    convars,
    print,
    offer(name, args, line, source) {
      const mayRun = accessControl.currentMay(`command.${name}`);
      if (mayRun && !services.emit('rconCommand', [name, args], 'now')) return true;
      return source !== 0 && !services.emit('__cfx_internal:commandFallback', [line], 'now', `internal-net:${source}`);
    },
  });
  const players = createPlayers({
    dropped(player, reason) {
      services.playerDropped(player, reason);
      stateBags.delete(`player:${player.id}`);
    },
    reusesIds: services.reusesPlayerIds ?? false,
    now: services.runtime.gameTimer,
  });
  const tell =
    (event: string, when: 'now' | 'next tick') =>
    ({ handle }: Entity): boolean =>
      services.emit(event, [handle], when);
  const entities = new Entities(players, {
    creating: tell('entityCreating', 'now'),
    created: tell('entityCreated', 'next tick'),
    serverCreated: tell('serverEntityCreated', 'next tick'),
    removed(entity) {
      services.emit('entityRemoved', [entity.handle], 'now');
      stateBags.delete(`entity:${entity.networkId}`);
    },
  });
  const stateBags = createServerBags(players, entities, services.replicateState);
  const kvp = createKvpStore({ ...services.kvp, fatal });

  const readConfig = (path: string): string | null => {
    const file = pathOf(services.configFolder, path, (name) => resources.get(name)?.path);
    try {
      return file === null ? null : readFileSync(file, 'utf8');
    } catch {
      return null; // `exec` names the file on the console
    }
  };
  registerBuiltinCommands({ accessControl, commands, convars, permissions, print, readConfig });

  const { callRef } = services;
  const holdRef = (caller: RuntimeHost, ref: string) => {
    const held = caller.duplicateRef(ref);
    return { call: (...args: unknown[]) => callRef(held, args), release: () => caller.deleteRef(held) };
  };

  return {
    natives: {
      ...convarNatives({ convars, accessControl, holdRef }),
      ...commandNatives({ commands, accessControl, players, callRef }),
      ...kvpNatives(kvp),
      ...playerNatives(players),
      ...entityNatives({ entities, players, emit: (event, ...args) => void services.emit(event, args, 'now') }),
      ...stateBagNatives(stateBags, (caller, ref) => {
        const held = caller.duplicateRef(ref);
        return { call: (args) => callRef(held, args), release: () => caller.deleteRef(held) };
      }),
      ...resourceNatives(resources, services.runtime),
    },
    convars,
    commands,
    accessControl,
    permissions,
    players,
    entities,
    stateBags,
    /** Sets a value as the game of a player does. FXServer ignores it in strict mode, and for bags of others. */
    setStateFromGame(change: StateChange & { readonly source: number }): void {
      const isStrict = convars.get('sv_stateBagStrictMode') === 'true';
      if (!isStrict && mayChange(change.source, change.bag, entities)) stateBags.set(change);
    },
    kvp,
    /** Runs console text (several lines and `;` allowed) as `system.console`, source 0. */
    runConsole: (text: string): void => accessControl.runAs(['system.console'], () => commands.run(text)),
    /** Runs one line a player typed (no slash), with the player's principals. */
    runAsPlayer: (id: number, line: string): void => {
      const player = players.find(String(id));
      if (player === undefined) throw new Error(`no player ${id} to run a command as`);
      accessControl.runAs(players.principalsOf(player), () => commands.execute(line, { source: player.id }));
    },
    /** Drops what a resource holds. Call it after `onResourceStop`, while its function references are still valid. */
    resourceStopped: (name: string): void => {
      convars.removeListenersOf(name);
      commands.unregisterAllOf(name);
      stateBags.removeHandlersOf(name);
    },
    close: (): void => kvp.close(),
  };
}
