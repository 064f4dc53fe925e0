// import type { PushEvent, SonoranCadExports } from 'sonorancad/types';
//
// Data can hold more fields than are named here, since the CAD adds some without notice: they are there at run time.

// <event data> Written by "npm run generate" from src/events/catalogue.
export interface UnitUpdateData {
  /** Units that have changed, each with what is new */
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
  /** Whether its panic button is pressed */
  isPanic?: boolean;
  /** Where it is, in words */
  location?: string;
  /** Area of play */
  aop?: string;
  /** Whether it is signed in as a dispatcher; absent when the CAD did not say */
  isDispatch?: boolean;
  /** Where it is on the map */
  coordinates?: Coordinates;
  /** What has changed of who it is */
  data: UnitDetailsChange;
}

/** A place on the map; `w` is the heading. */
export interface Coordinates {
  /** East */
  x: number;
  /** North */
  y: number;
  /** Height */
  z?: number;
  /** Heading, in degrees */
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
  /** Name of the person */
  name?: string;
  /** District */
  district?: string;
  /** Department */
  department?: string;
  /** Subdivision */
  subdivision?: string;
  /** Rank */
  rank?: string;
  /** Group the unit belongs to, empty for none */
  group?: string;
  /** 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown */
  page?: number;
}

export interface UnitStatusData {
  /** Units that have the new status */
  identIds: number[];
  /** The status of all of them; where `units` is given, that of the first */
  status: number;
  /** Given when the CAD sent whole units: each has its own status */
  units?: UnitChange[];
}

export interface UnitLoginData {
  /** All of the unit */
  unit: Unit;
  /** Whether it signed in as a dispatcher; `unit.isDispatch` says the same */
  isDispatch: boolean;
  /** Whether the unit dispatches itself */
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
  /** Whether its panic button is pressed */
  isPanic: boolean;
  /** Where it is, in words */
  location: string;
  /** Area of play */
  aop: string;
  /** Whether it is signed in as a dispatcher; absent when the CAD did not say */
  isDispatch?: boolean;
  /** Where it is on the map */
  coordinates?: Coordinates;
  /** Who it is */
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
  /** Name of the person */
  name: string;
  /** District */
  district: string;
  /** Department */
  department: string;
  /** Subdivision */
  subdivision: string;
  /** Rank */
  rank: string;
  /** Group the unit belongs to, empty for none */
  group: string;
  /** 0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown */
  page: number;
}

export interface UnitLogoutData {
  /** The unit */
  identId: number;
}

export interface UnitPanicData {
  /** Units whose panic button it is */
  identIds: number[];
  /** true when pressed, false when reset */
  isPanic: boolean;
}

export interface UnitGroupAddData {
  /** Units that have joined */
  identIds: number[];
  /** Name of the group */
  groupName: string;
}

export interface UnitGroupRemoveData {
  /** Units that have left */
  identIds: number[];
  /** The first of `identIds`, under the name that the CAD documents */
  identId: number;
  /** Name of the group they were in */
  groupName: string;
}

export interface UnitGroupChangeNameData {
  /** Units of the group */
  identIds: number[];
  /** Name until now */
  oldName: string;
  /** New name */
  newName: string;
}

export interface DispatchData {
  /** The unit that did it */
  eventOriginIdent?: number;
  /** All of the call */
  dispatch: DispatchCall;
}

/** A call that units are attached to. */
export interface DispatchCall {
  /** Number of the call */
  callId: number;
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  origin: number;
  /** 0 pending, 1 active, 2 closed; when it is missing: 1 with units attached, else 0 */
  status: number;
  /** 1 to 3 */
  priority: number;
  /** Block of the address */
  block: string;
  /** Address */
  address: string;
  /** Postal code */
  postal: string;
  /** What the call is about, in some words */
  title: string;
  /** Ten-code */
  code: string;
  /** What happened */
  description: string;
  /** Notes on the call, newest first */
  notes: CallNote[];
  /** Units attached to the call */
  idents: number[];
  /** The unit in charge */
  primary?: number;
  /** Whether the call moves with the unit in charge */
  trackPrimary: boolean;
  /** Absent where none was sent */
  metaData?: CallMetaData;
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
  /** When it was written, as the CAD shows it */
  time: string;
  /** Who wrote it */
  label: string;
  /** Kind of note */
  type: string;
  /** What the note says */
  content: string;
}

/** What the caller attached to the call. Values are text, booleans as "true" or "False"; a script that places calls can add names of its own. */
export interface CallMetaData {
  /** The 911 call that the dispatch call was made from */
  createdFromId?: string;
  /** Whether it came from a 911 call, as text */
  origin911?: string;
  /** Server id of the player who called */
  callerPlayerId?: string;
  /** Where it is, east, as text */
  x?: string;
  /** Where it is, north, as text */
  y?: string;
  /** Height, as text */
  z?: string;
  /** Postal code of the place */
  postal?: string;
  /** Whether the caller is told nothing, as text */
  silentAlert?: string;
  /** As silentAlert, in another spelling */
  silenceAlert?: string;
  /** Whether the place of the caller is used, as text */
  useCallLocation?: string;
  /** Whether the call follows its first unit, as text */
  trackPrimary?: string;
}

export interface DispatchClosedData {
  /** The unit that did it */
  eventOriginIdent?: number;
  /** Dispatch calls that are over */
  callIds: number[];
}

export interface DispatchNoteData {
  /** The dispatch call */
  callId: number;
  /** The note that was added */
  note: {
    /** When it was written, as the CAD shows it */
    time: string;
    /** Who wrote it */
    label: string;
    /** Kind of note */
    type: string;
    /** What the note says */
    content: string;
  };
}

export interface DispatchAssignmentData {
  /** The unit that did it */
  eventOriginIdent?: number;
  /** The dispatch call */
  callId: number;
  /** Units that are concerned */
  idents: number[];
}

export interface DispatchToggleBodycamData {
  /** The unit */
  ident: number;
  /** Whether its camera is on now */
  state: boolean;
}

export interface EmergencyData {
  /** The 911 call */
  call: EmergencyCall;
  /** Who called: every identity that the CAD gave, without doubles */
  identities: string[];
  /** As that of the call, where the CAD sends it beside the call */
  metaData?: CallMetaData;
}

/** A 911 call, waiting for a dispatcher. */
export interface EmergencyCall {
  /** Number of the call */
  callId: number;
  /** false for a non-emergency (311) call */
  isEmergency: boolean;
  /** Name of the caller */
  caller: string;
  /** Where the caller is, in words */
  location: string;
  /** What the caller says */
  description: string;
  /** Absent where none was sent */
  metaData?: CallMetaData;
  /** ISO 8601 */
  updated?: string;
}

export interface EmergencyRemovedData {
  /** 911 calls that are over */
  callIds: number[];
}

export interface StreetsignUpdatedData {
  /** The signs, and what stands on them now */
  signData: SignData;
}

/** The signs, and what stands on them now */
export interface SignData {
  /** Numbers of the signs */
  ids: number[];
  /** First line */
  text1: string;
  /** Second line */
  text2: string;
  /** Third line */
  text3: string;
}

export interface RecordData {
  /** All of the record */
  record: CustomRecord;
}

/** A record: a form that was filled in. */
export interface CustomRecord {
  /** Number or name of the record */
  id: number | string;
  /** Name of the form */
  name: string;
  /** Kind of record */
  type: number;
  /** Sections of the record */
  sections: RecordSection[];
}

export interface RecordSection {
  /** Kind of section */
  category: number;
  /** Heading of the section */
  label: string;
  /** Fields of the section */
  fields: RecordField[];
}

export interface RecordField {
  /** Kind of field in the form */
  type: string;
  /** Name of the field in the form */
  label: string;
  /** Names the field within its form */
  uid: string;
  /** What was filled in, always as text */
  value: string;
  /** What some kinds of fields keep besides their value */
  data?: unknown;
}

export interface ToneData {
  /** The sound */
  url: string;
  /** Who is to hear it; may be empty */
  playTonesTo: ToneReceiver[];
}

export interface ToneReceiver {
  /** 0 all, 1 dispatch call, 2 agency, 3 department, 4 subdivision, 5 identifier, 6 unit group */
  type: number;
  /** Id or name of that call, agency, department, … */
  value: number | string;
  /** Name of the receiver, as the dispatcher sees it */
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
  /** Account in the CAD */
  accountUuid: string;
}

export interface GetLogsData {
  /** Names the request, for the answer */
  logKey: string;
}

export interface NewCalloutData {
  /** The callout */
  callout: Callout;
}

/** A scene to be built in the game. */
export interface Callout {
  /** Where it happens */
  calloutLocations: {
    /** East */
    x: number;
    /** North */
    y: number;
    /** Height */
    z: number;
  }[];
  /** Weapons of the people in it */
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
  /** Unit that wants it printed */
  identId: number;
  /** Where the PDF lies */
  url: string;
}

export interface PagerRebornData {
  /** Pager addresses */
  addresses: string[];
  /** Units that are paged */
  identIds: number[];
  /** "Emergency", "NonEmergency" or "Administrative" */
  nature: string;
  /** What the page says */
  body: string;
}

export interface StationAlertData {
  /** Stations that are alerted, and their doors */
  locations: StationAlertLocation[];
  /** Text to be spoken, or sound as base64 */
  message: string;
  /** Colours of the lights */
  colors: string[];
  /** Name or address of the tone */
  tone: string;
}

export interface StationAlertLocation {
  /** Name of the station */
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
  /** A person has called 911 (or 311). */
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
  /** A person has selected a character in the CAD. */
  EVENT_CHAR_SELECTED: CharSelectedData;
  /** A person has linked their game account with the CAD. */
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
// </event data>

/** The type of a push event that this version knows. */
export type PushEventType = keyof PushEventDataByType;

/** The data of one type of push event. */
export type PushEventData<Type extends PushEventType> = PushEventDataByType[Type];

interface ReceivedPushEvent {
  /** Unique for each event: one that the CAD sends again gets a new one, one from a forwarder has the id that it has there. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** How it came in; `simulated` ones were made by `sonorancad test`. */
  readonly source: 'http' | 'websocket' | 'simulated';
}

/** An event of one type, with its data as documented. */
export interface KnownPushEvent<Type extends PushEventType> extends ReceivedPushEvent {
  readonly type: Type;
  readonly data: PushEventDataByType[Type];
  readonly valid: true;
}

/** An event of one of several types, of any known one when none are named: its `type` tells what its data is. */
export type KnownPushEvents<Type extends PushEventType = PushEventType> = {
  [Each in Type]: KnownPushEvent<Each>;
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
export type PushEvent = KnownPushEvents | UnreadablePushEvent | OtherPushEvent;

/** What is known of a player: an account in the CAD (`linked`), a unit (`online`), both (`success`). */
export type PlayerInCad = {
  success: boolean;
  linked: boolean;
  online: boolean;
  communityUserId?: string | null | undefined;
  unit?: Unit | null | undefined;
};

/** What an export that asks the CAD for a number tells its callback: the number and true, or the reason and false. */
export type CadAnswer<Result> = [result: Result, ok: true] | [reason: string, ok: false];

/** Which warrants and BOLOs `getAllWarrantsAndBolos` looks for. */
export interface WantedOptions {
  /** As numbers of the CAD, or `open`, `closed`, `pending`, `approved` and `rejected`; open and closed unless given. */
  statuses?: number | string | readonly (number | string)[];
  /** 2 (warrants) and 3 (BOLOs) unless given. */
  types?: readonly number[];
  /** How many a page, 100 unless given. */
  limit?: number;
  offset?: number;
  /** From 1, in place of `offset`. */
  page?: number;
  /** 30 at most. */
  maxPages?: number;
}

/** What `getAllWarrantsAndBolos` tells its callback. `truncated`: whether there may be more than it looked at. */
export type WantedAnswer = [
  records: unknown[] | null,
  meta:
    | { ok: true; pages: number; limit: number; offset: number; statuses: number[]; truncated?: true }
    | { ok: false; error: string },
];

/** What `cadGetPlateInformation` tells: of records their fields by name, of what is not closed its flags. */
export type PlateCallback = (
  registrations: object[],
  vehicles: object[],
  owners: object[],
  boloFlags: unknown[],
  warrantFlags: unknown[],
) => void;

/** How `cadGetPlateInformation` looks. */
export interface PlateOptions {
  /** The identity of a player to whom the CAD shows it. */
  autoLookup?: string;
  /** How long what was found counts, 60,000 unless given, 600,000 at most. */
  cacheTtlMs?: number;
  /** Neither takes nor keeps what was found before. */
  bypassCache?: boolean;
  /** Takes nothing that was found before. */
  forceRefresh?: boolean;
}

/** Where a plate reader has seen a plate. */
export interface SeenPlate {
  readonly cam: string;
  readonly plate: string;
  readonly index: string;
}

/** A place on the map, as scripts give it: a table, or a list of 2 to 4 numbers. */
export type Place = { x: number; y: number; z?: number; w?: number } | readonly number[];

/** What `performApiRequest` gives, and its callback gets as the third argument. */
export type Performed =
  | { readonly success: true; readonly data: unknown; readonly callId?: number; readonly recordId?: number }
  | { readonly success: false; readonly reason: string };

/** What a method of the vendor's client gives: the CAD's answer, or its error (a sentence where the CAD was not asked). */
export type CadClientAnswer =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly reason: unknown; readonly traceId?: string };

// <client methods> Written by "npm run generate" from src/cad/api/endpoints.
/** The vendor's client for version 2 of the CAD's API. What methods take and give is in the CAD's documentation. */
export type CadClient = CadClientRefusals & {
  /** Links a character with an account. */
  addCharacterLinkV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Adds a note to a dispatch call. */
  addDispatchNoteV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Puts units into a group. */
  addIdentifiersToGroupV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Applies a permission key to an account. */
  applyPermissionKeyV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Attaches units to a call. */
  attachUnitsToDispatchCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Lets this server change street signs. */
  authorizeStreetSignsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Bans an account. */
  banUserV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Whether a player has linked their account. */
  checkCommunityLinkV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Closes dispatch calls. */
  closeDispatchCallsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Adds a blip. */
  createBlipV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** A code with which a player links their account. */
  createCommunityLinkV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Creates a dispatch call from a template. */
  createCustomDispatchCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Creates a dispatch call. */
  createDispatchCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Places a 911 call. */
  createEmergencyCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Creates an identifier. */
  createIdentifierV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Creates a record. */
  createRecordV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Removes blips. */
  deleteBlipsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Removes a 911 call. */
  deleteEmergencyCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Removes an identifier. */
  deleteIdentifierV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Detaches units from their calls. */
  detachUnitsFromDispatchCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The units of an account. */
  getAccountUnitsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** One account. */
  getAccountV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** All accounts, page by page. */
  getAccountsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The blips on the live map. */
  getBlipsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The dispatch calls and 911 calls. */
  getCallsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The characters that are linked with an account. */
  getCharacterLinksV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The characters of an account. */
  getCharactersV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The call that an account is on. */
  getCurrentCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The templates of dispatch calls. */
  getDispatchTemplatesV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The identifiers of an account. */
  getIdentifiersV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The community's name and time zone. */
  getInfoV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The login page of a community. */
  getLoginPageV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The settings of pagers. */
  getPagerConfigV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The penal codes. */
  getPenalCodesV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The list of servers. */
  getServersV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The templates of records. */
  getTemplatesV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Credentials for the voice relay. */
  getTurnCredentialsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The units that are signed in. */
  getUnitsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The community's plan. */
  getVersionV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Reports that this server is running, and its number of players. */
  heartbeatV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Signs a unit off. */
  kickUnitV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Looks for records by the value of a field. */
  lookupByValueV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Looks in the community's own database. */
  lookupCustomV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Looks for records by name or plate. */
  lookupV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Unlinks a character from an account. */
  removeCharacterLinkV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Removes a character. */
  removeCharacterV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Removes a record. */
  removeRecordV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Selects an identifier. */
  selectIdentifierV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Sends a photo to a unit. */
  sendPhotoV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Opens a draft of a record for a unit. */
  sendRecordDraftV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes what an account may do. */
  setAccountPermissionsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces the callouts that dispatchers can choose. */
  setAvailableCalloutsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Links a player with an account. */
  setCommunityLinkV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Sets the postal code of a call. */
  setDispatchPostalV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Sets the primary unit of a call. */
  setDispatchPrimaryV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes the settings of pagers. */
  setPagerConfigV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces all penal codes. */
  setPenalCodesV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces all postal codes. */
  setPostalsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Selects a character. */
  setSelectedCharacterV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces the list of servers. */
  setServersV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces the stations. */
  setStationsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Replaces the street signs. */
  setStreetSignConfigV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Presses or resets the panic button of units. */
  setUnitPanicV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Sets the status of units. */
  setUnitStatusV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes a blip. */
  updateBlipV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes a dispatch call. */
  updateDispatchCallV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes an identifier. */
  updateIdentifierV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes a record. */
  updateRecordV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Changes the text on street signs. */
  updateStreetSignsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** Sets the locations of units. */
  updateUnitLocationsV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
  /** The account that a secret belongs to. */
  verifySecretV2(...args: readonly unknown[]): Promise<CadClientAnswer>;
};
// </client methods>

/** Methods of the vendor's client that throw here: `not documented`, or why they cannot be had. */
export type CadClientRefusals = {
  /** Throws `not documented`. */
  checkApiIdV2(...args: readonly unknown[]): never;
  /** Throws `not documented`. */
  setApiIdsV2(...args: readonly unknown[]): never;
  /** Throws `not documented`. */
  setLogLevel(...args: readonly unknown[]): never;
  /** Throws `not documented`. */
  setRoomId(...args: readonly unknown[]): never;
  /** Throws: the bytes of a recording do not cross from one resource to another. */
  uploadBodycamRecordingV2(...args: readonly unknown[]): never;
};

/** Where a unit is: it is named by one of `identId`, `apiId`, `communityUserId` and `roblox`. */
export interface UnitLocation {
  identId?: number | null;
  apiId?: string | null;
  communityUserId?: string | null;
  roblox?: number | string | null;
  /** 1 to 500 characters. */
  location: string;
  /** With a height: `z`, or the third number. */
  coordinates?: Place | null;
}

// <forwarding status> Written by "npm run generate" from src/forward.
/** What has become of a target's events since the start: `accepted + recovered` is what all others and the queue add up to. */
export interface LaneCounts {
  /** Taken in since the start, replays included. */
  accepted: number;
  /** Found in the store at the start. */
  recovered: number;
  delivered: number;
  /** Of the delivered ones, those that a listener took that never answers. */
  unconfirmed: number;
  /** The listener does not want events of that type. */
  unwanted: number;
  /** Became dead letters, whatever has become of those. */
  deadLettered: number;
  /** Given up on to make room. */
  lost: number;
  /** Dead letters that were given up on to make room. */
  lostDeadLetters: number;
  /** Dropped by the operator. */
  dropped: number;
  /** Always 0: an outbox in another format is left alone as a whole, and its events are not counted. */
  leftAlone: number;
}

/** How one target is doing: plain values, which may cross to other resources. */
export interface LaneStatus {
  readonly target: string;
  /** Without credentials, query and webhook token. */
  readonly url: string;
  readonly state: 'starting' | 'open' | 'waiting' | 'parked';
  /** Why the last attempt failed; null while it answers as it should. */
  readonly reason: string | null;
  /** What the operator can do about it. */
  readonly advice: string | null;
  /** Events that are not done with, those that were set aside among them. */
  readonly queued: number;
  readonly setAside: number;
  readonly deadLetters: number;
  /** Of both, as stored. */
  readonly bytes: number;
  /** Age of the first event in the queue, also while it is under way; null when the queue is empty. */
  readonly oldestMs: number | null;
  readonly nextAttemptInMs: number | null;
  readonly failuresInARow: number;
  /** Whether it takes events and never answers. */
  readonly silent: boolean;
  /** Whether it has answered an event since the start, or since its settings were changed. */
  readonly reached: boolean;
  /** Events that it refused for good since it last took one, and how it answered the last of them; null when there are none. */
  readonly refusals: { readonly count: number; readonly reason: string } | null;
  readonly counts: Readonly<LaneCounts>;
}

/** How the store is doing, for the operator. */
export interface StoreStatus {
  /** Whether it keeps what it is given; while it does not, forwarding goes on from memory. */
  readonly broken: boolean;
  /** Why it is not used at all, null when it is. */
  readonly unusedBecause: string | null;
  /** How long the last flush held the game up; null before the first. */
  readonly lastFlushMs: number | null;
  readonly longestFlushMs: number | null;
  /** Milliseconds between two flushes: 2,000 unless they take long. */
  readonly flushEveryMs: number;
  /** Events and dead letters that only memory is known to hold. */
  readonly eventsInMemory: number;
}

/** How forwarding is doing: plain values, which may cross to other resources. */
export interface ForwardingStatus {
  /** Whether what an earlier run left is still being searched for; nothing is sent meanwhile. */
  readonly recovering: boolean;
  readonly store: StoreStatus;
  readonly targets: readonly LaneStatus[];
  /** Removed targets whose events are becoming dead letters. */
  readonly leaving: readonly { readonly target: string; readonly queued: number }[];
  /** Targets that are not configured and have dead letters. */
  readonly removed: readonly { readonly target: string; readonly deadLetters: number }[];
  /** Events that became dead letters because other forwarders sent them too often: a circle. */
  readonly stoppedLoops: number;
}
// </forwarding status>

// A type, not an interface: only so does the cast from CitizenFX's own type of exports compile.
/** The resource's exports: `const cad = exports.sonorancad as SonoranCadExports;` */
export type SonoranCadExports = OfficialOnlyExports & {
  /**
   * Subscribes to one type of event or several. Dropped by itself when the calling resource stops.
   *
   * @returns a handle for `offPushEvent`
   */
  onPushEvent<Type extends PushEventType>(
    type: Type | readonly Type[],
    callback: (event: KnownPushEvents<Type>) => unknown,
  ): number;
  /** Subscribes to all events, those that could not be understood among them. */
  onPushEvent(type: '*', callback: (event: PushEvent) => unknown): number;
  /** Subscribes to types that this version does not know. */
  onPushEvent(type: string | readonly string[], callback: (event: OtherPushEvent) => unknown): number;
  /** Ends a subscription; gives whether the handle was one of the calling resource's. */
  offPushEvent(handle: number): boolean;
  /**
   * Answers `POST /pluginevent` for one type, in any case: what the handler returns, or its promise gives within 4 s, is sent as
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
   * @param id the `webhook-id` of an event, or `all`
   * @param target where they go; without it each goes where it was to go
   * @returns how many are on their way
   */
  replayForwarding(id: string, target?: string | null): number;
  /** All units that are signed in, in the order of their login. `coordinates` are those of the player's ped, with OneSync. */
  getUnits(): Unit[];
  /** One of the units that are signed in. */
  getUnit(identId: number | string): Unit | null;
  /** The unit that a player signed in as last. @param source a server id */
  getUnitByPlayer(source: number | string): Unit | null;
  /** The server ids of a unit's connected players. */
  getPlayersOfUnit(identId: number | string): number[];
  /** Dispatch calls; those closed in the last 10 minutes are among them, with status 2. */
  getCalls(): DispatchCall[];
  /** One of the dispatch calls that `getCalls` gives. */
  getCall(callId: number | string): DispatchCall | null;
  /** 911 calls that wait. */
  getEmergencyCalls(): EmergencyCall[];
  /** One of the 911 calls that wait. */
  getEmergencyCall(callId: number | string): EmergencyCall | null;
  /** Whether a player is on duty, as `notifications.duty` says. @param source a server id */
  isOnDuty(source: number | string): boolean;
  /** The server ids of all players on duty, as `notifications.duty` says. */
  getPlayersOnDuty(): number[];
  /** As the official resource: the callback gets both lists, of which the second is that of the dispatchers. */
  GetUnitCache(
    includeDispatchers: boolean,
    callback: (units: Unit[], dispatchers: { id: number; isInGame: boolean }[]) => void,
  ): unknown;
  /** The units whose player is here or was since their login, others for 60 s after it. */
  GetUnitCache(): Unit[];
  /** The place of a unit in the list that `GetUnitCache` gives, from 1. */
  GetUnitById(identIdOrIdentities: number | string | readonly string[]): number | null;
  /** The unit that a player signed in as last. @param player a server id */
  GetUnitByPlayerId(player: number | string): Unit | null;
  /** By call id; a list where the ids are 1, 2, 3 and so on, as everything is that comes from Lua. */
  GetCallCache(): object;
  /** By call id, as `GetCallCache`. */
  GetEmergencyCache(): object;
  /**
   * Whether a player has an account in the CAD (`linked`) and is signed in there (`online`, and `success`). A promise for a player who
   * is no unit, when the CAD has to be asked.
   */
  isPlayerInCAD(player: number | string): PlayerInCad | Promise<PlayerInCad>;
  /** The identity by which the CAD knows a player. A promise for a player who is no unit, when the CAD has to be asked. */
  getPlayerCommunityUserId(player: number | string): string | null | Promise<string | null>;
  /** Whether a dispatcher is signed in. */
  getDispatchStatus(): boolean;
  /** The configured `communityID`. */
  getCommunityId(): string;
  /** The configured `communityID`. */
  getCadCommunityId(): string;
  /** The configured `serverId`. */
  getServerId(): number;
  /** The configured `serverId`. */
  getCadServerId(): number;
  /** The number of the community's plan, -1 while it is not known. */
  getCadVersion(): number;
  /** Has the units compared with the CAD's own list as soon as its limits allow. */
  ManuallySetUnitCache(): void;
  /** False: there are no submodules. */
  isPluginLoaded(name: string): boolean;
  /** `enabled` is false: there are no submodules. */
  GetPluginConfig(name: string): { enabled: boolean; disableReason: string };
  /**
   * Asks the CAD, by a name of the official resource or of the CAD's first API. The callback gets the answer as the official resource
   * gives it (its text for names of the first API which that does not know), whether it went well, and what the export gives; or the
   * reason, and false.
   *
   * @param data an object, or a list with one
   */
  performApiRequest(
    data: object,
    type: string,
    callback?: (result: unknown, ok: boolean, performed: Performed) => void,
  ): Promise<Performed>;
  /**
   * The vendor's client for version 2 of the CAD's API. To be kept until sonorancad restarts: each call makes references of the game
   * server's anew.
   */
  getCadClient(): CadClient;
  /** The same, for another server of the community. Throws for another product, community or key. */
  createClient(options?: { product?: 0; communityId?: string; apiKey?: string; defaultServerId?: number }): {
    readonly cad: CadClient;
  };
  /** The client's method of that name: the characters of an account, by `communityUserId`, `accountUuid`, `roblox` or `discord`. */
  getCharactersV2(query: object): Promise<CadClientAnswer>;
  /** Gives `endpoint` back: here every type of `performApiRequest` has its place. */
  registerApiType(type: string, endpoint: string): string;
  /** Does nothing: here every type of `performApiRequest` has its place. */
  registerEndpoints(): void;
  /** Makes a 911 call. The callback gets a text with its number. */
  call911(
    caller: string,
    location: string,
    description: string,
    postal: string,
    plate: string,
    callback?: ((textOrReason: string, ok: boolean) => void) | null,
    coordinates?: Place | null,
    metaData?: object | null,
    deleteAfterMinutes?: number,
  ): void;
  /** Removes a 911 call. The callback gets its id. */
  remove911(callId: number | string, callback?: (...answer: CadAnswer<number>) => void): void;
  /** Makes a dispatch call. The callback gets a text with its number. @param data an object, or a list with one */
  createDispatchCall(data: object, callback?: (textOrReason: string, ok: boolean) => void): void;
  /** Adds a note to a dispatch call. The callback gets its id. */
  addCallNote(callId: number | string, note: string, callback?: (...answer: CadAnswer<number>) => void): void;
  /** Changes the postal code of a dispatch call. The callback gets its id. */
  setCallPostal(
    callId: number | string,
    postal: number | string,
    callback?: (...answer: CadAnswer<number>) => void,
  ): void;
  /** Tells the callback whether an account is linked with an identifier; a player who cannot be asked about counts as not linked. */
  CadIsPlayerLinked(identifier: string, callback: (linked: boolean) => void): Promise<boolean>;
  /** The same. @param type the kind of identifier (`license`), where `identifier` does not begin with it */
  CadIsPlayerLinked(identifier: string, type: string, callback: (linked: boolean) => void): Promise<boolean>;
  /** The same, without a callback. */
  CadIsPlayerLinked(identifier: string, type?: string): Promise<boolean>;
  /** Adds a blip, a mark on the CAD's live map. The callback gets the JSON of a list with it, as the CAD made it, with its `id`. */
  addBlip(
    coordinates: Place,
    colour: string,
    subType: string,
    tooltip: string,
    icon: string,
    data?: unknown,
    callback?: (textOrReason: string, ok: boolean) => void,
  ): void;
  /**
   * Adds at most 100 blips, one after the other as the CAD's limit has room for them; more are refused as a whole. The callback gets the
   * JSON of the list of them, as the CAD made them. The first that fails ends it: then the callback's third argument has the ids of those
   * that were added before.
   */
  addBlips(
    blips: readonly object[],
    callback?: (blipsOrReason: string, ok: boolean, added: number[] | undefined) => void,
  ): void;
  /** Removes one blip or several. The callback gets `OK`. */
  removeBlip(
    ids: number | string | readonly (number | string)[],
    callback?: (textOrReason: string, ok: boolean) => void,
  ): void;
  /** Removes all blips of a kind. The callback gets `OK`. */
  removeWithSubtype(subType: string, callback?: (textOrReason: string, ok: boolean) => void): void;
  /** Changes the fields of a blip that `changes` has; a table with none of them takes the place of its `data`. The callback gets its id. */
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
  /** As `addTempBlipData`, for the colour of a blip. */
  addTempBlipColor(
    id: number | string,
    colour: string,
    seconds: number | string,
    colourAfterwards: string,
    callback?: (...answer: CadAnswer<number>) => void,
  ): void;
  /** Asks for all blips: the callback gets the JSON of the list of them. */
  getBlips(callback: (textOrReason: string, ok: boolean) => void): void;
  /**
   * Looks records up by a whole plate. The callback gets the JSON of what the CAD has found.
   *
   * @param options what else the CAD's lookup takes, such as `partial`; or a list of types, which are 2, 3, 4 and 5 otherwise
   */
  performLookup(
    plate: string,
    callback?: ((textOrReason: string, ok: boolean) => void) | null,
    options?: object | readonly number[],
  ): void;
  /** Looks up who and what is wanted, of each status page by page. The callback gets the records, and how they were found. */
  getAllWarrantsAndBolos(callback: (...answer: WantedAnswer) => void): void;
  /** The same. @param options which of them */
  getAllWarrantsAndBolos(options: WantedOptions, callback: (...answer: WantedAnswer) => void): void;
  /**
   * Looks records up by a plate. The callback gets the list of them, an empty one when it has failed.
   *
   * @param notify the identity of a player to whom the CAD shows them
   */
  cadPlateLookup(plate: string, unused: null, callback: (records: unknown[]) => void, notify?: string): void;
  /** The same by a name. */
  cadNameLookup(
    first: string,
    last: string,
    middleInitial: string,
    callback: (records: unknown[]) => void,
    notify?: string,
  ): void;
  /** Tells the callback what the CAD's records say about a plate. What was found counts for a minute. */
  cadGetPlateInformation(plate: string, callback: PlateCallback, options?: PlateOptions | string): void;
  /** The same. */
  cadGetInformation(plate: string, callback: PlateCallback, options?: PlateOptions | string): void;
  /** Tells the callback the fields of each of a player's characters, null when they cannot be had. */
  GetCharacters(player: number | string, callback: (characters: object[] | null) => void): void;
  /** Sets the status of the unit with an identity, or of a player's, by number or name. @returns whether the CAD took it */
  cadSetUnitStatus(identity: string, status: number | string, player?: number | string): Promise<boolean>;
  /** The postal code nearest to a player, from the file of nearest-postal; null where there is none. */
  cadGetNearestPostal(player: number | string): string | null;
  /** The plates that a plate reader of any player's game has last locked and scanned. */
  cadGetLastPlates(): { locked: SeenPlate | null; scanned: SeenPlate | null };
  /** Sends where units are, over the session with the CAD, at most 1,000 of them. @returns whether the CAD took all of them */
  sendUnitLocations(updates: UnitLocation | readonly UnitLocation[]): Promise<boolean>;
};

/**
 * Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
 * among its arguments with a reason and false.
 */
export type OfficialOnlyExports = {
  readonly [Name in
    | 'CreateFolderIfNotExisting'
    | 'CreateTempBodycamRecordingFile'
    | 'DeleteDirectoryRecursively'
    | 'GetBodycamRuntime'
    | 'HandleHttpRequest'
    | 'SaveBase64ToFile'
    | 'UnzipFile'
    | 'UnzipFolder'
    | 'checkCADSubscriptionType'
    | 'clearScreenshotsFolder'
    | 'createPDFDirectory'
    | 'createScreenshotDirectory'
    | 'createScreenshotFilename'
    | 'deleteDirectory'
    | 'savePdfFromUrl'
    | 'sonoran_evidence_pdf']: (...args: unknown[]) => void;
};

/** The exports for client scripts: `const cad = exports.sonorancad as SonoranCadClientExports;` */
export type SonoranCadClientExports = {
  /** 1 when `mode` is `production`, 0 when it is `development`; 1 until the server has said which. */
  getApiMode(): 0 | 1;
  /** False: there are no submodules. */
  isPluginLoaded(name: string): boolean;
  /** Only the official resource has it: tells the console once who called it, and calls a callback with a reason and false. */
  getBase64(...args: unknown[]): void;
};
