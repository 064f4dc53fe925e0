import { CLOSED_CALL, type DispatchCall, type EmergencyCall } from '../../events/catalogue/calls.ts';
import type { UnitChange } from '../../events/catalogue/units.ts';
import { type CallRecord, callRecord } from './calls.ts';
import type { Applied, Change } from './records.ts';
import type { AppliedEvent, MonotonicClock, Tables } from './tables.ts';
import { type AppliedToUnit, reportedUnit } from './units.ts';

/** The CAD was asked for a list. What events change meanwhile is newer than the list can be, so it is left alone. */
export interface Comparison<List, Result> {
  /** Whether the list is empty, or much shorter than what is known: perhaps it is not all there is. */
  isShort(list: List): boolean;
  /** Takes the whole list; to be called once at most. */
  finish(list: List): Result;
  /** There is no list, or only a part of one: nothing changes. */
  abandon(): void;
}

/** The CAD's own list of calls: all that are open, some of those that were closed last, and all 911 calls that wait. */
interface ReportedCalls {
  readonly active: readonly DispatchCall[];
  readonly closed: readonly DispatchCall[];
  readonly emergencies: readonly EmergencyCall[];
}

/** Of which kinds of calls any has changed. */
interface ChangedKinds {
  readonly calls: boolean;
  readonly emergencies: boolean;
}

const KINDS = ['units', 'calls', 'emergencies'] as const;
type TouchedIds = Readonly<Record<keyof AppliedEvent, Set<number>>>;

/** Brings the state in line with the CAD's own lists. */
export class Resync {
  readonly #tables: Tables;
  readonly #clock: MonotonicClock;
  readonly #open = new Set<TouchedIds>();

  constructor(tables: Tables, clock: MonotonicClock) {
    this.#tables = tables;
    this.#clock = clock;
  }

  /** To be told of what every event has changed. */
  touched(applied: AppliedEvent): void {
    for (const ids of this.#open) for (const kind of KINDS) for (const { id } of applied[kind]) ids[kind].add(id);
  }

  /** To be called before the CAD is asked for its units. */
  units(): Comparison<readonly UnitChange[], readonly AppliedToUnit[]> {
    return this.#begin(
      (reported: readonly UnitChange[]) => isMuchLess(reported, this.#tables.units.all()),
      (reported, touched, now) => this.#takeUnits(reported, touched, now),
    );
  }

  /** The same for calls. Its result says which of both kinds have changed. */
  calls(): Comparison<ReportedCalls, ChangedKinds> {
    const { calls, emergencies } = this.#tables;
    return this.#begin(
      ({ active, emergencies: waiting }: ReportedCalls) => {
        const open = calls.all().filter(({ dispatch }) => isOpen(dispatch));
        return isMuchLess(active, open) || isMuchLess(waiting, emergencies.all());
      },
      (reported, touched, now) => this.#takeCalls(reported, touched, now),
    );
  }

  #begin<List, Result>(
    isShort: (list: List) => boolean,
    take: (list: List, touched: TouchedIds, now: number) => Result,
  ): Comparison<List, Result> {
    const touched: TouchedIds = { units: new Set(), calls: new Set(), emergencies: new Set() };
    this.#open.add(touched);
    return {
      isShort,
      finish: (list) => {
        this.#open.delete(touched);
        return take(list, touched, this.#clock.monotonic());
      },
      abandon: () => void this.#open.delete(touched),
    };
  }

  #takeUnits(reported: readonly UnitChange[], touched: TouchedIds, now: number): readonly AppliedToUnit[] {
    const { units } = this.#tables;
    const named = new Set(reported.map(({ id }) => id));
    const gone = units.all().filter(({ id }) => !named.has(id));
    const changes = [...gone.map(({ id }) => removal(id)), ...reported.map((unit) => reportedUnit(unit, now))];
    return applyUntouched(units, changes, touched.units, now);
  }

  #takeCalls(reported: ReportedCalls, touched: TouchedIds, now: number): ChangedKinds {
    const { calls } = this.#tables;
    const active = new Map(reported.active.map((call) => [call.callId, call]));
    const closed = new Map(reported.closed.map((call) => [call.callId, call]));
    const ended = calls.all().filter(({ dispatch }) => isOpen(dispatch) && !active.has(dispatch.callId));
    const changes: Change<CallRecord>[] = [
      ...[...active.values()].map((call) => ({ id: call.callId, next: reportedCall(call) })),
      ...ended.map(({ dispatch }) => ({ id: dispatch.callId, next: endedCall(closed.get(dispatch.callId)) })),
    ];
    return {
      calls: applyUntouched(calls, changes, touched.calls, now).some(isChanged),
      emergencies: this.#takeEmergencies(reported.emergencies, touched, now),
    };
  }

  #takeEmergencies(reported: readonly EmergencyCall[], touched: TouchedIds, now: number): boolean {
    const { emergencies } = this.#tables;
    const waiting = new Map(reported.map((call) => [call.callId, call]));
    const gone = emergencies.all().filter(({ callId }) => !waiting.has(callId));
    const changes: Change<EmergencyCall>[] = [
      ...[...waiting.values()].map((call) => ({
        id: call.callId,
        next: (before?: EmergencyCall) => ({ ...before, ...call }),
      })),
      ...gone.map(({ callId }) => removal(callId)),
    ];
    return applyUntouched(emergencies, changes, touched.emergencies, now).some(isChanged);
  }
}

/** @returns the same comparison, with what a function makes of its result */
export function followedBy<List, Result, Next>(
  { isShort, finish, abandon }: Comparison<List, Result>,
  next: (result: Result) => Next,
): Comparison<List, Next> {
  return { isShort, finish: (list) => next(finish(list)), abandon };
}

/** Whether a list has less than half of what is known. */
const isMuchLess = (reported: readonly unknown[], known: readonly unknown[]): boolean =>
  reported.length < known.length / 2;

const removal = (id: number) => ({ id, next: () => undefined });
const isChanged = ({ before, after }: Applied<unknown>): boolean => before !== after;

function applyUntouched<Of, Result>(
  table: { apply(change: Change<Of>, now: number): Result },
  changes: readonly Change<Of>[],
  touched: ReadonlySet<number>,
  now: number,
): Result[] {
  return changes.filter(({ id }) => !touched.has(id)).map((change) => table.apply(change, now));
}

const isOpen = ({ status }: DispatchCall): boolean => status !== CLOSED_CALL;

function reportedCall(call: DispatchCall): Change<CallRecord>['next'] {
  return (before) => {
    if (!before?.known) return callRecord({ dispatch_type: 'CALL_NEW', dispatch: call });
    // Fields that only events bring stay.
    return callRecord({ ...before.entry, dispatch: { ...before.entry.dispatch, ...call } });
  };
}

function endedCall(call: DispatchCall | undefined): Change<CallRecord>['next'] {
  return (before) => {
    if (!before?.known) return before;
    const dispatch = { ...before.entry.dispatch, ...call, status: CLOSED_CALL };
    return callRecord({ dispatch_type: 'CALL_CLOSE', dispatch });
  };
}
