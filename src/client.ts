import { provideClientExports } from './api/client-exports.ts';
import {
  CLEAR_WAYPOINT_EVENT,
  NATIVE_EVENT,
  type Notification,
  SOUND_EVENT,
  showInNativeFeed,
  WAYPOINT_EVENT,
  WaypointMarker,
} from './notify/client.ts';
import {
  callerOnClient,
  gameFeed,
  gameMarker,
  onServerEvent,
  playGameSound,
  provideClientExport,
  tellServer,
  warnOnClient,
} from './platform/client/game.ts';

const waypoint = new WaypointMarker(gameMarker);

// Only our server script sends these events, always with all arguments.
onServerEvent(NATIVE_EVENT, (notification) => showInNativeFeed(gameFeed, notification as Notification));
onServerEvent(SOUND_EVENT, (name, set) => playGameSound(String(name), String(set)));
onServerEvent(WAYPOINT_EVENT, (given) => {
  const { isMove, ...place } = given as { callId: number; x: number; y: number; isMove: boolean };
  waypoint.show(place, isMove);
});
onServerEvent(CLEAR_WAYPOINT_EVENT, (callId) => waypoint.clear(typeof callId === 'number' ? callId : null));

provideClientExports({ provideClientExport, onServerEvent, tellServer, callerOnClient, warnOnClient });
