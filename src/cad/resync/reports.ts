import * as v from 'valibot';
import { type DispatchCall, dispatchCall, type EmergencyCall, emergencyCall } from '../../events/catalogue/calls.ts';
import { type UnitChange, unitChange } from '../../events/catalogue/units.ts';
import type { ApiError, ApiResult } from '../api/results.ts';

/** Asks for a part of the list of units that are signed in, dispatchers among them. */
export type UnitPage = (page: { limit: number; offset: number }) => Promise<ApiResult<readonly unknown[]>>;

/** As many as the CAD gives at once. */
const PAGE = 100;
/** Beyond any community. */
const MAX_PAGES = 20;

/**
 * Fetches all units, page by page. Each page begins with the last unit of the one before: when somebody signs out in between, the
 * list has moved, and a unit that is on neither page would seem to be gone.
 *
 * @returns an error of kind `unreadable` for a list that moved, or has no end, or holds what is no unit
 */
export async function fetchUnits(ask: UnitPage): Promise<ApiResult<readonly UnitChange[]>> {
  const units = new Map<number, UnitChange>();
  let last: number | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const part = { limit: PAGE, offset: page * (PAGE - 1) };
    const first = await ask(part);
    // The minute's budget is used up by three pages, and a request waits half a minute at most: the second has the other half.
    const answer = page > 0 && !first.ok && first.error.kind === 'limit' ? await ask(part) : first;
    if (!answer.ok) return answer;
    const read = readUnits(answer.data);
    if (read === null) return partial('The list of units that the CAD gave cannot be read.');
    if (last !== null && read[0]?.id !== last) return partial('The list of units changed while it was read.');
    for (const unit of read) units.set(unit.id, unit);
    if (read.length < PAGE) return { ok: true, data: [...units.values()] };
    last = read.at(-1)?.id ?? null;
  }
  return partial('The list of units that the CAD gives has no end.');
}

function partial(message: string): { ok: false; error: ApiError } {
  return { ok: false, error: { kind: 'unreadable', status: 200, message, traceId: null } };
}

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
