/** A server-local event of the official resource: its name and its arguments. */
export type LegacyEvent = readonly [name: string, ...args: unknown[]];

/** A unit, as far as its events look into it. */
interface AnyUnit {
  readonly id: number;
  readonly status: number;
}

/** A dispatch call, likewise. */
interface AnyCall {
  readonly dispatch: { readonly idents: readonly number[] };
}

/** Finds the units and calls that are among the arguments; undefined for one that is not known. */
export interface KnownRecords {
  unit(ident: number): AnyUnit | undefined;
  call(callId: number): AnyCall | undefined;
}

/** What an event has changed: its units and dispatch calls that are known now, in its order. */
export interface ChangedRecords {
  readonly units: readonly { readonly unit: AnyUnit; readonly hasNewStatus: boolean }[];
  /** `updates`: how many times the official resource tells that its cache of calls has changed. */
  readonly calls: readonly { readonly entry: AnyCall; readonly updates: number }[];
}

/** The official resource's events for one type of push event. */
export interface LegacyEvents<Data> {
  /** Their handlers still find the old state. */
  before?(data: Data, known: KnownRecords): LegacyEvent[];
  /** Their handlers find the new state. */
  after?(data: Data, changed: ChangedRecords, known: KnownRecords): LegacyEvent[];
}

/** An event of the official resource that a push event raises. */
export const legacyEvent = (name: string, ...args: unknown[]): LegacyEvent => [
  `SonoranCAD::pushevents:${name}`,
  ...args,
];

/** An event for each of these units that is known, with the call. */
export function withEachUnit(
  name: string,
  entry: AnyCall | undefined,
  idents: readonly number[],
  known: KnownRecords,
): LegacyEvent[] {
  if (entry === undefined) return [];
  const units = idents.map(known.unit).filter((unit) => unit !== undefined);
  return units.map((unit) => legacyEvent(name, entry, unit));
}

/** The events that tell of changes of the cache of calls. */
export const cacheUpdates = ({ calls }: Pick<ChangedRecords, 'calls'>): LegacyEvent[] =>
  calls.flatMap(({ updates }) => Array.from({ length: updates }, () => legacyEvent('CallCacheUpdated')));

/** For each call the change of the cache, if it changed, and the call as it is now. */
export const dispatchEvents = ({ calls }: ChangedRecords): LegacyEvent[] =>
  calls.flatMap((call) => [...cacheUpdates({ calls: [call] }), legacyEvent('DispatchEvent', call.entry)]);
