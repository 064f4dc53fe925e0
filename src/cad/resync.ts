import * as v from 'valibot';
import { dispatchCall, emergencyCall } from '../events/catalogue/calls.ts';
import { type UnitChange, unitChange } from '../events/catalogue/units.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { CadApi, CadRequest } from './api/cad-api.ts';
import { type ApiResult, failure } from './api/results.ts';

/** A request for one of the CAD's lists. Its answer leaves alone what events have changed since it was sent. */
interface Question<Report> {
  /** Whether the answer is empty, or much shorter than what is known. */
  isShort(report: Report): boolean;
  finish(report: Report): void;
  abandon(): void;
}

export interface ResyncOptions {
  readonly api: Pick<CadApi, 'isEnabled' | 'request'>;
  /** How many servers share the key, and so its budget. */
  serverCount(): number;
  hasPlayers(): boolean;
  beginUnitResync(): Question<readonly UnitChange[]>;
  beginCallResync(): Question<v.InferOutput<typeof reportedCalls>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is compared with the CAD's lists. */
export type Resynced = 'units' | 'calls';

/** How comparing with one of the lists is doing. */
interface RoundsStatus {
  /** Milliseconds since the last round that succeeded; null before the first. */
  readonly lastMs: number | null;
  /** Why the last round failed; null when it succeeded. */
  readonly failure: string | null;
}

export type ResyncStatus = { readonly [What in Resynced]: RoundsStatus };

/** Minimum milliseconds between two rounds. The CAD takes 3 requests for units and 5 for calls a minute from one key. */
const PACES = {
  units: { usual: 60_000, usualForEachServer: 25_000, askedForEachServer: 20_000 },
  calls: { usual: 60_000, usualForEachServer: 15_000, askedForEachServer: 12_000 },
};
/** Debounces events that ask for a round. */
const GATHER_MS = 500;
/** Units on one page: the CAD's own limit. */
const PAGE = 100;
/** Upper bound of 2,000 units: no community has as many. */
const MAX_PAGES = 20;

const reportedUnits = v.array(unitChange.read);
const reportedCalls = v.pipe(
  v.object({
    activeCalls: v.array(dispatchCall.read),
    closedCalls: v.array(dispatchCall.read),
    emergencyCalls: v.array(emergencyCall.read),
  }),
  v.transform(({ activeCalls: active, closedCalls: closed, emergencyCalls: emergencies }) => ({
    active,
    closed,
    emergencies,
  })),
);

/**
 * Compares units and calls with the CAD's lists, about every minute. The CAD does not repeat a lost event, and sends none for
 * changes through its API.
 */
export class Resync {
  readonly #rounds: { readonly [What in Resynced]: Rounds };

  constructor(options: ResyncOptions) {
    const { api, beginUnitResync, beginCallResync } = options;
    this.#rounds = {
      units: new Rounds('units', (isSecond) => finish(beginUnitResync(), fetchUnits(api.request), isSecond), options),
      calls: new Rounds('calls', (isSecond) => finish(beginCallResync(), fetchCalls(api.request), isSecond), options),
    };
  }

  /** Asks as soon as the rate limit allows, whether or not players are connected. Sends nothing before it returns. */
  soon(what?: Resynced): void {
    for (const rounds of what === undefined ? Object.values(this.#rounds) : [this.#rounds[what]]) rounds.soon();
  }

  status(): ResyncStatus {
    return { units: this.#rounds.units.status(), calls: this.#rounds.calls.status() };
  }

  stop(): void {
    for (const rounds of Object.values(this.#rounds)) rounds.stop();
  }
}

/**
 * Applies the answer to a question, unless it is doubtfully short.
 *
 * @param isSecond whether the answer before was doubtfully short: then this one is applied in any case
 * @returns the answer; null when it was not applied
 */
async function finish<Report>(question: Question<Report>, asked: Promise<ApiResult<Report>>, isSecond: boolean) {
  const answer = await asked;
  const isDoubted = answer.ok && !isSecond && question.isShort(answer.data);
  if (answer.ok && !isDoubted) question.finish(answer.data);
  else question.abandon();
  return isDoubted ? null : answer;
}

/**
 * Asks for one list repeatedly, one request at a time: while players are connected, or when asked to. When an answer is empty or much
 * shorter than what is known, the list is asked for once more before anything is removed.
 */
class Rounds {
  readonly #what: Resynced;
  readonly #ask: (isSecond: boolean) => Promise<ApiResult<unknown> | null>;
  readonly #options: ResyncOptions;
  #cancel = (): void => {};
  #startedAt = Number.NEGATIVE_INFINITY;
  #succeededAt: number | null = null;
  #failure: string | null = null;
  #isAskedFor = false;
  /** Whether the last answer was doubtfully short. */
  #isDoubting = false;
  #isRunning = false;
  #isStopped = false;

  constructor(what: Resynced, ask: (isSecond: boolean) => Promise<ApiResult<unknown> | null>, options: ResyncOptions) {
    this.#what = what;
    this.#ask = ask;
    this.#options = options;
  }

  /** Runs one round as soon as the rate limit allows, and another when it fails. */
  soon(): void {
    this.#isAskedFor = true;
    if (this.#isStopped || this.#isRunning) return;
    const { clock, serverCount } = this.#options;
    const pause = Math.max(1, serverCount()) * PACES[this.#what].askedForEachServer;
    this.#next(Math.max(GATHER_MS, this.#startedAt + pause - clock.monotonic()));
  }

  status(): RoundsStatus {
    const { clock } = this.#options;
    return {
      lastMs: this.#succeededAt === null ? null : clock.monotonic() - this.#succeededAt,
      failure: this.#failure,
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #next(milliseconds: number): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#options.clock.after(milliseconds, () => this.#turn());
  }

  #nextUsual(): void {
    const { usual, usualForEachServer } = PACES[this.#what];
    this.#next(Math.max(usual, this.#options.serverCount() * usualForEachServer));
  }

  #turn(): void {
    const { api, hasPlayers, clock } = this.#options;
    if (!api.isEnabled() || !(this.#isAskedFor || hasPlayers())) {
      this.#nextUsual();
      return;
    }
    this.#isRunning = true;
    this.#isAskedFor = false;
    this.#startedAt = clock.monotonic();
    this.#ask(this.#isDoubting).then(
      (result) => this.#ended(result),
      (error: unknown) => this.#ended(failure('unreadable', reasonOf(error))),
    );
  }

  #ended(result: ApiResult<unknown> | null): void {
    const { clock, log } = this.#options;
    this.#isRunning = false;
    if (result === null) {
      this.#isDoubting = true;
      log.debug('The CAD gave much less than is known, so it is asked once more.', { what: this.#what });
      this.soon();
      return;
    }
    const wasAskedForMeanwhile = this.#isAskedFor;
    if (result.ok) {
      this.#isDoubting = false;
      this.#succeededAt = clock.monotonic();
      this.#failure = null;
    } else {
      const { kind, message } = result.error;
      this.#failure = message;
      // A refused key or plan stays refused, so the next round waits for players.
      this.#isAskedFor = kind !== 'key' && kind !== 'plan';
      log.debug('The CAD could not be asked for what it knows.', { what: this.#what, reason: message });
    }
    if (wasAskedForMeanwhile) this.soon();
    else this.#nextUsual();
  }
}

/**
 * Fetches all units, page by page. Each page begins with the last unit of the one before. If it does not, a unit signed out between
 * the requests, and another may be on neither page.
 *
 * @returns an error of kind `unreadable` for a list that moved, has too many pages, or holds anything but units
 */
async function fetchUnits(request: CadRequest): Promise<ApiResult<readonly UnitChange[]>> {
  const units = new Map<number, UnitChange>();
  let last: number | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const part = { limit: PAGE, offset: page * (PAGE - 1), includeOffline: false, onlyUnits: false };
    const first = await request('getUnits', part);
    // Three pages use up the minute's limit, and a request waits for at most 30 s: a second one waits for the rest of the minute.
    const answer = page > 0 && !first.ok && first.error.kind === 'limit' ? await request('getUnits', part) : first;
    if (!answer.ok) return answer;
    const read = v.safeParse(reportedUnits, answer.data);
    if (!read.success) return unreadable('The list of units that the CAD gave cannot be read.');
    if (last !== null && read.output[0]?.id !== last) return unreadable('The list of units changed while it was read.');
    for (const unit of read.output) units.set(unit.id, unit);
    if (read.output.length < PAGE) return { ok: true, data: [...units.values()] };
    last = read.output.at(-1)?.id ?? null;
  }
  return unreadable('The list of units that the CAD gives has no end.');
}

async function fetchCalls(request: CadRequest) {
  const answer = await request('getCalls', {});
  if (!answer.ok) return answer;
  const read = v.safeParse(reportedCalls, answer.data);
  return read.success
    ? { ok: true as const, data: read.output }
    : unreadable('The list of calls that the CAD gave cannot be read.');
}

const unreadable = (message: string) => failure('unreadable', message, { status: 200 });
