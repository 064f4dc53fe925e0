import type { Audience } from '../../players/audience.ts';
import type { StateView } from '../../players/state-view.ts';
import { findEntry } from '../../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import type { NotificationSettings } from '../notification-settings.ts';
import type { CallChange } from '../occasions/call-change.ts';
import { reassignmentOf } from '../occasions/call-occasions.ts';
import type { Waypoints } from './waypoints.ts';

interface WatchWaypointsOptions {
  readonly state: StateView;
  readonly audience: Audience;
  readonly waypoints: Waypoints;
  settings(): NotificationSettings;
}

/**
 * Follows units to their calls. To be called before an event changes the state.
 *
 * @returns what sets, moves and clears marks, to be called after it
 */
export function watchWaypoints(
  event: PushEvent,
  { state, audience, waypoints, settings }: WatchWaypointsOptions,
): (changes: readonly CallChange[]) => void {
  const statuses = unitsOf(event).map((ident) => ({ ident, before: state.getUnit(ident)?.status }));

  function arrived(): number[] {
    const { onSceneStatus } = settings();
    return statuses
      .filter(({ ident, before }) => before !== onSceneStatus && state.getUnit(ident)?.status === onSceneStatus)
      .map(({ ident }) => ident);
  }

  return (changes) => {
    if (settings().waypoint === 'none') return;
    for (const change of changes) {
      const { before, after } = change;
      const call = after ?? before;
      if (call === undefined) continue;
      const { attached, detached, isClosing } = reassignmentOf(change);
      if (isClosing) waypoints.left(call.callId, audience.ofUnits([...(before?.idents ?? []), ...call.idents]));
      if (detached.length > 0) waypoints.left(call.callId, audience.ofUnits(detached));
      if (attached.length > 0) waypoints.attached(call, audience.ofUnits(attached));
      if (before === undefined || after === undefined || isClosing) continue;
      const stayed = after.idents.filter((ident) => !attached.includes(ident));
      if (stayed.length > 0) waypoints.moved(before, after, audience.ofUnits(stayed));
    }
    const atScene = arrived();
    if (atScene.length > 0) waypoints.clear(audience.ofUnits(atScene));
  };
}

function unitsOf(event: PushEvent): number[] {
  if (event.type !== 'EVENT_UNIT_STATUS' && event.type !== 'EVENT_UNIT_UPDATE') return [];
  return event.valid ? (findEntry(event.type)?.concerns.idents?.(event.data) ?? []) : [];
}
