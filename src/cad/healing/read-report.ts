import * as v from 'valibot';
import {
  type DispatchCall,
  dispatchCall,
  type EmergencyCall,
  emergencyCall,
} from '../../push-events/catalogue/calls.ts';
import { type UnitChange, unitChange } from '../../push-events/catalogue/units.ts';

/** The CAD's own list of calls. */
export interface ReportedCalls {
  readonly active: readonly DispatchCall[];
  readonly closed: readonly DispatchCall[];
  readonly emergencies: readonly EmergencyCall[];
}

const unitList = v.array(unitChange.read);
const callList = v.array(dispatchCall.read);
const emergencyList = v.array(emergencyCall.read);

/** @returns the units of an answer; null when one of them cannot be read, since what is then missing is not gone */
export function readUnits(given: readonly unknown[]): UnitChange[] | null {
  return orNull(v.safeParse(unitList, given));
}

/** @returns the calls of an answer; null when one of them cannot be read */
export function readCalls(given: {
  readonly activeCalls: readonly unknown[];
  readonly closedCalls: readonly unknown[];
  readonly emergencyCalls: readonly unknown[];
}): ReportedCalls | null {
  const active = orNull(v.safeParse(callList, given.activeCalls));
  const closed = orNull(v.safeParse(callList, given.closedCalls));
  const emergencies = orNull(v.safeParse(emergencyList, given.emergencyCalls));
  return active === null || closed === null || emergencies === null ? null : { active, closed, emergencies };
}

function orNull<Output>(result: { success: true; output: Output } | { success: false }): Output | null {
  return result.success ? result.output : null;
}
