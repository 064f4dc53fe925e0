import type { GameFeed, GameMarker } from '../platform/client/game.ts';
import type { NotificationKind } from './rules.ts';
import { escapeNative } from './texts.ts';

/** Event to our client script that shows a notification in the game's own feed. Its argument is a `Notification`. */
export const NATIVE_EVENT = 'sonorancad:notify';
/** Event to our client script that plays a sound of the game. Its arguments are the sound's name and its sound set. */
export const SOUND_EVENT = 'sonorancad:sound';
/** Event to our client script that marks a call on the player's map. Its argument is `{ callId, x, y, isMove }`. */
export const WAYPOINT_EVENT = 'sonorancad:waypoint';
/** Event to our client script that removes a call's mark. Its argument is the call id, or null for any call. */
export const CLEAR_WAYPOINT_EVENT = 'sonorancad:clearWaypoint';

/** A notification in plain text. Each notification system escapes the text for itself. */
export interface Notification {
  readonly title: string;
  readonly message: string;
  readonly kind: NotificationKind;
  readonly durationMs: number;
}

/** HUD colour indices of the game, used as background of a feed entry. */
const HUD_COLOURS: Readonly<Record<Notification['kind'], number>> = {
  info: 140,
  success: 184,
  warning: 190,
  error: 6,
  urgent: 6,
};

/** How long the game shows a feed entry at duration factor 1. */
const DEFAULT_DURATION_MS = 8_000;

export function showInNativeFeed(game: GameFeed, { title, message, kind, durationMs }: Notification): void {
  game.post({
    title: splitText(escapeNative(title.replaceAll('\n', ' ')))[0] ?? '',
    parts: splitText(escapeNative(message)),
    colour: HUD_COLOURS[kind] ?? HUD_COLOURS.info,
    isFlashing: kind === 'urgent',
    durationFactor: durationMs / DEFAULT_DURATION_MS,
  });
}

/** The game's upper bound for the bytes of one text component. */
const MAX_PART_BYTES = 99;
/** Number of text components in the game's text entry. The rest of a longer text is cut off. */
const MAX_PARTS = 9;

/** Splits a text into components for the game, never inside a character or a line break (`~n~`). */
function splitText(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;

  for (const [piece] of text.matchAll(/~n~|./gsu)) {
    const size = utf8Length(piece);
    if (bytes + size > MAX_PART_BYTES) {
      parts.push(part);
      if (parts.length === MAX_PARTS) return parts;
      part = '';
      bytes = 0;
    }
    part += piece;
    bytes += size;
  }

  if (part !== '') parts.push(part);
  return parts;
}

/** Counts the UTF-8 bytes of a text. The game's client script runtime has no TextEncoder. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code < 0x10000) bytes += 3;
    else bytes += 4;
  }
  return bytes;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

type CallPlace = Place & { readonly callId: number };

/** Distance within which two marks count as the same: the game rounds coordinates to 32-bit floats. */
const SAME_PLACE_METRES = 1;

/** Marks one call at a time on the player's map. A mark that the player has set is never replaced or removed. */
export class WaypointMarker {
  readonly #marker: GameMarker;
  /** The mark that this resource has set last. */
  #ours: CallPlace | null = null;

  constructor(marker: GameMarker) {
    this.#marker = marker;
  }

  /**
   * Marks a call.
   *
   * @param isMove true when the call had a place before: the mark then moves only if it is the mark of this call
   */
  show(place: CallPlace, isMove: boolean): void {
    if (isMove && this.#ours?.callId !== place.callId) return;

    const current = this.#marker.read();
    if (current !== null && !this.#isOurs(current)) return;

    this.#marker.set(place);
    this.#ours = place;
  }

  /**
   * Removes the mark of a call, unless the player has replaced the mark.
   *
   * @param callId null for any call
   */
  clear(callId: number | null): void {
    if (this.#ours === null || (callId !== null && this.#ours.callId !== callId)) return;

    const current = this.#marker.read();
    if (current !== null && this.#isOurs(current)) this.#marker.remove();
    this.#ours = null;
  }

  #isOurs(mark: Place): boolean {
    const ours = this.#ours;
    if (ours === null) return false;
    return Math.abs(mark.x - ours.x) < SAME_PLACE_METRES && Math.abs(mark.y - ours.y) < SAME_PLACE_METRES;
  }
}
