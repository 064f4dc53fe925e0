import type { ClientEvents } from '../../platform/client-events.ts';
import type { Audience } from '../../players/audience.ts';
import { involvedPlayers } from '../../players/involved.ts';
import type { StateView } from '../../players/state-view.ts';
import { toClientData } from '../../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import { type NetEventSettings, netEventScope } from './net-event-scopes.ts';

/** Sends push events to players' games, reduced to what the catalogue lets them see. */
export interface NetEvents {
  /**
   * To be called before an event changes the state, since a unit that signs out is involved too.
   *
   * @param also server ids of players who get it too, unless nobody does
   * @returns what sends the event; to be called after the change
   */
  begin(event: PushEvent, also?: readonly number[]): () => void;
}

export interface NetEventsOptions {
  /** Asked for each event. */
  settings(): NetEventSettings;
  readonly state: StateView;
  readonly audience: Audience;
  /** Whether anybody is connected; without it there may be somebody. */
  hasPlayers?(): boolean;
  readonly clients: ClientEvents;
}

/** The name of the net event; its arguments are the type and the data. */
const NAME = 'sonorancad:pushEvent';

/** Characters of JSON beyond which a payload is sent in pieces: an ordinary call with a few notes stays below. */
const LARGE = 8_192;

const EVERYBODY = [-1];
const NOBODY: readonly number[] = [];
const nothing = (): void => {};

export function createNetEvents({
  settings,
  state,
  audience,
  hasPlayers = () => true,
  clients,
}: NetEventsOptions): NetEvents {
  return {
    begin(event, also = NOBODY) {
      const scope = event.valid ? netEventScope(settings(), event.type) : 'none';
      if (scope === 'none') return nothing;
      const before = scope === 'involved' && hasPlayers() ? involvedPlayers(event, state, audience) : NOBODY;
      return () => {
        if (scope !== 'all' && also.length === 0 && !hasPlayers()) return;
        const reached = () =>
          scope === 'onDuty' ? audience.onDuty() : [...before, ...involvedPlayers(event, state, audience)];
        const targets = scope === 'all' ? EVERYBODY : [...new Set([...reached(), ...also])];
        if (targets.length === 0) return;
        const data = toClientData(event.type, event.data);
        if (data === null) return;
        const send = JSON.stringify(data).length > LARGE ? clients.sendSlowly : clients.send;
        for (const target of targets) send(NAME, target, event.type, data);
      };
    },
  };
}
