import type { DispatchCall } from '../events/catalogue/calls.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readNumber } from '../events/read-values.ts';
import { type CallChange, compareUnits } from './call-changes.ts';
import { CLEAR_WAYPOINT_EVENT, type Place, WAYPOINT_EVENT } from './client.ts';
import { PostalCodes } from './postal-codes.ts';
import type { NotificationParts } from './preferences.ts';

/**
 * Marks the calls of attached units on their players' maps. Only the game knows whether the player has replaced a
 * mark since (see `WaypointMarker`).
 */
export class Waypoints {
  readonly #parts: NotificationParts;
  readonly #postalCodes: PostalCodes;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
    this.#postalCodes = new PostalCodes(parts);
  }

  /**
   * Reads the status of an event's units. Call this before the event changes the state.
   *
   * @returns a function that sets, moves and clears marks; call it after the event has changed the state
   */
  begin(event: PushEvent): (changes: readonly CallChange[]) => void {
    const { state, settings, audience } = this.#parts;
    const units = identsWithStatus(event).map((ident) => ({ ident, before: state.getUnit(ident)?.status }));

    return (changes) => {
      const { waypoint, onSceneStatus } = settings();
      if (waypoint === 'none') return;

      for (const change of changes) this.#applyChange(change);

      const arrived = units
        .filter(({ before, ident }) => before !== onSceneStatus && state.getUnit(ident)?.status === onSceneStatus)
        .map(({ ident }) => ident);
      this.clear(audience.ofUnits(arrived));
    };
  }

  /** Removes the marks of all calls from players' maps. */
  clear(sources: readonly number[]): void {
    for (const source of sources) this.#parts.clients.send(CLEAR_WAYPOINT_EVENT, source, null);
  }

  rereadPostals(): void {
    this.#postalCodes.reread();
  }

  nearestPostal(place: Place): string | null {
    return this.#postalCodes.nearest(place);
  }

  #applyChange(change: CallChange): void {
    const { before, after } = change;
    const call = after ?? before;
    if (call === undefined) return;

    const { attached, detached, isClosing } = compareUnits(change);
    const leaving = isClosing ? [...(before?.idents ?? []), ...call.idents] : detached;
    this.#sendToUnits(leaving, CLEAR_WAYPOINT_EVENT, call.callId);
    this.#markForAttached(call, attached);

    if (before === undefined || after === undefined || isClosing) return;
    const staying = after.idents.filter((ident) => !attached.includes(ident));
    this.#moveForStaying(before, after, staying);
  }

  #markForAttached(call: DispatchCall, idents: readonly number[]): void {
    if (idents.length === 0) return;
    const place = this.#placeOf(call);
    if (place !== null) this.#sendToUnits(idents, WAYPOINT_EVENT, { callId: call.callId, ...place, isMove: false });
  }

  #moveForStaying(before: DispatchCall, after: DispatchCall, idents: readonly number[]): void {
    if (idents.length === 0) return;
    const place = this.#placeOf(after);
    if (place === null) return;

    const placeBefore = this.#placeOf(before);
    if (placeBefore?.x === place.x && placeBefore.y === place.y) return;
    // Before its first place a call has no mark that could move: `isMove: false` sets one.
    const isMove = placeBefore !== null;
    this.#sendToUnits(idents, WAYPOINT_EVENT, { callId: after.callId, ...place, isMove });
  }

  /** Finds the place of a call. Scripts without coordinates send 0,0, which counts as no place. */
  #placeOf({ postal, metaData = {} }: DispatchCall): Place | null {
    if (this.#parts.settings().waypoint === 'postal') {
      const place = this.#postalCodes.find(postal || metaData.postal || '');
      if (place !== undefined) return place;
    }

    const x = readNumber(metaData.x);
    const y = readNumber(metaData.y);
    if (x === undefined || y === undefined) return null;
    return x === 0 && y === 0 ? null : { x, y };
  }

  /** Sends an event to the games of units' players, except for players who have switched marks off. */
  #sendToUnits(idents: readonly number[], name: string, payload: unknown): void {
    const { audience, preferences, clients } = this.#parts;
    for (const source of audience.ofUnits(idents)) {
      if (!preferences.get(source).gpsOff) clients.send(name, source, payload);
    }
  }
}

function identsWithStatus(event: PushEvent): number[] {
  if (event.type !== 'EVENT_UNIT_STATUS' && event.type !== 'EVENT_UNIT_UPDATE') return [];
  if (!event.valid) return [];
  return findEntry(event.type)?.concerns.idents?.(event.data) ?? [];
}
