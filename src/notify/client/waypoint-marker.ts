import type { GameMarker } from '../../platform/client/game.ts';

/** What the server sends to mark a call on the map: `{ callId, x, y, isMove }`. */
export const WAYPOINT_EVENT = 'sonorancad:waypoint';
/** Takes the mark of a call away, by its number; of any call for null. */
export const CLEAR_WAYPOINT_EVENT = 'sonorancad:clearWaypoint';

/** The game keeps places as 32-bit floats; no player clicks a place again as closely as this. */
const SAME_WITHIN_METRES = 1;

/** A place on the map. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

type CallPlace = Place & { readonly callId: number };

/** Marks a call on the map, and never touches a mark that the player has set. */
export function createWaypointMarker(marker: GameMarker) {
  let ours: CallPlace | null = null;

  function isOurs(shown: Place): boolean {
    return (
      ours !== null &&
      Math.abs(shown.x - ours.x) < SAME_WITHIN_METRES &&
      Math.abs(shown.y - ours.y) < SAME_WITHIN_METRES
    );
  }

  return {
    /** @param isMove the call had a place before: only the mark of that call follows it */
    show(place: CallPlace, isMove: boolean): void {
      if (isMove && ours?.callId !== place.callId) return;
      const shown = marker.read();
      if (shown !== null && !isOurs(shown)) return;
      marker.set(place);
      ours = place;
    },
    /** @param callId null for any call */
    clear(callId: number | null): void {
      if (ours === null || (callId !== null && ours.callId !== callId)) return;
      const shown = marker.read();
      if (shown !== null && isOurs(shown)) marker.remove();
      ours = null;
    },
  };
}
