import type { CadLink } from '../../cad/cad-link.ts';
import { NO_COMMAND } from '../../cad/settings.ts';
import type { Config } from '../../config/schema.ts';
import type { Notifications } from '../../notify/notifications.ts';
import { locales } from '../../notify/settings.ts';
import { type ClientEvents, type GameEvents, onNetEvent } from '../../platform/events.ts';
import { registerPlayerCommand } from '../../platform/game-server.ts';
import type { OfficialResource } from '../../platform/resources.ts';
import { createCall911Handler, EmergencyCalls } from './call-911.ts';
import { CallCommands } from './call-commands.ts';
import { createTabletEvents, LinkEvents } from './link-events.ts';
import { AccountLinks, createIdentityLookup, createLinkCommand, type IdentityLookup } from './linking.ts';
import type { NetHandler, PlayerHandler, PlayerParts } from './player-requests.ts';
import { UnitCommands, UnitDesk } from './unit-commands.ts';
import { createStatusSetter, createUnitEvents, type SetUnitStatus } from './unit-events.ts';

interface PlayerRequestsOptions extends Pick<PlayerParts, 'config' | 'clock' | 'log'> {
  readonly game: Pick<PlayerParts, 'state' | 'players' | 'audience' | 'hasAce'> & {
    readonly notifications: Pick<Notifications, 'reply'>;
  };
  readonly link: Pick<CadLink, 'request' | 'isAsking'>;
  readonly events: Pick<GameEvents, 'emit' | 'caller'>;
  readonly clients: Pick<ClientEvents, 'send'>;
}

/** The requests to the CAD that players, their games and other resources can make. */
export class PlayerRequests {
  /** Handlers of events that games may trigger, by event name. */
  readonly net: Readonly<Record<string, NetHandler>>;
  /** Handlers of events that only resources may trigger, by event name. */
  readonly local: CallCommands['local'];
  readonly links: AccountLinks;
  readonly unitCommands: UnitCommands;
  readonly setUnitStatus: SetUnitStatus;
  readonly showLink: (source: number) => void;
  readonly identityInCad: IdentityLookup;
  readonly #callCommands: CallCommands;

  constructor({ config, game, link, events, clients, clock, log }: PlayerRequestsOptions) {
    const { state, players, audience } = game;
    const parts: PlayerParts = {
      ...{ config, state, players, audience, clock, log },
      request: link.request,
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

    const links = new AccountLinks(parts);
    const linkEvents = new LinkEvents({ ...parts, links });
    players.watch({
      linked(identity) {
        links.verified(identity);
        linkEvents.verified(identity);
      },
      gone: (source) => linkEvents.gone(source),
    });

    const calls = new EmergencyCalls({ ...parts, links });
    const setUnitStatus = createStatusSetter(parts);
    const panic = (source: number) => this.panic(source);
    this.#callCommands = new CallCommands({ ...parts, calls });
    this.net = {
      'SonoranScripts::Call911': createCall911Handler(calls, parts),
      ...this.#callCommands.net,
      ...linkEvents.net,
      ...toNetHandlers(createUnitEvents({ ...parts, setUnitStatus, panic })),
      ...toNetHandlers(createTabletEvents({ ...parts, links })),
    };
    this.local = this.#callCommands.local;
    this.links = links;
    this.unitCommands = new UnitCommands({ ...parts, desk: new UnitDesk(parts) });
    this.setUnitStatus = setUnitStatus;
    this.showLink = createLinkCommand({ ...parts, links });
    this.identityInCad = createIdentityLookup({ ...parts, links, isAsking: () => link.isAsking() });
  }

  panic(source: number): void {
    this.#callCommands.panic(source);
  }
}

/** Makes handlers ignore events of resources. */
function toNetHandlers(handlers: Readonly<Record<string, PlayerHandler>>): Record<string, NetHandler> {
  const netHandlers: Record<string, NetHandler> = {};
  for (const [name, handle] of Object.entries(handlers)) {
    netHandlers[name] = (source, args) => {
      if (source !== null) handle(source, ...args);
    };
  }
  return netHandlers;
}

/**
 * Handles a chat command.
 *
 * @param source the player's server id; 0 for the server's console
 * @param words the words after the command's name
 */
type CommandHandler = (source: number, words: readonly string[]) => void;

/**
 * Registers chat commands that the official resource may register too. FXServer runs the latest handler of a name,
 * and a command cannot be unregistered. The commands are therefore registered, and run, only while the official
 * resource is not running. An official resource that starts later takes its commands over by registering them itself.
 */
export class SharedCommands {
  readonly #official: OfficialResource;
  readonly #handlers = new Map<string, CommandHandler>();

  constructor(official: OfficialResource, nextTick: GameEvents['nextTick']) {
    this.#official = official;
    official.onChange((isRunning) => {
      // The official resource's commands stay registered until it has stopped completely.
      if (!isRunning) nextTick(() => this.#registerAll());
    });
  }

  add(name: string, handle: CommandHandler): void {
    const handleUnlessOfficial: CommandHandler = (source, words) => {
      if (!this.#official.isRunning()) handle(source, words);
    };
    this.#handlers.set(name, handleUnlessOfficial);
    if (!this.#official.isRunning()) registerPlayerCommand(name, handleUnlessOfficial);
  }

  #registerAll(): void {
    if (this.#official.isRunning()) return;
    for (const [name, handle] of this.#handlers) registerPlayerCommand(name, handle);
  }
}

interface ListenToPlayersOptions {
  readonly requests: PlayerRequests;
  readonly notifications: Pick<Notifications, 'commands'>;
  readonly official: OfficialResource;
  /** The configuration at the start: commands cannot be renamed while the resource runs. */
  readonly config: Pick<Config, 'linkCommand' | 'panicCommand' | 'unitCommands'>;
  readonly events: Pick<GameEvents, 'nextTick' | 'on'>;
}

/**
 * Registers players' commands and the handlers of their games' events. All are idle while the official resource runs.
 */
export function listenToPlayers({ requests, notifications, official, config, events }: ListenToPlayersOptions): void {
  const commands = new SharedCommands(official, events.nextTick);
  commands.add('cadnotify', notifications.commands.cadnotify);
  commands.add(config.unitCommands.name, (source, words) => {
    if (source > 0 && requests.unitCommands.run(source, words)) return;
    notifications.commands.dn(source, words);
  });
  if (config.linkCommand !== NO_COMMAND) {
    commands.add(config.linkCommand, (source) => {
      if (source > 0) requests.showLink(source);
    });
  }
  if (config.panicCommand !== NO_COMMAND) {
    commands.add(config.panicCommand, (source) => {
      if (source > 0) requests.panic(source);
    });
  }

  for (const [name, handle] of Object.entries(requests.net)) {
    onNetEvent(name, (source, args) => {
      if (!official.isRunning()) handle(source, args);
    });
  }
  for (const [name, handle] of Object.entries(requests.local)) {
    events.on(name, (...args) => {
      if (!official.isRunning()) handle(...args);
    });
  }
}
