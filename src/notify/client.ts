import type { GameFeed, GameMarker } from '../platform/client/game.ts';
import type { NotificationKind } from './rules.ts';
import { escapeNative } from './texts.ts';

/** What the server sends to our own client script: a notification, as its only argument, for the game's own feed. */
export const NATIVE_EVENT = 'sonorancad:notify';
/** A sound of the game: its name, and the set it is in. */
export const SOUND_EVENT = 'sonorancad:sound';

/** What a player is to be shown, as plain text: each system escapes it for itself. */
export interface Notification {
  readonly title: string;
  readonly message: string;
  readonly kind: NotificationKind;
  readonly durationMs: number;
}

/** Bytes that the game takes in one component of a text, and components in the text entry that we use. */
const MOST_BYTES = 99;
const MOST_PARTS = 9;

/** The game's colours of the feed (HUD colours). */
const COLOURS: Readonly<Record<Notification['kind'], number>> = {
  info: 140,
  success: 184,
  warning: 190,
  error: 6,
  urgent: 6,
};

/** How long the game shows an entry unless told otherwise. */
const USUAL_MS = 8_000;

/** Shows notifications by what the game has of its own. */
export function createNativeFeed(game: GameFeed): (notification: Notification) => void {
  return ({ title, message, kind, durationMs }) => {
    game.post({
      title: splitText(escapeNative(title.replaceAll('\n', ' ')))[0] ?? '',
      parts: splitText(escapeNative(message)),
      colour: COLOURS[kind] ?? COLOURS.info,
      isFlashing: kind === 'urgent',
      durationFactor: durationMs / USUAL_MS,
    });
  };
}

/** Splits between characters, never inside one or inside a line break (`~n~`); what is too much is left out. */
function splitText(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const [piece] of text.matchAll(/~n~|./gsu)) {
    const size = byteLength(piece);
    if (bytes + size > MOST_BYTES) {
      parts.push(part);
      if (parts.length === MOST_PARTS) return parts;
      part = '';
      bytes = 0;
    }
    part += piece;
    bytes += size;
  }
  return part === '' ? parts : [...parts, part];
}

/** UTF-8, which the game's script runtime has no encoder for. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

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
