/** What the server sends to our own client script. */

/** Shows a notification (its only argument) by the game's own means. */
export const NATIVE_EVENT = 'sonorancad:notify';
/** Plays a sound of the game: its name, and the set it is in. */
export const SOUND_EVENT = 'sonorancad:sound';
/** Marks a call on the map: `{ callId, x, y, isMove }`. */
export const WAYPOINT_EVENT = 'sonorancad:waypoint';
/** Takes the mark of a call away, by its number; of any call for null. */
export const CLEAR_WAYPOINT_EVENT = 'sonorancad:clearWaypoint';
