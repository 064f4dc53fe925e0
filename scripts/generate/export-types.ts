import { forwardingTypes } from './forwarding-types.ts';
import { OFFICIAL_ONLY_EXPORTS } from './official-only-exports.ts';

/** The types of what other resources call: all exports of the server and the client script, and what they give and take. */
export function exportTypes(): string {
  return `${[ANSWERS, forwardingTypes(), EXPORTS, OFFICIAL_ONLY_EXPORTS, CLIENT_EXPORTS].join('\n\n')}\n`;
}

const ANSWERS = `/** What an export that asks the CAD tells its callback: what came of it and true, or the reason and false. */
export type CadAnswer<Result> = [result: Result, ok: true] | [reason: string, ok: false];

/** A place on the map, as scripts give it: a table, or a list of 2 to 4 numbers. */
export type Place = { x: number; y: number; z?: number; w?: number } | readonly number[];

/** What \`performApiRequest\` gives. */
export type Performed =
  | { readonly success: true; readonly data: unknown; readonly callId?: number }
  | { readonly success: false; readonly reason: string };

/** Where a unit is: it is named by one of \`identId\`, \`apiId\`, \`communityUserId\` and \`roblox\`. */
export interface UnitLocation {
  identId?: number | null;
  apiId?: string | null;
  communityUserId?: string | null;
  roblox?: number | string | null;
  /** 1 to 500 characters. */
  location: string;
  /** With a height: \`z\`, or the third number. */
  coordinates?: Place | null;
}`;

// A type, not an interface: only so does the cast from CitizenFX's own type of exports compile.
const EXPORTS = `/** The resource's exports: \`const cad = exports.sonorancad as SonoranCadExports;\` */
export type SonoranCadExports = OfficialOnlyExports & {
  /**
   * Subscribes to one type of event or several. Dropped by itself when the calling resource stops.
   *
   * @returns a handle for \`offPushEvent\`
   */
  onPushEvent<Type extends PushEventType>(
    type: Type | readonly Type[],
    callback: (event: KnownPushEvent<Type>) => unknown,
  ): number;
  /** Subscribes to all events, those that could not be understood among them. */
  onPushEvent(type: '*', callback: (event: PushEvent) => unknown): number;
  /** Subscribes to types that this version does not know. */
  onPushEvent(type: string | readonly string[], callback: (event: OtherPushEvent) => unknown): number;
  /** Ends a subscription; gives whether the handle was one of the calling resource's. */
  offPushEvent(handle: number): boolean;
  /**
   * Answers \`POST /pluginevent\` for one type, in any case: what the handler returns, or its promise gives within 4 s, is sent as
   * JSON. Dropped by itself when the calling resource stops. Throws when another resource handles the type.
   *
   * @param handler gets the body as received, without its key
   */
  registerHttpEvent(type: string, handler: (body: { readonly type: string; readonly data?: unknown }) => unknown): void;
  /** How forwarding is doing: the queue and state of each target, and the store that keeps them. */
  getForwardingStatus(): ForwardingStatus;
  /**
   * Sends dead letters again. Throws when an argument is no text.
   *
   * @param id the \`webhook-id\` of an event, or \`all\`
   * @param target where they go; without it each goes where it was to go
   * @returns how many are on their way
   */
  replayForwarding(id: string, target?: string | null): number;
  /** All units that are signed in, in the order of their login. \`coordinates\` are those of the player's ped, with OneSync. */
  getUnits(): Unit[];
  /** One of the units that are signed in. */
  getUnit(identId: number | string): Unit | null;
  /** The unit that a player signed in as last. @param source a server id */
  getUnitByPlayer(source: number | string): Unit | null;
  /** The server ids of a unit's connected players. */
  getPlayersOfUnit(identId: number | string): number[];
  /** Dispatch calls; those closed in the last 10 minutes are among them, with status 2. */
  getCalls(): DispatchCall[];
  /** One of the dispatch calls that \`getCalls\` gives. */
  getCall(callId: number | string): DispatchCall | null;
  /** 911 calls that wait. */
  getEmergencyCalls(): EmergencyCall[];
  /** One of the 911 calls that wait. */
  getEmergencyCall(callId: number | string): EmergencyCall | null;
  /** As the official resource: the callback gets both lists, of which the second is that of the dispatchers. */
  GetUnitCache(
    includeDispatchers: boolean,
    callback: (units: Unit[], dispatchers: { id: number; isInGame: boolean }[]) => void,
  ): unknown;
  /** The units whose player is here or was since their login, others for 60 s after it. */
  GetUnitCache(): Unit[];
  /** The place of a unit in the list that \`GetUnitCache\` gives, from 1. */
  GetUnitById(identIdOrIdentities: number | string | readonly string[]): number | null;
  /** The unit that a player signed in as last. @param player a server id */
  GetUnitByPlayerId(player: number | string): Unit | null;
  /** By call id; a list where the ids are 1, 2, 3 and so on, as everything is that comes from Lua. */
  GetCallCache(): object;
  /** By call id, as \`GetCallCache\`. */
  GetEmergencyCache(): object;
  /** Whether a player has an account in the CAD (\`linked\`) and is signed in there (\`online\`). */
  isPlayerInCAD(player: number | string): {
    success: boolean;
    linked: boolean;
    online: boolean;
    communityUserId?: string | null | undefined;
    unit?: Unit | null | undefined;
  };
  /** The identity by which the CAD knows a player. */
  getPlayerCommunityUserId(player: number | string): string | null;
  /** Whether a dispatcher is signed in. */
  getDispatchStatus(): boolean;
  /** The configured \`communityID\`. */
  getCommunityId(): string;
  /** The configured \`communityID\`. */
  getCadCommunityId(): string;
  /** The configured \`serverId\`. */
  getServerId(): number;
  /** The configured \`serverId\`. */
  getCadServerId(): number;
  /** The number of the community's plan, -1 while it is not known. */
  getCadVersion(): number;
  /** Has the units compared with the CAD's own list as soon as its limits allow. */
  ManuallySetUnitCache(): void;
  /** False: there are no submodules. */
  isPluginLoaded(name: string): boolean;
  /** \`enabled\` is false: there are no submodules. */
  GetPluginConfig(name: string): { enabled: boolean; disableReason: string };
  /**
   * Asks the CAD, by a name of the official resource or of the CAD's first API. The callback gets the answer (its text for names of
   * the first API), whether it went well, and the answer once more; or the reason, and false.
   *
   * @param data an object, or a list with one
   */
  performApiRequest(
    data: object,
    type: string,
    callback?: (result: unknown, ok: boolean, response: unknown) => void,
  ): Promise<Performed>;
  /** Gives \`endpoint\` back: here every type of \`performApiRequest\` has its place. */
  registerApiType(type: string, endpoint: string): string;
  /** Does nothing: here every type of \`performApiRequest\` has its place. */
  registerEndpoints(): void;
  /** Makes a 911 call. The callback gets a text with its number. */
  call911(
    caller: string,
    location: string,
    description: string,
    postal: string,
    plate: string,
    callback?: ((...answer: CadAnswer<string>) => void) | null,
    coordinates?: Place | null,
    metaData?: object,
  ): void;
  /** Removes a 911 call. The callback gets its id. */
  remove911(callId: number | string, callback?: (...answer: CadAnswer<number>) => void): void;
  /** Makes a dispatch call. The callback gets a text with its number. @param data an object, or a list with one */
  createDispatchCall(data: object, callback?: (...answer: CadAnswer<string>) => void): void;
  /** Adds a note to a dispatch call. The callback gets its id. */
  addCallNote(callId: number | string, note: string, callback?: (...answer: CadAnswer<number>) => void): void;
  /** Changes the postal code of a dispatch call. The callback gets its id. */
  setCallPostal(
    callId: number | string,
    postal: number | string,
    callback?: (...answer: CadAnswer<number>) => void,
  ): void;
  /** Tells the callback whether an account is linked with an identifier; whoever cannot be asked about counts as not linked. */
  CadIsPlayerLinked(identifier: string, callback: (linked: boolean) => void): void;
  /** The same. @param type the kind of identifier (\`license\`), where \`identifier\` does not begin with it */
  CadIsPlayerLinked(identifier: string, type: string, callback: (linked: boolean) => void): void;
  /** The same, without a callback. */
  CadIsPlayerLinked(identifier: string, type?: string): Promise<boolean>;
  /** Adds a blip, a mark on the CAD's live map. The callback gets it as the CAD made it, with its \`id\`. */
  addBlip(
    coordinates: Place,
    colour: string,
    subType: string,
    tooltip: string,
    icon: string,
    data?: unknown,
    callback?: (...answer: CadAnswer<unknown>) => void,
  ): void;
  /**
   * Adds at most 10 blips, each of which goes to the CAD as it is; more are refused as a whole. The callback gets the list of them as
   * the CAD made them, of a single one the blip itself. The first that fails ends it: then the callback's third argument has the ids
   * of those that were added before.
   */
  addBlips(
    blips: readonly object[],
    callback?: (
      ...answer: [blips: unknown, ok: true, added: undefined] | [reason: string, ok: false, added: number[] | undefined]
    ) => void,
  ): void;
  /** Removes one blip or several. The callback gets their ids. */
  removeBlip(
    ids: number | string | readonly (number | string)[],
    callback?: (...answer: CadAnswer<number[]>) => void,
  ): void;
  /** Removes all blips of a kind. The callback gets their ids. */
  removeWithSubtype(subType: string, callback?: (...answer: CadAnswer<number[]>) => void): void;
  /** Changes the fields of a blip that \`changes\` has. The callback gets its id. */
  modifyBlipd(id: number | string, changes: object, callback?: (...answer: CadAnswer<number>) => void): void;
  /**
   * Changes the data of a blip, and changes it again after so many seconds, at most 24 h. The callback gets the blip's id after the
   * first change. Refused while 500 blips wait to be changed back.
   */
  addTempBlipData(
    id: number | string,
    data: unknown,
    seconds: number | string,
    dataAfterwards: unknown,
    callback?: (...answer: CadAnswer<number>) => void,
  ): void;
  /** As \`addTempBlipData\`, for the colour of a blip. */
  addTempBlipColor(
    id: number | string,
    colour: string,
    seconds: number | string,
    colourAfterwards: string,
    callback?: (...answer: CadAnswer<number>) => void,
  ): void;
  /** Asks for all blips: the callback gets the list of them. */
  getBlips(callback: (...answer: CadAnswer<unknown[]>) => void): void;
  /**
   * Looks records up by a whole plate. The callback gets what the CAD has found, as it answered.
   *
   * @param options what else the CAD's lookup takes, such as \`types\` and \`partial\`
   */
  performLookup(plate: string, callback?: ((...answer: CadAnswer<unknown>) => void) | null, options?: object): void;
  /** Looks up who and what is wanted. The callback gets what the CAD has found, as it answered. */
  getAllWarrantsAndBolos(callback: (...answer: CadAnswer<unknown>) => void): void;
  /** The same. @param options what else the CAD's lookup takes, such as \`types\` and \`partial\` */
  getAllWarrantsAndBolos(options: object, callback: (...answer: CadAnswer<unknown>) => void): void;
  /** Sends where units are, over the session with the CAD, at most 1,000 of them. @returns whether the CAD took all of them */
  sendUnitLocations(updates: UnitLocation | readonly UnitLocation[]): Promise<boolean>;
};`;

const CLIENT_EXPORTS = `/** The exports for client scripts: \`const cad = exports.sonorancad as SonoranCadClientExports;\` */
export type SonoranCadClientExports = {
  /** 1 when \`mode\` is \`production\`, 0 when it is \`development\`; 1 until the server has said which. */
  getApiMode(): 0 | 1;
  /** False: there are no submodules. */
  isPluginLoaded(name: string): boolean;
  /** Only the official resource has it: tells the console once who called it, and calls a callback with a reason and false. */
  getBase64(...args: unknown[]): void;
};`;
