// The published typings of client and server contradict each other, so that one project can have only one of them.
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

/** Nine components in one text, which is more than any other entry of the game has. */
const TEXT_ENTRY = 'CELL_EMAIL_BCON';
/** The picture of the game's own emergency calls, which is always loaded. */
const PICTURE = 'CHAR_CALL911';
const WAYPOINT_SPRITE = 8;
const NEW_ID = -1;

/** Listens to an event that the server sends to this client. */
export function onServerEvent(name: string, handler: (...args: unknown[]) => void): void {
  onNet(name, handler);
}

/** Sends an event to the server, in the name of this client's player. */
export function tellServer(name: string): void {
  TriggerServerEvent(name);
}

/** Makes a function callable as `exports.<resource>:<name>` on this client. */
export function provideClientExport(name: string, callback: (...args: unknown[]) => unknown): void {
  // The bundle is a classic script whose `exports` global is the game's own.
  globalThis.exports(name, callback);
}

interface FeedEntry {
  readonly title: string;
  /** The text in pieces, each as long as the game takes one. */
  readonly parts: readonly string[];
  readonly colour: number;
  readonly isFlashing: boolean;
  /** 1 for the game's own duration. */
  readonly durationFactor: number;
}

export type GameFeed = typeof gameFeed;

export const gameFeed = {
  /** Shows an entry in the feed above the map. */
  post({ title, parts, colour, isFlashing, durationFactor }: FeedEntry): void {
    BeginTextCommandThefeedPost(TEXT_ENTRY);
    for (const part of parts) AddTextComponentSubstringPlayerName(part);
    ThefeedSetNextPostBackgroundColor(colour);
    EndTextCommandThefeedPostMessagetextTu(PICTURE, PICTURE, isFlashing, 0, title, '', durationFactor);
  },
};

/** A place on the map. */
interface MapPlace {
  readonly x: number;
  readonly y: number;
}

export type GameMarker = typeof gameMarker;

/** The one mark that a player can have on the map. */
export const gameMarker = {
  /** @returns null while there is none */
  read(): MapPlace | null {
    if (!IsWaypointActive()) return null;
    const [x = 0, y = 0] = GetBlipInfoIdCoord(GetFirstBlipInfoId(WAYPOINT_SPRITE));
    return { x, y };
  },
  set: ({ x, y }: MapPlace): void => SetNewWaypoint(x, y),
  remove: (): void => SetWaypointOff(),
};

/** Plays a sound of the game that only this player hears. */
export function playGameSound(name: string, set: string): void {
  PlaySoundFrontend(NEW_ID, name, set, true);
}

/** The resource whose call is being answered; null when that is not known. */
export function callerOnClient(): string | null {
  return GetInvokingResource() || null;
}

/** Writes a warning to this client's console. */
export function warnOnClient(line: string): void {
  console.warn(line);
}
