import type { UnitChange } from '../../events/catalogue/units.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { ApiResult } from '../api/results.ts';
import { fetchUnits, type ReportedCalls, readCalls, type UnitPage } from './reports.ts';
import { createRounds, type Rounds, type RoundsStatus } from './rounds.ts';

/** A question to the CAD that is under way; what events change meanwhile is left alone by its answer. */
export interface Question<Report> {
  settle(report: Report): void;
  abandon(): void;
}

export interface HealingOptions {
  readonly api: {
    isEnabled(): boolean;
    readonly getUnits: UnitPage;
    getCalls(): Promise<
      ApiResult<{
        readonly activeCalls: readonly unknown[];
        readonly closedCalls: readonly unknown[];
        readonly emergencyCalls: readonly unknown[];
      }>
    >;
  };
  /** How many servers share the key, and so its budget. */
  serverCount(): number;
  hasPlayers(): boolean;
  askUnits(): Question<readonly UnitChange[]>;
  askCalls(): Question<ReportedCalls>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is asked for. */
export type Healed = 'units' | 'calls';

/**
 * Asks the CAD now and then for what it knows, since an event that got lost comes no second time, and the CAD sends none for
 * what is changed through its API.
 */
export interface Healing {
  /** To be called once, when scripts listen. */
  start(): void;
  /** Asks as soon as the budget allows, players or not; never from within the call. */
  soon(what?: Healed): void;
  status(): { readonly [What in Healed]: RoundsStatus };
  stop(): void;
}

/** The key may ask for units 3 times and for calls 5 times a minute. */
const PACES = {
  units: { everyMs: 60_000, everyMsForEachServer: 25_000, leastMs: 20_000 },
  calls: { everyMs: 60_000, everyMsForEachServer: 15_000, leastMs: 12_000 },
};

export function createHealing(options: HealingOptions): Healing {
  const { api, clock } = options;

  async function healUnits(): Promise<ApiResult<unknown>> {
    const question = options.askUnits();
    const answer = await fetchUnits(api.getUnits);
    if (answer.ok) question.settle(answer.data);
    else question.abandon();
    return answer;
  }

  async function healCalls(): Promise<ApiResult<unknown>> {
    const question = options.askCalls();
    const answer = await api.getCalls();
    const report = answer.ok ? readCalls(answer.data) : null;
    if (report !== null) {
      question.settle(report);
      return answer;
    }
    question.abandon();
    if (!answer.ok) return answer;
    const message = 'The list of calls that the CAD gave cannot be read.';
    return { ok: false, error: { kind: 'unreadable', status: 200, message, traceId: null } };
  }

  const shared = {
    clock,
    log: options.log,
    mayRun: api.isEnabled,
    isWanted: options.hasPlayers,
    serverCount: options.serverCount,
  };
  const rounds: { readonly [What in Healed]: Rounds } = {
    units: createRounds({ ...shared, what: 'units', pace: PACES.units, run: healUnits }),
    calls: createRounds({ ...shared, what: 'calls', pace: PACES.calls, run: healCalls }),
  };
  const all = Object.values(rounds);

  return {
    start() {
      for (const each of all) each.start();
    },
    soon(what) {
      for (const each of what === undefined ? all : [rounds[what]]) each.soon();
    },
    status: () => ({ units: rounds.units.status(), calls: rounds.calls.status() }),
    stop() {
      for (const each of all) each.stop();
    },
  };
}
