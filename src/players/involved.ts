import { findEntry } from '../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import { isToneFor } from '../push-events/tone-receivers.ts';
import type { Audience } from './audience.ts';
import type { StateView } from './state-view.ts';

/**
 * The players whom an event is about, as the state is at this moment: those of its units, of the units attached to its calls, and
 * those with its identities. For a tone: those on duty whose unit is addressed.
 */
export function involvedPlayers(event: PushEvent, state: StateView, audience: Audience): number[] {
  if (!event.valid) return [];
  if (event.type === 'EVENT_TONE') return toneListeners(event.data, state, audience);
  const concerns = findEntry(event.type)?.concerns ?? {};
  const attached = (concerns.calls?.(event.data) ?? []).flatMap((callId) => state.getCall(callId)?.idents ?? []);
  const idents = new Set([...(concerns.idents?.(event.data) ?? []), ...attached]);
  return [...new Set([...audience.ofUnits(idents), ...audience.ofIdentities(concerns.identities?.(event.data) ?? [])])];
}

type ToneData = Extract<PushEvent, { type: 'EVENT_TONE'; valid: true }>['data'];

function toneListeners({ playTonesTo }: ToneData, state: StateView, audience: Audience): number[] {
  if (playTonesTo.length === 0) return [];
  return audience.onDuty().filter((source) =>
    state.unitsOfPlayer(source).some((ident) => {
      const unit = state.getUnit(ident);
      const isAttached = (callId: number) => state.getCall(callId)?.idents.includes(ident) ?? false;
      return unit !== undefined && isToneFor(playTonesTo, { ident, details: unit.data }, isAttached);
    }),
  );
}
