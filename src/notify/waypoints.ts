import * as v from 'valibot';
import type { DispatchCall } from '../events/catalogue/calls.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readNumber } from '../events/read-values.ts';
import { CLEAR_WAYPOINT_EVENT, type Place, WAYPOINT_EVENT } from './client.ts';
import type { NotifyParts } from './preferences.ts';
import { type CallChange, reassignmentOf } from './triggers.ts';

const number = v.pipe(v.number(), v.finite());
const code = v.pipe(v.union([v.string(), number]), v.transform(String));
const postalFile = v.array(v.object({ code, x: number, y: number }));

/** The places of postal codes, from the file of the resource nearest-postal. */
function createPostals({ resources, log }: Pick<NotifyParts, 'resources' | 'log'>) {
  /** By code, as it is written and in capitals. */
  let places: ReadonlyMap<string, { readonly code: string; readonly place: Place }> | null = null;

  function read(): NonNullable<typeof places> {
    const text = resources.readNamedFile('nearest-postal', 'postal_file');
    if (text === null) return new Map();
    try {
      const entries = v.parse(postalFile, JSON.parse(text));
      return new Map(entries.map(({ code, x, y }) => [code.toUpperCase(), { code, place: { x, y } }]));
    } catch {
      // The parser's message would quote the file.
      log.warn(
        "The postal file that nearest-postal's postal_file names is no list of { code, x, y }; waypoints use the calls' own coordinates.",
      );
      return new Map();
    }
  }

  return {
    /** @param code in any case. @returns undefined for one that is not known, or where there is no file of them */
    find(code: string): Place | undefined {
      if (code === '') return undefined;
      places ??= read();
      return places.get(code.trim().toUpperCase())?.place;
    },
    /** @returns null where there is no file of them */
    nearest({ x, y }: Place): string | null {
      places ??= read();
      let nearest: string | null = null;
      let least = Number.POSITIVE_INFINITY;
      for (const { code, place } of places.values()) {
        const distance = Math.hypot(place.x - x, place.y - y);
        if (distance < least) [nearest, least] = [code, distance];
      }
      return nearest;
    },
    reread(): void {
      places = null;
    },
  };
}

/** Marks the calls of attached units on their players' maps. Whether the mark is still ours to change, only the game knows. */
export function createWaypoints(parts: NotifyParts) {
  const { state, audience, settings, preferences, clients } = parts;
  const postals = createPostals(parts);

  /** @returns null for no place: coordinates that are no numbers, or 0,0, which is what scripts send that have none */
  function placeOf({ postal, metaData = {} }: DispatchCall): Place | null {
    const byPostal = settings().waypoint === 'postal' ? postals.find(postal || metaData.postal || '') : undefined;
    if (byPostal !== undefined) return byPostal;
    const x = readNumber(metaData.x);
    const y = readNumber(metaData.y);
    return x === undefined || y === undefined || (x === 0 && y === 0) ? null : { x, y };
  }

  function send(name: string, idents: readonly number[], mark: unknown): void {
    for (const source of audience.ofUnits(idents)) if (!preferences.of(source).gpsOff) clients.send(name, source, mark);
  }

  function clear(sources: readonly number[]): void {
    for (const source of sources) clients.send(CLEAR_WAYPOINT_EVENT, source, null);
  }

  function attach(call: DispatchCall, idents: readonly number[]): void {
    const place = idents.length === 0 ? null : placeOf(call);
    if (place !== null) send(WAYPOINT_EVENT, idents, { callId: call.callId, ...place, isMove: false });
  }

  /** For the units that stay attached to an edited call. */
  function move(before: DispatchCall, after: DispatchCall, idents: readonly number[]): void {
    const place = idents.length === 0 ? null : placeOf(after);
    if (place === null) return;
    const former = placeOf(before);
    if (former?.x === place.x && former.y === place.y) return;
    // A call that had no place until now was never marked: there is nothing to move.
    send(WAYPOINT_EVENT, idents, { callId: after.callId, ...place, isMove: former !== null });
  }

  function follow(change: CallChange): void {
    const { before, after } = change;
    const call = after ?? before;
    if (call === undefined) return;
    const { attached, detached, isClosing } = reassignmentOf(change);
    const left = isClosing ? [...(before?.idents ?? []), ...call.idents] : detached;
    send(CLEAR_WAYPOINT_EVENT, left, call.callId);
    attach(call, attached);
    if (before === undefined || after === undefined || isClosing) return;
    move(
      before,
      after,
      after.idents.filter((ident) => !attached.includes(ident)),
    );
  }

  return {
    /**
     * Follows units to their calls. To be called before an event changes the state.
     *
     * @returns what sets, moves and clears marks, to be called after it
     */
    watch(event: PushEvent): (changes: readonly CallChange[]) => void {
      const statuses = unitsOf(event).map((ident) => ({ ident, before: state.getUnit(ident)?.status }));
      return (changes) => {
        const { waypoint, onSceneStatus } = settings();
        if (waypoint === 'none') return;
        for (const change of changes) follow(change);
        const isOnScene = (ident: number) => state.getUnit(ident)?.status === onSceneStatus;
        const arrived = statuses.filter(({ ident, before }) => before !== onSceneStatus && isOnScene(ident));
        clear(audience.ofUnits(arrived.map(({ ident }) => ident)));
      };
    },
    /** Takes the marks of all calls away. */
    clear,
    /** The postal file may have changed: reads it again when it is next needed. */
    rereadPostals: postals.reread,
    /** @returns the postal code nearest to a place; null where there are none */
    nearestPostal: postals.nearest,
  };
}

function unitsOf(event: PushEvent): number[] {
  if (event.type !== 'EVENT_UNIT_STATUS' && event.type !== 'EVENT_UNIT_UPDATE') return [];
  return event.valid ? (findEntry(event.type)?.concerns.idents?.(event.data) ?? []) : [];
}
