import * as v from 'valibot';
import { catalogue, findEntry, toClientData } from '../../events/catalogue/catalogue.ts';
import { type NetEventScope, netEventScopes } from '../../events/catalogue/entry.ts';
import type { PushEvent } from '../../events/push-event.ts';
import { recordOf, trimmed } from '../../lib/settings.ts';
import type { ClientEvents } from '../../platform/events.ts';
import { type Audience, type EventContext, involvedPlayers } from './audience.ts';

/** What an operator says about some types; the others keep their default. */
export type NetEventSettings = Readonly<Record<string, NetEventScope>>;

/** config.json's `netEvents`. Types in any case; one that the catalogue does not know is refused, since it never leaves the server. */
export const netEventsSchema = recordOf(
  v.pipe(
    trimmed,
    v.toUpperCase(),
    v.check((type) => findEntry(type) !== undefined),
  ),
  v.picklist(netEventScopes),
);

/** No event reaches any player's game. */
export const noNetEvents: NetEventSettings = Object.fromEntries(Object.keys(catalogue).map((type) => [type, 'none']));

/** @returns to whom events of a type are sent; `none` for every type that the catalogue does not know */
function netEventScope(settings: NetEventSettings, type: string): NetEventScope {
  const entry = findEntry(type);
  if (entry === undefined) return 'none';
  return (Object.hasOwn(settings, type) ? settings[type] : entry.netEvent) ?? 'none';
}

interface NetEventsOptions {
  /** Asked for each event. */
  settings(): NetEventSettings;
  readonly state: EventContext;
  readonly audience: Audience;
  /** Whether any player is connected. */
  hasPlayers(): boolean;
  readonly clients: ClientEvents;
  /** Told to whose games an event was sent, by its id; -1 is all. */
  told?(event: string, what: string, players: readonly number[]): void;
}

/** The name of the net event; its arguments are the type and the data. */
const NAME = 'sonorancad:pushEvent';

/** Characters of JSON beyond which a payload is sent in pieces: an ordinary call with a few notes stays below. */
const LARGE = 8_192;

const ALL_PLAYERS = [-1];
const NO_PLAYERS: readonly number[] = [];
const nothing = (): void => {};

/** Sends push events to players' games, reduced to what the catalogue lets them see. */
export class NetEvents {
  readonly #options: NetEventsOptions;

  constructor(options: NetEventsOptions) {
    this.#options = options;
  }

  /**
   * To be called before an event changes the state, since a unit that signs out is involved too.
   *
   * @param also server ids of players who get it too, unless the scope is `none`
   * @returns what sends the event; to be called after the change
   */
  begin(event: PushEvent, also: readonly number[] = NO_PLAYERS): () => void {
    const { settings, state, audience, hasPlayers } = this.#options;
    const scope = event.valid ? netEventScope(settings(), event.type) : 'none';
    if (scope === 'none') return nothing;
    const before = scope === 'involved' && hasPlayers() ? involvedPlayers(event, state, audience) : NO_PLAYERS;
    return () => {
      if (scope !== 'all' && also.length === 0 && !hasPlayers()) return;
      const reached = () =>
        scope === 'onDuty' ? audience.onDuty() : [...before, ...involvedPlayers(event, state, audience)];
      this.#send(event, scope === 'all' ? ALL_PLAYERS : [...new Set([...reached(), ...also])]);
    };
  }

  #send(event: PushEvent, targets: readonly number[]): void {
    const { clients, told } = this.#options;
    if (targets.length === 0) return;
    const data = toClientData(event.type, event.data);
    if (data === null) return;
    const send = JSON.stringify(data).length > LARGE ? clients.sendSlowly : clients.send;
    for (const target of targets) send(NAME, target, event.type, data);
    told?.(event.id, NAME, targets);
  }
}
