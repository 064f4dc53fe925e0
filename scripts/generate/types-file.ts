import { catalogue, type PushEventType } from '../../src/push-events/catalogue/catalogue.ts';
import { type CatalogueSchema, type JsonSchema, referenceOf } from './catalogue-schema.ts';

/** The text of types.d.ts: what a TypeScript resource needs to consume events, importing nothing. */
export function typesFile(schema: CatalogueSchema): string {
  const shapes = [...schema.shapes].map(([name, shape]) => interfaceText(name, shape));
  return [HEADER, ...shapes, dataByType(schema), EVENTS, EXPORTS].join('\n\n');
}

const HEADER = `// Generated from src/push-events/catalogue by scripts/generate.ts: change that, not this.
//
// import type { PushEvent, SonoranCadExports } from 'sonorancad/types';
//
// Data can hold more fields than are named here, since the CAD adds some without notice: they are there at run time.`;

const EVENTS = `/** The type of a push event that this version knows. */
export type PushEventType = keyof PushEventDataByType;

/** The data of one type of push event. */
export type PushEventData<Type extends PushEventType> = PushEventDataByType[Type];

interface ReceivedPushEvent {
  /** Unique for each event received: a resent event gets a new one. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** How it came in; \`simulated\` ones were made by \`sonorancad test\`. */
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
 * \`string\` here \`event.type === 'EVENT_TONE'\` would no longer tell which data the event has. To compare with such a
 * type, take it as text first: \`const type: string = event.type\`, or subscribe to it by its name.
 */
export type OtherPushEventType = \`a type that is not in the catalogue: \${string}\`;

/** An event of a type that this version does not know: data as received. */
export interface OtherPushEvent extends ReceivedPushEvent {
  readonly type: OtherPushEventType;
  readonly data: unknown;
  readonly valid: true;
}

/** What a subscriber to \`*\` gets. Ask for \`valid\` first, then for \`type\`: together they say what \`data\` is. */
export type PushEvent = KnownPushEvent | UnreadablePushEvent | OtherPushEvent;`;

// A type, not an interface: only so does the cast from CitizenFX's own type of exports compile.
const EXPORTS = `/** The resource's exports: \`const cad = exports.sonorancad as SonoranCadExports;\` */
export type SonoranCadExports = {
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
   * JSON. Dropped by itself when the calling resource stops.
   *
   * @param handler gets the body as received, without its key
   */
  registerHttpEvent(type: string, handler: (body: { readonly type: string; readonly data?: unknown }) => unknown): void;
  /** All units that are signed in, in the order of their login. \`coordinates\` are those of the player's ped, with OneSync. */
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
  /** The place of a unit in the list that \`GetUnitCache\` gives, from 1. */
  GetUnitById(identIdOrIdentities: number | string | readonly string[]): number | null;
  GetUnitByPlayerId(player: number | string): Unit | null;
  /** By call id; a list where the ids are 1, 2, 3 and so on, as everything is that comes from Lua. */
  GetCallCache(): object;
  /** By call id, as \`GetCallCache\`. */
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
`;

function dataByType({ dataNames }: CatalogueSchema): string {
  const lines = [...dataNames].map(
    ([type, name]) => `${comment(catalogue[type satisfies PushEventType].description, '  ')}  ${type}: ${name};`,
  );
  return `/** The data of each type of push event. */\nexport interface PushEventDataByType {\n${lines.join('\n')}\n}`;
}

function interfaceText(name: string, shape: JsonSchema): string {
  return `${comment(shape.description, '')}export interface ${name} ${objectText(shape, '')}`;
}

function objectText({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(field.description, inner)}${inner}${name}${mark}: ${typeText(field, inner)};`;
  });
  return `{\n${fields.join('\n')}\n${indent}}`;
}

function typeText(schema: JsonSchema, indent = ''): string {
  const reference = referenceOf(schema);
  if (reference !== undefined) return reference;
  if (schema.anyOf !== undefined) return union(schema.anyOf.map((each) => typeText(each, indent)));
  if (typeof schema.type === 'object') return union(schema.type.map((type) => typeText({ ...schema, type }, indent)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return listText(typeText(schema.items ?? {}, indent));
    case 'object':
      return objectText(schema, indent);
    default:
      return 'unknown';
  }
}

function listText(entry: string): string {
  return entry.includes(' | ') ? `(${entry})[]` : `${entry}[]`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
