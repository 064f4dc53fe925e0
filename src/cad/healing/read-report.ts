import * as z from 'zod';
import { dispatchCall, emergencyCall, readDispatchCall, readEmergencyCall } from '../../push-events/catalogue/call.ts';
import { readUnit, unitChange } from '../../push-events/catalogue/unit.ts';

export type ReportedUnit = z.output<ReturnType<typeof unitChange>>;

/** The CAD's own list of calls. */
export interface ReportedCalls {
  readonly active: readonly z.output<ReturnType<typeof dispatchCall>>[];
  readonly closed: readonly z.output<ReturnType<typeof dispatchCall>>[];
  readonly emergencies: readonly z.output<ReturnType<typeof emergencyCall>>[];
}

/** @returns the units of an answer; null when one of them cannot be read, since what is then missing is not gone */
export function readUnits(given: readonly unknown[]): ReportedUnit[] | null {
  return orNull(z.array(unitChange()).safeParse(given.map(readUnit)));
}

/** @returns the calls of an answer; null when one of them cannot be read */
export function readCalls(given: {
  readonly activeCalls: readonly unknown[];
  readonly closedCalls: readonly unknown[];
  readonly emergencyCalls: readonly unknown[];
}): ReportedCalls | null {
  const callList = z.array(dispatchCall());
  const emergencyList = z.array(emergencyCall());
  const active = orNull(callList.safeParse(given.activeCalls.map(readDispatchCall)));
  const closed = orNull(callList.safeParse(given.closedCalls.map(readDispatchCall)));
  const emergencies = orNull(emergencyList.safeParse(given.emergencyCalls.map((call) => readEmergencyCall(call, {}))));
  return active === null || closed === null || emergencies === null ? null : { active, closed, emergencies };
}

function orNull<Output>(result: { success: true; data: Output } | { success: false }): Output | null {
  return result.success ? result.data : null;
}
