// Generated from src/push-events/catalogue by scripts/generate.ts: change that, not this.
//
// import type { PushEvent, SonoranCadExports } from 'sonorancad/types';
//
// Data can hold more fields than are named here, since the CAD adds some without notice: they are there at run time.

export interface UnitUpdateData {
  units: UnitChange[];
}

/** What an update says about a unit: a field that it leaves out has not changed. */
export interface UnitChange {
  /** The identifier that other events call ident or identId */
  id: number;
  /** Account UUID */
  accId?: string;
  /** 0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more */
  status?: number;
  isPanic?: boolean;
  location?: string;
  /** Area of play */
  aop?: string;
  /** Whether it is signed in as a dispatcher; absent when the CAD did not say */
  isDispatch?: boolean;
  coordinates?: Coordinates;
  data: UnitDetailsChange;
}

/** A place on the map; `w` is the heading. */
export interface Coordinates {
  x: number;
  y: number;
  z?: number;
  w?: number;
}

export interface UnitDetailsChange {
  /** Identities of the person, bare or prefixed; always a list */
  apiIds: string[];
  /** Identity of the person, the newer field */
  communityUserId?: string;
  /** As communityUserId, when there are several */
  communityUserIds?: string[];
  /** Call sign */
  unitNum?: string;
  name?: string;
  district?: string;
  department?: string;
  subdivision?: string;
  rank?: string;
  /** Group the unit belongs to, empty for none */
  group?: string;
  /** 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown */
  page?: number;
}

export interface UnitStatusData {
  identIds: number[];
  /** The status of all of them; where `units` is given, that of the first */
  status: number;
  /** Given when the CAD sent whole units: each has its own status */
  units?: UnitChange[];
}

export interface UnitLoginData {
  unit: Unit;
  /** Whether it signed in as a dispatcher; `unit.isDispatch` says the same */
  isDispatch: boolean;
  selfDispatch: boolean;
}

/** A unit: an officer, medic or dispatcher signed in to the CAD. */
export interface Unit {
  /** The identifier that other events call ident or identId */
  id: number;
  /** Account UUID */
  accId: string;
  /** 0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more */
  status: number;
  isPanic: boolean;
  location: string;
  /** Area of play */
  aop: string;
  /** Whether it is signed in as a dispatcher; absent when the CAD did not say */
  isDispatch?: boolean;
  coordinates?: Coordinates;
  data: UnitDetails;
}

export interface UnitDetails {
  /** Identities of the person, bare or prefixed; always a list */
  apiIds: string[];
  /** Identity of the person, the newer field */
  communityUserId?: string;
  /** As communityUserId, when there are several */
  communityUserIds?: string[];
  /** Call sign */
  unitNum: string;
  name: string;
  district: string;
  department: string;
  subdivision: string;
  rank: string;
  /** Group the unit belongs to, empty for none */
  group: string;
  /** 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown */
  page: number;
}

export interface UnitLogoutData {
  identId: number;
}

export interface UnitPanicData {
  identIds: number[];
  /** true when pressed, false when reset */
  isPanic: boolean;
}

export interface UnitGroupAddData {
  identIds: number[];
  groupName: string;
}

export interface UnitGroupRemoveData {
  identIds: number[];
  /** The first of `identIds`, under the name that the CAD documents */
  identId: number;
  groupName: string;
}

export interface UnitGroupChangeNameData {
  identIds: number[];
  oldName: string;
  newName: string;
}

export interface DispatchData {
  /** The unit that did it */
  eventOriginIdent?: number;
  dispatch: DispatchCall;
}

/** A call that units are attached to. */
export interface DispatchCall {
  callId: number;
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  origin: number;
  /** 0 pending, 1 active, 2 closed; when it is missing: 1 with units attached, else 0 */
  status: number;
  /** 1 to 3 */
  priority: number;
  block: string;
  address: string;
  postal: string;
  title: string;
  code: string;
  description: string;
  notes: CallNote[];
  /** Units attached to the call */
  idents: number[];
  /** The unit in charge */
  primary?: number;
  /** Whether the call moves with the unit in charge */
  trackPrimary: boolean;
  metaData: CallMetaData;
  /** ISO 8601 */
  updated?: string;
  /** Of custom dispatch templates */
  template?: unknown;
  /** Of custom dispatch templates */
  values?: unknown;
  /** Of custom dispatch templates */
  statusId?: unknown;
}

/** A note on a dispatch call. */
export interface CallNote {
  time: string;
  /** Who wrote it */
  label: string;
  type: string;
  content: string;
}

/** What the caller attached to the call. Values are text, booleans as "true" or "False"; a script that places calls can add names of its own. */
export interface CallMetaData {
  /** The 911 call that the dispatch call was made from */
  createdFromId?: string;
  origin911?: string;
  /** Server id of the player who called */
  callerPlayerId?: string;
  x?: string;
  y?: string;
  z?: string;
  postal?: string;
  silentAlert?: string;
  silenceAlert?: string;
  useCallLocation?: string;
  trackPrimary?: string;
}

export interface DispatchClosedData {
  /** The unit that did it */
  eventOriginIdent?: number;
  callIds: number[];
}

export interface DispatchNoteData {
  callId: number;
  note: CallNote;
}

export interface DispatchAssignmentData {
  /** The unit that did it */
  eventOriginIdent?: number;
  callId: number;
  idents: number[];
}

export interface DispatchToggleBodycamData {
  ident: number;
  state: boolean;
}

export interface EmergencyData {
  call: EmergencyCall;
  /** Who called: every identity that the CAD gave, without doubles */
  identities: string[];
  metaData: CallMetaData;
}

/** A 911 call, waiting for a dispatcher. */
export interface EmergencyCall {
  callId: number;
  /** false for a non-emergency (311) call */
  isEmergency: boolean;
  caller: string;
  location: string;
  description: string;
  metaData: CallMetaData;
  /** ISO 8601 */
  updated?: string;
}

export interface EmergencyRemovedData {
  callIds: number[];
}

export interface StreetsignUpdatedData {
  signData: SignData;
}

export interface SignData {
  ids: number[];
  text1: string;
  text2: string;
  text3: string;
}

export interface RecordData {
  record: CustomRecord;
}

/** A record: a form that was filled in. */
export interface CustomRecord {
  id: number | string;
  /** Name of the form */
  name: string;
  type: number;
  sections: RecordSection[];
}

export interface RecordSection {
  category: number;
  label: string;
  fields: RecordField[];
}

export interface RecordField {
  type: string;
  label: string;
  /** Names the field within its form */
  uid: string;
  value: string;
  /** What some kinds of fields keep besides their value */
  data?: unknown;
}

export interface ToneData {
  /** The sound */
  url: string;
  playTonesTo: ToneReceiver[];
}

export interface ToneReceiver {
  /** 0 all, 1 dispatch call, 2 agency, 3 department, 4 subdivision, 5 identifier, 6 unit group */
  type: number;
  /** Id or name of that call, agency, department, … */
  value: number | string;
  label: string;
}

export interface CharSelectedData {
  /** Account UUID */
  accId: string;
  /** The record's number, or the key of the character in the community's own database, always as received */
  id: number | string;
}

export interface CommunityLinkVerifiedData {
  /** Identity of the player, bare or prefixed */
  communityUserId: string;
  accountUuid: string;
}

export interface GetLogsData {
  logKey: string;
}

export interface NewCalloutData {
  callout: Callout;
}

/** A scene to be built in the game. */
export interface Callout {
  calloutLocations: {
    x: number;
    y: number;
    z: number;
  }[];
  pedWeaponData: string[];
  /** "none", "flee", "attack" or "surrender" */
  pedActionOnNoActionFound: string;
  /** 0 to 100 */
  pedChanceToFleeFromPlayer: number;
  /** 0 to 100 */
  pedChanceToObtainWeapons: number;
  /** 0 to 100 */
  pedChanceToAttackPlayer: number;
  /** 0 to 100 */
  pedChanceToSurrender: number;
}

export interface PrintRecordData {
  identId: number;
  /** Where the PDF lies */
  url: string;
}

export interface PagerRebornData {
  /** Pager addresses */
  addresses: string[];
  identIds: number[];
  /** "Emergency", "NonEmergency" or "Administrative" */
  nature: string;
  body: string;
}

export interface StationAlertData {
  locations: StationAlertLocation[];
  /** Text to be spoken, or sound as base64 */
  message: string;
  colors: string[];
  /** Name or address of the tone */
  tone: string;
}

export interface StationAlertLocation {
  name: string;
  /** Doors to open */
  open: string[];
  /** Doors to close */
  close: string[];
}

/** The data of each type of push event. */
export interface PushEventDataByType {
  /** Something about one or more units has changed. */
  EVENT_UNIT_UPDATE: UnitUpdateData;
  /** One or more units have a new status. */
  EVENT_UNIT_STATUS: UnitStatusData;
  /** A unit has signed in to the CAD. */
  EVENT_UNIT_LOGIN: UnitLoginData;
  /** A unit has signed out of the CAD. */
  EVENT_UNIT_LOGOUT: UnitLogoutData;
  /** One or more units have pressed or reset their panic button. */
  EVENT_UNIT_PANIC: UnitPanicData;
  /** One or more units have joined a group. */
  EVENT_UNIT_GROUP_ADD: UnitGroupAddData;
  /** A unit has left its group. */
  EVENT_UNIT_GROUP_REMOVE: UnitGroupRemoveData;
  /** A group of units has a new name. */
  EVENT_UNIT_GROUP_CHANGE_NAME: UnitGroupChangeNameData;
  /** A dispatch call has been created. */
  EVENT_DISPATCH_NEW: DispatchData;
  /** A dispatch call has been changed; the event carries all of it. */
  EVENT_DISPATCH_EDIT: DispatchData;
  /** One or more dispatch calls have been closed. */
  EVENT_DISPATCH_CLOSED: DispatchClosedData;
  /** A note has been added to a dispatch call. */
  EVENT_DISPATCH_NOTE: DispatchNoteData;
  /** One or more units have been attached to a dispatch call. */
  EVENT_DISPATCH_UNIT_ATTACH: DispatchAssignmentData;
  /** One or more units have been detached from a dispatch call. */
  EVENT_DISPATCH_UNIT_DETACH: DispatchAssignmentData;
  /** A dispatcher has switched a unit's body camera on or off. */
  EVENT_DISPATCH_TOGGLE_BODYCAM: DispatchToggleBodycamData;
  /** Somebody has called 911 (or 311). */
  EVENT_911: EmergencyData;
  /** One or more 911 calls have been answered or dismissed. */
  EVENT_REMOVE_911: EmergencyRemovedData;
  /** The text on street signs has been changed (for the Smart Signs resource). */
  EVENT_STREETSIGN_UPDATED: StreetsignUpdatedData;
  /** A record has been created. */
  EVENT_RECORD_ADD: RecordData;
  /** A record has been changed. */
  EVENT_RECORD_EDIT: RecordData;
  /** A record has been removed. */
  EVENT_RECORD_REMOVE: RecordData;
  /** A dispatcher has played a tone. */
  EVENT_TONE: ToneData;
  /** Somebody has selected a character in the CAD. */
  EVENT_CHAR_SELECTED: CharSelectedData;
  /** Somebody has linked their game account with the CAD. */
  EVENT_COMMUNITY_LINK_VERIFIED: CommunityLinkVerifiedData;
  /** The CAD's support asks for logs. */
  GET_LOGS: GetLogsData;
  /** A callout is to be created (for resources that build scenes, such as Emergency Response Simulator). */
  EVENT_NEW_CALLOUT: NewCalloutData;
  /** A unit has asked for a record to be printed in the game. */
  EVENT_PRINT_RECORD: PrintRecordData;
  /** A page has been sent to pagers (for the Inferno Pager Reborn resource). */
  EVENT_PAGER_REBORN: PagerRebornData;
  /** Stations have been alerted (for the Inferno Station Alert resource). */
  EVENT_STATION_ALERT: StationAlertData;
}

/** The type of a push event that this version knows. */
export type PushEventType = keyof PushEventDataByType;

/** The data of one type of push event. */
export type PushEventData<Type extends PushEventType> = PushEventDataByType[Type];

interface ReceivedPushEvent {
  /** Unique for each event received: a resent event gets a new one. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** How it came in; `simulated` ones were made by `sonorancad test`. */
  readonly source: 'http' | 'websocket' | 'simulated';
}

/** An event of a known type, with its data as documented. */
export type KnownPushEvent<Type extends PushEventType = PushEventType> = {
  [Each in Type]: ReceivedPushEvent & {
    readonly type: Each;
    readonly data: PushEventDataByType[Each];
    readonly valid: true;
  };
}[Type];

/** An event of a known type whose data could not be understood: as received, with the reasons. */
export interface UnreadablePushEvent extends ReceivedPushEvent {
  readonly type: PushEventType;
  readonly data: unknown;
  readonly valid: false;
  readonly issues: readonly string[];
}

/**
 * Stands for every type that this version does not know. TypeScript has no "any other string", and with plain
 * `string` here `event.type === 'EVENT_TONE'` would no longer tell which data the event has. To compare with such a
 * type, take it as text first: `const type: string = event.type`, or subscribe to it by its name.
 */
export type OtherPushEventType = `a type that is not in the catalogue: ${string}`;

/** An event of a type that this version does not know: data as received. */
export interface OtherPushEvent extends ReceivedPushEvent {
  readonly type: OtherPushEventType;
  readonly data: unknown;
  readonly valid: true;
}

/** What a subscriber to `*` gets. Ask for `valid` first, then for `type`: together they say what `data` is. */
export type PushEvent = KnownPushEvent | UnreadablePushEvent | OtherPushEvent;

/** The resource's exports: `const cad = exports.sonorancad as SonoranCadExports;` */
export type SonoranCadExports = {
  /**
   * Subscribes to one type of event or several. Dropped by itself when the calling resource stops.
   *
   * @returns a handle for `offPushEvent`
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
   * Answers `POST /pluginevent` for one type, in any case: what the handler returns, or its promise gives within 4 s, is sent as
   * JSON. Dropped by itself when the calling resource stops.
   *
   * @param handler gets the body as received, without its key
   */
  registerHttpEvent(type: string, handler: (body: { readonly type: string; readonly data?: unknown }) => unknown): void;
  /** All units that are signed in, in the order of their login. `coordinates` are those of the player's ped, with OneSync. */
  getUnits(): Unit[];
  getUnit(identId: number | string): Unit | null;
  /** The unit that a player signed in as last. @param source a server id */
  getUnitByPlayer(source: number | string): Unit | null;
  /** The server ids of a unit's connected players. */
  getPlayersOfUnit(identId: number | string): number[];
  /** Dispatch calls; those closed in the last 10 minutes are among them, with status 2. */
  getCalls(): DispatchCall[];
  getCall(callId: number | string): DispatchCall | null;
  /** 911 calls that wait. */
  getEmergencyCalls(): EmergencyCall[];
  getEmergencyCall(callId: number | string): EmergencyCall | null;
  /** As the official resource: the callback gets both lists, of which the second is that of the dispatchers. */
  GetUnitCache(
    includeDispatchers: boolean,
    callback: (units: Unit[], dispatchers: { id: number; isInGame: boolean }[]) => void,
  ): unknown;
  GetUnitCache(): Unit[];
  /** The place of a unit in the list that `GetUnitCache` gives, from 1. */
  GetUnitById(identIdOrIdentities: number | string | readonly string[]): number | null;
  GetUnitByPlayerId(player: number | string): Unit | null;
  /** By call id; a list where the ids are 1, 2, 3 and so on, as everything is that comes from Lua. */
  GetCallCache(): object;
  /** By call id, as `GetCallCache`. */
  GetEmergencyCache(): object;
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
  getCommunityId(): string;
  getCadCommunityId(): string;
  getServerId(): number;
  getCadServerId(): number;
  /** The number of the community's plan, -1 while it is not known. */
  getCadVersion(): number;
  /** Has the units compared with the CAD's own list as soon as its limits allow. */
  ManuallySetUnitCache(): void;
  isPluginLoaded(name: string): boolean;
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
  ): Promise<{ success: true; data: unknown; callId?: number | undefined } | { success: false; reason: string }>;
  /** Makes a 911 call. The callback gets a text with its number, or the reason, and whether it went well. */
  call911(
    caller: string,
    location: string,
    description: string,
    postal: string,
    plate: string,
    callback?: (text: string, ok: boolean) => void,
    coordinates?: { x: number; y: number; z?: number } | readonly number[],
    metaData?: object,
  ): void;
  remove911(callId: number | string, callback?: (result: number | string, ok: boolean) => void): void;
  /** Makes a dispatch call. The callback gets a text with its number, or the reason, and whether it went well. */
  createDispatchCall(data: object, callback?: (text: string, ok: boolean) => void): void;
  addCallNote(callId: number | string, note: string, callback?: (result: number | string, ok: boolean) => void): void;
  setCallPostal(
    callId: number | string,
    postal: string,
    callback?: (result: number | string, ok: boolean) => void,
  ): void;
  /** Sends where units are, over the session with the CAD. @returns whether the CAD took all of them */
  sendUnitLocations(updates: object | readonly object[]): Promise<boolean>;
};
