import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Finding } from '../lib/finding.ts';
import { reasonOf } from '../lib/text.ts';
import type { Health, Now } from './api-types.ts';

/** Of each list, and of each text. */
const MOST = 200;
const LONGEST = 500;
/** An answer comes within 4 s, or not at all; the checks may take longer. */
const WAIT_MS = 3_000;
/** What was found longer ago is no longer told as if it were so. */
const FOUND_LASTS_MS = 300_000;
const STATUSES = ['pending', 'active', 'closed'] as const;

export interface NowOptions {
  readonly state: StateView;
  readonly players: Pick<Players, 'sources'>;
  /** The names of the unit statuses, by the CAD's numbers. */
  statusLabels(): readonly string[];
}

/** @returns who is signed in, and which calls there are, at this moment */
export function viewNow({ state, players, statusLabels }: NowOptions): Now {
  const labels = statusLabels();
  const units = state.units();
  const calls = state.callEntries().map(({ dispatch }) => dispatch);
  const emergencies = state.emergencyCalls();
  /** Once for all units: each asked alone would go through all calls. */
  const callsOf = new Map<number, number[]>();
  for (const { status, idents, callId } of calls) {
    if (status === CLOSED_CALL) continue;
    for (const ident of idents) callsOf.set(ident, [...(callsOf.get(ident) ?? []), callId]);
  }
  const more = (list: readonly unknown[]) => Math.max(0, list.length - MOST);
  return {
    units: units.slice(0, MOST).map(({ id, status, isPanic, isDispatch, data }) => ({
      ident: id,
      callSign: cut(data.unitNum),
      name: cut(data.name),
      department: cut(data.department),
      status,
      statusLabel: labels[status] ?? String(status),
      isPanic: isPanic === true,
      isDispatch: isDispatch === true,
      calls: callsOf.get(id) ?? [],
      players: [...state.playersOfUnit(id)],
    })),
    dispatchCalls: calls.slice(0, MOST).map((call) => ({
      callId: call.callId,
      status: STATUSES[call.status] ?? 'active',
      priority: call.priority,
      title: cut(call.title),
      code: cut(call.code),
      address: cut(call.address),
      postal: cut(call.postal),
      description: cut(call.description),
      units: call.idents.slice(0, MOST).map((ident) => cut(state.getUnit(ident)?.data.unitNum || String(ident))),
      changedMs: rounded(state.ageOfCall(call.callId)),
    })),
    emergencyCalls: emergencies.slice(0, MOST).map(({ callId, isEmergency, caller, location, description }) => ({
      callId,
      isEmergency,
      caller: cut(caller),
      location: cut(location),
      description: cut(description),
      changedMs: rounded(state.ageOfEmergencyCall(callId)),
    })),
    players: { connected: [...players.sources()].length, matched: new Set(state.playersInCad()).size },
    more: { units: more(units), dispatchCalls: more(calls), emergencyCalls: more(emergencies) },
  };
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));

export interface HealthOptions {
  /** Checks everything once more. */
  doctor(): Promise<readonly Finding[]>;
  /** What `status` says, a line each. */
  status(): readonly string[];
  readonly clock: Clock;
}

/** What `doctor` and `status` say. */
export class HealthView {
  readonly #options: HealthOptions;
  #looking: Promise<void> | null = null;
  #found: { readonly at: number; readonly findings: readonly Finding[] } | null = null;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Waits a little for checks that are running; begins them the first time, and when what they found is old. */
  async show(): Promise<Health> {
    const { clock, status } = this.#options;
    if (this.#found === null || clock.now() - this.#found.at >= FOUND_LASTS_MS) this.#look();
    if (this.#looking !== null)
      await Promise.race([this.#looking, new Promise<void>((resolve) => clock.after(WAIT_MS, resolve))]);
    return {
      looking: this.#looking !== null,
      lookedAt: this.#found?.at ?? null,
      findings: this.#found?.findings ?? [],
      status: status(),
    };
  }

  /** Begins to look again, unless the checks are running. */
  lookAgain(): Promise<Health> {
    this.#look();
    return this.show();
  }

  #look(): void {
    const { doctor, clock } = this.#options;
    this.#looking ??= doctor()
      .catch((thrown: unknown): Finding[] => [{ ok: false, text: `The checks failed: ${reasonOf(thrown)}` }])
      .then((findings) => {
        this.#found = { at: clock.now(), findings };
        this.#looking = null;
      });
  }
}
