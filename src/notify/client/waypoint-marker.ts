import type { GameMarker } from '../../platform/client/game.ts';
import type { Place } from '../waypoints.ts';

/** Marks a call on the map, and never touches a mark that the player has set. */
export interface WaypointMarker {
  /** @param isMove the call had a place before: only the mark of that call follows it */
  show(place: { readonly callId: number } & Place, isMove: boolean): void;
  /** @param callId null for whichever call is marked */
  clear(callId: number | null): void;
}

/** The game keeps places as 32-bit floats; nobody clicks a place again as closely as this. */
const SAME_WITHIN_METRES = 1;

export function createWaypointMarker(marker: GameMarker): WaypointMarker {
  let ours: ({ readonly callId: number } & Place) | null = null;

  function isOurs(shown: Place): boolean {
    return (
      ours !== null &&
      Math.abs(shown.x - ours.x) < SAME_WITHIN_METRES &&
      Math.abs(shown.y - ours.y) < SAME_WITHIN_METRES
    );
  }

  return {
    show(place, isMove) {
      if (isMove && ours?.callId !== place.callId) return;
      const shown = marker.read();
      if (shown !== null && !isOurs(shown)) return;
      marker.set(place);
      ours = place;
    },
    clear(callId) {
      if (ours === null || (callId !== null && ours.callId !== callId)) return;
      const shown = marker.read();
      if (shown !== null && isOurs(shown)) marker.remove();
      ours = null;
    },
  };
}
