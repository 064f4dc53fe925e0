import type { ClientEvents } from '../../platform/client-events.ts';
import type { CallView } from '../../players/state-view.ts';
import { CLEAR_WAYPOINT_EVENT, WAYPOINT_EVENT } from '../client/event-names.ts';
import type { NotificationSettings } from '../notification-settings.ts';
import type { PlayerPreferences } from '../players/preferences.ts';
import { placeOfCall } from './call-place.ts';
import type { Postals } from './postals.ts';

/** Marks the calls of attached units on their players' maps. Whether the mark is still ours to change, only the game knows. */
export interface Waypoints {
  attached(call: CallView, sources: readonly number[]): void;
  /** For the units that stay attached to an edited call. */
  moved(before: CallView, after: CallView, sources: readonly number[]): void;
  /** The units are not attached any more, or the call is over. */
  left(callId: number, sources: readonly number[]): void;
  /** For players who need no mark of any call any more. */
  clear(sources: readonly number[]): void;
}

interface WaypointsOptions {
  /** Asked each time. */
  kind(): NotificationSettings['waypoint'];
  readonly postals: Postals;
  readonly preferences: Pick<PlayerPreferences, 'of'>;
  readonly clients: ClientEvents;
}

export function createWaypoints({ kind, postals, preferences, clients }: WaypointsOptions): Waypoints {
  const placeOf = (call: CallView) => {
    const wanted = kind();
    return wanted === 'none' ? null : placeOfCall(call, wanted, (code) => postals.find(code));
  };
  const send = (name: string, sources: readonly number[], ...args: unknown[]) => {
    for (const source of sources) if (!preferences.of(source).gpsOff) clients.send(name, source, ...args);
  };

  return {
    attached(call, sources) {
      const place = placeOf(call);
      if (place !== null) send(WAYPOINT_EVENT, sources, { callId: call.callId, ...place, isMove: false });
    },
    moved(before, after, sources) {
      const place = placeOf(after);
      if (place === null) return;
      const former = placeOf(before);
      if (former?.x === place.x && former.y === place.y) return;
      // A call that had no place until now was never marked: there is nothing to move.
      send(WAYPOINT_EVENT, sources, { callId: after.callId, ...place, isMove: former !== null });
    },
    left(callId, sources) {
      if (kind() !== 'none') send(CLEAR_WAYPOINT_EVENT, sources, callId);
    },
    clear(sources) {
      for (const source of sources) clients.send(CLEAR_WAYPOINT_EVENT, source, null);
    },
  };
}
