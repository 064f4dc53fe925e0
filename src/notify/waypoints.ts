import * as v from 'valibot';
import type { DispatchCall } from '../events/catalogue/calls.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readNumber } from '../events/read-values.ts';
import type { Audience } from '../game/dispatch/audience.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Log } from '../lib/log.ts';
import type { ClientEvents } from '../platform/events.ts';
import { CLEAR_WAYPOINT_EVENT, WAYPOINT_EVENT } from './client/event-names.ts';
import type { PlayerPreferences } from './preferences.ts';
import type { NotificationSettings } from './settings.ts';
import { type CallChange, reassignmentOf } from './triggers.ts';

/** A place on the map. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Where a call is.
 *
 * @param kind `exact`: the coordinates in its metaData. `postal`: its postal code's, or where that is not known, the exact ones
 * @param findPostal gives a postal code's place
 * @returns null for no place: coordinates that are no numbers, or 0,0, which is what scripts send that have none
 */
export function placeOfCall(
  { postal, metaData }: DispatchCall,
  kind: 'exact' | 'postal',
  findPostal: (code: string) => Place | undefined,
): Place | null {
  const byPostal = kind === 'postal' ? findPostal(postal || metaData.postal || '') : undefined;
  if (byPostal !== undefined) return byPostal;
  const x = readNumber(metaData.x);
  const y = readNumber(metaData.y);
  return x === undefined || y === undefined || (x === 0 && y === 0) ? null : { x, y };
}

/** The places of postal codes. */
export interface Postals {
  /** @param code in any case. @returns undefined for one that is not known, or where there is no file of them */
  find(code: string): Place | undefined;
  /** The file may have changed: reads it again when it is next needed. */
  reread(): void;
}

const number = v.pipe(v.number(), v.finite());
const code = v.pipe(v.union([v.string(), number]), v.transform(String));
const postalFile = v.array(v.object({ code, x: number, y: number }));

/** @param readFile gives the text of the postal file, null when there is none */
export function createPostals(readFile: () => string | null, log: Log): Postals {
  let places: ReadonlyMap<string, Place> | null = null;

  function read(): ReadonlyMap<string, Place> {
    const text = readFile();
    if (text === null) return new Map();
    try {
      const entries = v.parse(postalFile, JSON.parse(text));
      return new Map(entries.map(({ code, x, y }) => [code.toUpperCase(), { x, y }]));
    } catch {
      // The parser's message would quote the file.
      log.warn(
        "The postal file that nearest-postal's postal_file names is no list of { code, x, y }; waypoints use the calls' own coordinates.",
      );
      return new Map();
    }
  }

  return {
    find(code) {
      if (code === '') return undefined;
      places ??= read();
      return places.get(code.trim().toUpperCase());
    },
    reread() {
      places = null;
    },
  };
}

interface WatchWaypointsOptions {
  readonly state: StateView;
  readonly audience: Audience;
  readonly waypoints: Waypoints;
  settings(): NotificationSettings;
}

/**
 * Follows units to their calls. To be called before an event changes the state.
 *
 * @returns what sets, moves and clears marks, to be called after it
 */
export function watchWaypoints(
  event: PushEvent,
  { state, audience, waypoints, settings }: WatchWaypointsOptions,
): (changes: readonly CallChange[]) => void {
  const statuses = unitsOf(event).map((ident) => ({ ident, before: state.getUnit(ident)?.status }));

  function arrived(): number[] {
    const { onSceneStatus } = settings();
    return statuses
      .filter(({ ident, before }) => before !== onSceneStatus && state.getUnit(ident)?.status === onSceneStatus)
      .map(({ ident }) => ident);
  }

  return (changes) => {
    if (settings().waypoint === 'none') return;
    for (const change of changes) {
      const { before, after } = change;
      const call = after ?? before;
      if (call === undefined) continue;
      const { attached, detached, isClosing } = reassignmentOf(change);
      if (isClosing) waypoints.left(call.callId, audience.ofUnits([...(before?.idents ?? []), ...call.idents]));
      if (detached.length > 0) waypoints.left(call.callId, audience.ofUnits(detached));
      if (attached.length > 0) waypoints.attached(call, audience.ofUnits(attached));
      if (before === undefined || after === undefined || isClosing) continue;
      const stayed = after.idents.filter((ident) => !attached.includes(ident));
      if (stayed.length > 0) waypoints.moved(before, after, audience.ofUnits(stayed));
    }
    const atScene = arrived();
    if (atScene.length > 0) waypoints.clear(audience.ofUnits(atScene));
  };
}

function unitsOf(event: PushEvent): number[] {
  if (event.type !== 'EVENT_UNIT_STATUS' && event.type !== 'EVENT_UNIT_UPDATE') return [];
  return event.valid ? (findEntry(event.type)?.concerns.idents?.(event.data) ?? []) : [];
}

/** Marks the calls of attached units on their players' maps. Whether the mark is still ours to change, only the game knows. */
export interface Waypoints {
  attached(call: DispatchCall, sources: readonly number[]): void;
  /** For the units that stay attached to an edited call. */
  moved(before: DispatchCall, after: DispatchCall, sources: readonly number[]): void;
  /** The units are not attached any more, or the call is over. */
  left(callId: number, sources: readonly number[]): void;
  /** For players who need no mark of any call any more. */
  clear(sources: readonly number[]): void;
}

interface WaypointsOptions {
  /** Asked each time. */
  kind(): NotificationSettings['waypoint'];
  readonly postals: Postals;
  readonly preferences: Pick<PlayerPreferences, 'of'>;
  readonly clients: ClientEvents;
}

export function createWaypoints({ kind, postals, preferences, clients }: WaypointsOptions): Waypoints {
  const placeOf = (call: DispatchCall) => {
    const wanted = kind();
    return wanted === 'none' ? null : placeOfCall(call, wanted, (code) => postals.find(code));
  };
  const send = (name: string, sources: readonly number[], ...args: unknown[]) => {
    for (const source of sources) if (!preferences.of(source).gpsOff) clients.send(name, source, ...args);
  };

  return {
    attached(call, sources) {
      const place = placeOf(call);
      if (place !== null) send(WAYPOINT_EVENT, sources, { callId: call.callId, ...place, isMove: false });
    },
    moved(before, after, sources) {
      const place = placeOf(after);
      if (place === null) return;
      const former = placeOf(before);
      if (former?.x === place.x && former.y === place.y) return;
      // A call that had no place until now was never marked: there is nothing to move.
      send(WAYPOINT_EVENT, sources, { callId: after.callId, ...place, isMove: former !== null });
    },
    left(callId, sources) {
      if (kind() !== 'none') send(CLEAR_WAYPOINT_EVENT, sources, callId);
    },
    clear(sources) {
      for (const source of sources) clients.send(CLEAR_WAYPOINT_EVENT, source, null);
    },
  };
}
