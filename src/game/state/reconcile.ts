import { CLOSED_CALL } from '../../events/catalogue/calls.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { callRecord, emergencyChanges } from './calls.ts';
import type { Outcome, Tables } from './legacy-events.ts';
import type { CallEntry, CallRecord, Change, DispatchCall, EmergencyCall, UnitChange } from './records.ts';
import { type AppliedToUnit, reportedUnit } from './units.ts';

/** The CAD's own list of calls. */
export interface ReportedCalls {
  /** All that are open. */
  readonly active: readonly DispatchCall[];
  /** Some of those that were closed last. */
  readonly closed: readonly DispatchCall[];
  /** All that wait. */
  readonly emergencies: readonly EmergencyCall[];
}

/**
 * A question to the CAD that is under way. What events change meanwhile is newer than the answer can be, so it is left alone.
 */
export interface Reconciling<Report, Result> {
  /** Takes the whole answer; to be called once at most. */
  settle(report: Report): Result;
  /** There is no answer, or only a part of one: nothing changes. */
  abandon(): void;
}

export interface ChangedCalls {
  readonly calls: boolean;
  readonly emergencies: boolean;
}

/** Brings what is known in line with what the CAD says when asked. */
export interface Reconciler {
  /** To be told of every event, and of what it has changed. */
  touched(event: KnownPushEvent, outcome: Outcome): void;
  units(): Reconciling<readonly UnitChange[], readonly AppliedToUnit[]>;
  calls(): Reconciling<ReportedCalls, ChangedCalls>;
}

interface TouchedIds {
  readonly units: Set<number>;
  readonly calls: Set<number>;
  readonly emergencies: Set<number>;
}

/** @param clock milliseconds that never run backwards */
export function createReconciler({ units, calls, emergencies }: Tables, clock: { monotonic(): number }): Reconciler {
  const open = new Set<TouchedIds>();

  function begin<Report, Result>(
    take: (report: Report, touched: TouchedIds, now: number) => Result,
  ): Reconciling<Report, Result> {
    const touched: TouchedIds = { units: new Set(), calls: new Set(), emergencies: new Set() };
    open.add(touched);
    return {
      settle(report) {
        open.delete(touched);
        return take(report, touched, clock.monotonic());
      },
      abandon: () => void open.delete(touched),
    };
  }

  function takeUnits(reported: readonly UnitChange[], touched: TouchedIds, now: number): readonly AppliedToUnit[] {
    const named = new Set(reported.map(({ id }) => id));
    const gone = units.all().filter(({ id }) => !named.has(id) && !touched.units.has(id));
    const changes = [
      ...gone.map(({ id }) => ({ id, next: () => undefined })),
      ...reported.filter(({ id }) => !touched.units.has(id)).map((unit) => reportedUnit(unit, now)),
    ];
    return changes.map((change) => units.apply(change, now));
  }

  function takeCalls(reported: ReportedCalls, touched: TouchedIds, now: number): ChangedCalls {
    const active = new Map(reported.active.map((call) => [call.callId, call]));
    const closed = new Map(reported.closed.map((call) => [call.callId, call]));
    const isLeftAlone = (id: number) => touched.calls.has(id);
    const ended = calls.all().filter(({ dispatch }) => isOpen(dispatch) && !active.has(dispatch.callId));
    const changes: Change<CallRecord>[] = [
      ...[...active.values()].map((call) => ({ id: call.callId, next: reportedCall(call) })),
      ...ended.map(({ dispatch }) => ({
        id: dispatch.callId,
        next: endedCall(closed.get(dispatch.callId)),
      })),
    ];
    const applied = changes.filter(({ id }) => !isLeftAlone(id)).map((change) => calls.apply(change, now));
    return {
      calls: applied.some(({ before, after }) => before !== after),
      emergencies: takeEmergencies(reported.emergencies, touched, now),
    };
  }

  function takeEmergencies(reported: readonly EmergencyCall[], touched: TouchedIds, now: number): boolean {
    const waiting = new Map(reported.map((call) => [call.callId, call]));
    const gone = [...emergencies.on('waiting')].filter(({ callId }) => !waiting.has(callId));
    const changes: Change<EmergencyCall>[] = [
      ...[...waiting.values()].map((call) => ({ id: call.callId, next: merged(call) })),
      ...gone.map(({ callId }) => ({ id: callId, next: () => undefined })),
    ];
    const applied = changes
      .filter(({ id }) => !touched.emergencies.has(id))
      .map((change) => emergencies.apply(change, now));
    return applied.some(({ before, after }) => before !== after);
  }

  return {
    touched(event, outcome) {
      for (const ids of open) {
        for (const { id } of outcome.units) ids.units.add(id);
        for (const { id } of outcome.calls) ids.calls.add(id);
        for (const { id } of emergencyChanges(event)) ids.emergencies.add(id);
      }
    },
    units: () => begin(takeUnits),
    calls: () => begin(takeCalls),
  };
}

const isOpen = ({ status }: DispatchCall): boolean => status !== CLOSED_CALL;

function reportedCall(call: DispatchCall): Change<CallRecord>['next'] {
  return (before) => {
    if (!before?.known) return callRecord({ dispatch_type: 'CALL_NEW', dispatch: call });
    const dispatch = merged(call)(before.entry.dispatch);
    return dispatch === before.entry.dispatch ? before : callRecord({ ...before.entry, dispatch });
  };
}

function endedCall(call: DispatchCall | undefined): Change<CallRecord>['next'] {
  return (before) => {
    if (!before?.known) return before;
    const dispatch = { ...before.entry.dispatch, ...call, status: CLOSED_CALL };
    return callRecord({ dispatch_type: 'CALL_CLOSE', dispatch } satisfies CallEntry);
  };
}

/** Fields that only events bring stay; a report that says nothing new leaves the very same object. */
function merged<Fields extends object>(reported: Fields): (before: Fields | undefined) => Fields {
  return (before) => {
    if (before === undefined) return reported;
    const next = { ...before, ...reported };
    return JSON.stringify(next) === JSON.stringify(before) ? before : next;
  };
}
