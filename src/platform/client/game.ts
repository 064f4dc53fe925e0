// The published typings of client and server contradict each other, so a project can use only one of the two packages.
// These declarations cover the client natives in use.
declare function AddTextComponentSubstringPlayerName(text: string): void;
declare function BeginTextCommandThefeedPost(entry: string): void;
declare function EndTextCommandThefeedPostMessagetextTu(
  textureDictionary: string,
  texture: string,
  isFlashing: boolean,
  icon: number,
  title: string,
  subtitle: string,
  durationFactor: number,
): number;
declare function GetBlipInfoIdCoord(blip: number): number[];
declare function GetInvokingResource(): string | null;
declare function GetFirstBlipInfoId(sprite: number): number;
declare function IsWaypointActive(): boolean | number;
declare function PlaySoundFrontend(id: number, name: string, set: string, isReplay: boolean): void;
declare function SetNewWaypoint(x: number, y: number): void;
declare function SetWaypointOff(): void;
declare function ThefeedSetNextPostBackgroundColor(colour: number): void;
declare function TriggerServerEvent(name: string, ...args: unknown[]): void;

/** Listens to an event that the server sends to this client. */
export function onServerEvent(name: string, handler: (...args: unknown[]) => void): void {
  onNet(name, handler);
}

/** Sends an event without arguments to the server, in the name of this client's player. */
export function tellServer(name: string): void {
  TriggerServerEvent(name);
}

/** Makes a function callable as `exports.<resource>:<name>` on this client. */
export function provideClientExport(name: string, callback: (...args: unknown[]) => unknown): void {
  // In the bundle, a classic script, `globalThis.exports` is the game's registry of exports.
  globalThis.exports(name, callback);
}

interface FeedEntry {
  readonly title: string;
  /** The text in at most nine pieces, each short enough for one text component of the game (99 bytes). */
  readonly parts: readonly string[];
  readonly colour: number;
  readonly isFlashing: boolean;
  /** Multiplies the game's default duration. */
  readonly durationFactor: number;
}

/** The game's notification feed above the map. */
export interface GameFeed {
  post(entry: FeedEntry): void;
}

/** The running game's notification feed. */
export const gameFeed: GameFeed = {
  post({ title, parts, colour, isFlashing, durationFactor }) {
    BeginTextCommandThefeedPost(TEXT_ENTRY);
    for (const part of parts) AddTextComponentSubstringPlayerName(part);
    ThefeedSetNextPostBackgroundColor(colour);
    EndTextCommandThefeedPostMessagetextTu(PICTURE, PICTURE, isFlashing, 0, title, '', durationFactor);
  },
};

/** The game's text entry with the most components: nine. */
const TEXT_ENTRY = 'CELL_EMAIL_BCON';
/** The picture of the game's own emergency calls, which is always loaded. */
const PICTURE = 'CHAR_CALL911';

/** A position on the map. */
interface MapPlace {
  readonly x: number;
  readonly y: number;
}

/** The player's waypoint on the map. The game has one for each player. */
export interface GameMarker {
  /** Returns null when no waypoint is set. */
  read(): MapPlace | null;
  set(place: MapPlace): void;
  remove(): void;
}

/** The waypoint of the running game. */
export const gameMarker: GameMarker = {
  read() {
    if (!IsWaypointActive()) return null;
    const [x = 0, y = 0] = GetBlipInfoIdCoord(GetFirstBlipInfoId(WAYPOINT_SPRITE));
    return { x, y };
  },
  set: ({ x, y }) => SetNewWaypoint(x, y),
  remove: () => SetWaypointOff(),
};

/** The blip sprite that the game uses for the waypoint. */
const WAYPOINT_SPRITE = 8;

/** Plays one of the game's sounds for this player alone. */
export function playGameSound(name: string, set: string): void {
  PlaySoundFrontend(NEW_SOUND_ID, name, set, true);
}

/** Makes the game choose a sound id. */
const NEW_SOUND_ID = -1;

/** Returns the resource whose call is being handled; null when the game does not know it. */
export function callerOnClient(): string | null {
  return GetInvokingResource() || null;
}

/** Writes a warning to this client's console. */
export function warnOnClient(line: string): void {
  console.warn(line);
}
