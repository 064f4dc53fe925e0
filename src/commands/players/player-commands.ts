import type { CadLink } from '../../cad/cad-link.ts';
import { NO_COMMAND } from '../../cad/settings.ts';
import type { Config } from '../../config/schema.ts';
import type { Notifications } from '../../notify/notifications.ts';
import { locales } from '../../notify/settings.ts';
import { type ClientEvents, type GameEvents, onNetEvent } from '../../platform/events.ts';
import { registerPlayerCommand } from '../../platform/game-server.ts';
import type { OfficialResource } from '../../platform/resources.ts';
import { createCall911Receiver, createCallMaker } from './call-911.ts';
import { createCallCommands } from './call-commands.ts';
import { createLinkEvents, createTabletEvents } from './link-events.ts';
import { createLinkCommand, createLinking, createPlayerLinks } from './linking.ts';
import type { NetHandler, PlayerHandler, PlayerParts } from './player-requests.ts';
import { createUnitCommands, createUnitDesk } from './unit-commands.ts';
import { createUnitEvents, createUnitStatus } from './unit-events.ts';

type Requests = ReturnType<typeof createRequests>;

interface RequestsOptions extends Pick<PlayerParts, 'config' | 'clock' | 'log'> {
  readonly game: Pick<PlayerParts, 'state' | 'players' | 'audience' | 'hasAce'> & {
    readonly notifications: Pick<Notifications, 'reply'>;
  };
  readonly link: Pick<CadLink, 'request' | 'isAsking'>;
  readonly events: Pick<GameEvents, 'emit' | 'caller'>;
  readonly clients: Pick<ClientEvents, 'send'>;
}

/** Puts together what players, their games and other resources may ask of the CAD. */
export function createRequests({ config, game, link, events, clients, clock, log }: RequestsOptions) {
  const { state, players, audience } = game;
  const parts: PlayerParts = {
    ...{ config, state, players, audience, clock, log },
    request: (...request) => link.request(...request),
    hasAce: (source, permission) => game.hasAce(source, permission),
    tell: (source, text) => game.notifications.reply(source, text),
    send: (name, source, ...args) => clients.send(name, source, ...args),
    caller: () => events.caller(),
    texts: () => locales[config().locale].requests,
    identityOf(source) {
      const prefix = `${config().primaryIdentifier}:`;
      return players.identifiersOf(source).find((identifier) => identifier.startsWith(prefix)) ?? null;
    },
    emit(name, ...args) {
      if (config().legacyEvents !== 'off') events.emit(name, ...args);
    },
  };
  const linking = createLinking(parts);
  const linkEvents = createLinkEvents({ ...parts, linking });
  players.watch({
    linked(identity) {
      linking.verified(identity);
      linkEvents.verified(identity);
    },
    gone: linkEvents.gone,
  });
  const calls = createCallMaker({ ...parts, linking });
  const { net, local, panic } = createCallCommands({ ...parts, calls });
  const setUnitStatus = createUnitStatus(parts);
  return {
    /** By their names, the events that games may send. */
    net: {
      'SonoranScripts::Call911': createCall911Receiver(calls, parts),
      ...net,
      ...linkEvents.net,
      ...ofPlayers(createUnitEvents({ ...parts, setUnitStatus, panic })),
      ...ofPlayers(createTabletEvents({ ...parts, linking })),
    },
    /** Those of resources alone. */
    local,
    panic,
    setUnitStatus,
    unitCommand: createUnitCommands({ ...parts, desk: createUnitDesk(parts) }),
    link: createLinkCommand({ ...parts, linking }),
    linking,
    linkOf: createPlayerLinks({ ...parts, linking, isAsking: () => link.isAsking() }),
  };
}

function ofPlayers(handlers: Readonly<Record<string, PlayerHandler>>): Record<string, NetHandler> {
  const withPlayer =
    (answer: PlayerHandler): NetHandler =>
    (source, args) => {
      if (source !== null) answer(source, ...args);
    };
  return Object.fromEntries(Object.entries(handlers).map(([name, answer]) => [name, withPlayer(answer)]));
}

type Handler = (source: number, words: readonly string[]) => void;

/**
 * Registers chat commands that the official resource may have too, only while it is not running: the last to register a name has
 * the command, and no command can be given back. When it starts later it takes them over by registering them; those that only we
 * have fall silent.
 *
 * @returns adds a command; its handler gets the player's server id, 0 for the console, and the words after the name
 */
export function createSharedCommands(official: OfficialResource, nextTick: GameEvents['nextTick']) {
  const handlers = new Map<string, Handler>();

  official.onChange((isRunning) => {
    if (isRunning) return;
    // What it has registered is there until it has stopped for good.
    nextTick(() => {
      if (!official.isRunning()) for (const [name, handler] of handlers) registerPlayerCommand(name, handler);
    });
  });

  return (name: string, handler: Handler): void => {
    const unlessShared: Handler = (source, words) => {
      if (!official.isRunning()) handler(source, words);
    };
    handlers.set(name, unlessShared);
    if (!official.isRunning()) registerPlayerCommand(name, unlessShared);
  };
}

interface ListenToPlayersOptions {
  readonly requests: Requests;
  readonly notifications: Pick<Notifications, 'commands'>;
  readonly official: OfficialResource;
  /** As it is at the start: commands cannot be renamed while the resource runs. */
  readonly config: Pick<Config, 'linkCommand' | 'panicCommand' | 'unitCommands'>;
  readonly events: Pick<GameEvents, 'nextTick' | 'on'>;
}

/** Registers the commands of players, and the events that their games may send. The official resource keeps its own while it runs. */
export function listenToPlayers({ requests, notifications, official, config, events }: ListenToPlayersOptions): void {
  const addCommand = createSharedCommands(official, events.nextTick);
  addCommand('cadnotify', notifications.commands.cadnotify);
  addCommand(config.unitCommands.name, (source, words) => {
    if (source > 0 && requests.unitCommand(source, words)) return;
    notifications.commands.dn(source, words);
  });
  const single = [
    [config.linkCommand, requests.link],
    [config.panicCommand, requests.panic],
  ] as const;
  for (const [name, run] of single) {
    if (name === NO_COMMAND) continue;
    addCommand(name, (source) => {
      if (source > 0) run(source);
    });
  }

  for (const [name, answer] of Object.entries(requests.net)) {
    onNetEvent(name, (source, args) => {
      if (!official.isRunning()) answer(source, args);
    });
  }
  for (const [name, answer] of Object.entries(requests.local)) {
    events.on(name, (...args) => {
      if (!official.isRunning()) answer(...args);
    });
  }
}
