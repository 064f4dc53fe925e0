import type { CadRequest } from '../../cad/api/cad-api.ts';
import type { Config } from '../../config/schema.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { Audience } from '../../game/dispatch/audience.ts';
import type { Players } from '../../game/players/players.ts';
import type { StateView } from '../../game/state/state-view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { locales } from '../../notify/locales/locales.ts';
import { createCall911Receiver } from './call-911.ts';
import { createLinkCommand, createLinking, type Linking } from './linking.ts';
import { createTabletEvents, type TabletEvents } from './tablet-events.ts';
import { createUnitCommands, createUnitDesk, type UnitCommands } from './unit-commands.ts';

export interface RequestsOptions {
  /** The configuration in force. */
  config(): Pick<Config, 'call911FromClients' | 'unitCommands' | 'primaryIdentifier' | 'locale'>;
  readonly request: CadRequest;
  readonly state: StateView;
  readonly players: Players;
  readonly audience: Pick<Audience, 'onDuty'>;
  hasAce(source: number, permission: string): boolean;
  /** Shows a player a text. */
  tell(source: number, text: string): void;
  /** Sends an event to a player's game. */
  send(name: string, source: number, ...args: readonly unknown[]): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What players, their games and other resources ask of the CAD. */
export interface Requests {
  /** @param source the player whose game asks; null for a resource */
  call911(source: number | null, args: readonly unknown[]): void;
  unitCommand: UnitCommands['run'];
  link(source: number): void;
  readonly tablet: TabletEvents;
  readonly linking: Linking;
  /** To be told of each event. */
  learn(event: PushEvent): void;
}

export function createRequests(options: RequestsOptions): Requests {
  const { config, request, state, players, audience, tell, send, clock, log } = options;
  const localeTexts = () => locales[config().locale];
  const texts = () => localeTexts().requests;

  /** By which the CAD shall know a player: an identifier of the configured kind. */
  function identityOf(source: number): string | null {
    const prefix = `${config().primaryIdentifier}:`;
    return players.identifiersOf(source).find((identifier) => identifier.startsWith(prefix)) ?? null;
  }

  const linking = createLinking({
    api: {
      checkLink: (communityUserId) => request('checkLink', { communityUserId }),
      createLink: (communityUserId) => request('createLink', { communityUserId }),
      setLink: ({ identity, ...link }) => request('setLink', { ...link, communityUserId: identity }),
    },
    clock,
  });

  return {
    call911: createCall911Receiver({
      allowed: () => config().call911FromClients,
      hasAce: options.hasAce,
      describe: (source) => ({
        place: players.coordinatesOf(source),
        identity: players.linkedIdentityOf(source) ?? identityOf(source),
      }),
      create911: (call) => request('create911', call),
      tell,
      texts,
      clock,
      log,
    }),
    unitCommand: createUnitCommands({
      desk: createUnitDesk({ request, state, titles: () => localeTexts().callTitles, log }),
      state,
      isOnDuty: (source) => audience.onDuty().includes(source),
      settings: () => config().unitCommands,
      texts,
      tell,
      clock,
      log,
    }).run,
    link: createLinkCommand({ linking, identityOf, kind: () => config().primaryIdentifier, texts, tell, clock, log }),
    tablet: createTabletEvents({ linking, identityOf, send, clock, log }),
    linking,
    learn(event) {
      if (!event.valid || event.type !== 'EVENT_COMMUNITY_LINK_VERIFIED' || event.source === 'simulated') return;
      linking.verified(event.data.communityUserId);
    },
  };
}
