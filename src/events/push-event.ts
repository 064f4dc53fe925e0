import { nearestKey } from '../lib/text.ts';
import { catalogue, findEntry, type PushEventData, type PushEventType } from './catalogue/catalogue.ts';

/** How an event came in; `simulated` ones were made by the console command and touch neither state nor targets. */
export type PushEventSource = 'http' | 'websocket' | 'simulated';

interface Received {
  /** Unique for each event: one that the CAD sends again gets a new one, one from a forwarder has the id that it has there. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly source: PushEventSource;
}

/** An event of a known type, with its data in the canonical shape. */
export type KnownPushEvent<Type extends PushEventType = PushEventType> = {
  [Each in Type]: Received & { readonly type: Each; readonly data: PushEventData<Each>; readonly valid: true };
}[Type];

/** An event of a known type whose data could not be understood: as received, with the reasons. */
interface UnreadablePushEvent extends Received {
  readonly type: PushEventType;
  readonly data: unknown;
  readonly valid: false;
  readonly issues: readonly string[];
}

/**
 * Stands for every type outside the catalogue. TypeScript has no "any other string", and with plain `string` here
 * `event.type === 'EVENT_TONE'` would no longer tell which data the event has.
 */
type OtherPushEventType = `a type that is not in the catalogue: ${string}`;

/** An event of a type that the catalogue does not know: data as received, but for a list of one, of which it is the entry. */
interface OtherPushEvent extends Received {
  readonly type: OtherPushEventType;
  readonly data: unknown;
  readonly valid: true;
}

/** One authenticated event from the CAD. `valid` first, then `type`, says what `data` is. */
export type PushEvent = KnownPushEvent | UnreadablePushEvent | OtherPushEvent;

/** What became of a request that another resource is to answer (`POST /pluginevent`); `json` is what the handler returned. */
export type HttpEventOutcome =
  | { readonly status: 'answered'; readonly json: string }
  | { readonly status: 'unhandled' | 'failed' | 'late' };

/** Names that the CAD's documents still have for types. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['EVENT_UNIT_ATTACH', 'EVENT_DISPATCH_UNIT_ATTACH'],
  ['EVENT_UNIT_DETACH', 'EVENT_DISPATCH_UNIT_DETACH'],
]);

/**
 * What an administrator asks for in the CAD's FiveM panel, of the official resource: that it takes its configuration from the CAD.
 * The CAD sends these over the session only, without a key, and no configuration is in them.
 */
const PANEL_REQUESTS: ReadonlyMap<string, string> = new Map([
  ['EVENT_FIVEM_CONFIGURATION', 'to apply the configuration saved there and restart'],
  ['EVENT_FIVEM_CONFIGURATION_MIGRATION', 'to have its configuration reviewed and imported'],
]);

/** @param given the name of a type, in any case. @returns the one by which the catalogue has it, in upper case */
export function typeNamed(given: string): string {
  const name = given.toUpperCase();
  return ALIASES.get(name) ?? name;
}

/** @returns what an administrator asked for in the CAD's panel; null for every other type */
export const describePanelRequest = (type: string): string | null => PANEL_REQUESTS.get(type) ?? null;

/** Requests to the resource itself, the first with a key of the CAD's support in it: sent on only to a target that names them. */
export const ONLY_WHEN_NAMED: ReadonlySet<string> = new Set(['GET_LOGS', ...PANEL_REQUESTS.keys()]);

const shortName = (type: string): string => type.replace(/^EVENT_/, '');

const byShortName: ReadonlyMap<string, PushEventType> = new Map(
  (Object.keys(catalogue) as PushEventType[]).map((type) => [shortName(type), type]),
);

/**
 * Finds a type by what was typed.
 *
 * @param word in any case, with or without `EVENT_`
 * @param most how many to name that are spelt like it
 * @returns the type; or, when there is none of that name, those that are spelt like it, the nearest first
 */
export function findType(word: string, most: number): { type: PushEventType } | { nearest: readonly string[] } {
  const wanted = shortName(typeNamed(word));
  const type = byShortName.get(wanted);
  if (type !== undefined) return { type };
  const left = new Set(byShortName.keys());
  const nearest: string[] = [];
  while (nearest.length < most) {
    const name = nearestKey(wanted, left);
    if (name === null) break;
    left.delete(name);
    nearest.push(byShortName.get(name) ?? name);
  }
  return { nearest };
}

/**
 * @param given the name of a type, in any case
 * @returns the end of a sentence about a type that this version does not know, misspelt or new; null for one that it knows
 */
export function describeUnknownType(given: string): string | null {
  const name = typeNamed(given);
  if (findEntry(name) !== undefined || ONLY_WHEN_NAMED.has(name)) return null;
  const found = findType(name, 1);
  const [meant] = 'type' in found ? [found.type] : found.nearest;
  return `no such type is known; ${meant === undefined ? 'it may be newer than this version' : `did you mean ${meant}?`}`;
}
