import * as v from 'valibot';
import { dispatchCall, emergencyCall } from '../events/catalogue/calls.ts';
import { type UnitChange, unitChange } from '../events/catalogue/units.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { CadApi, CadRequest } from './api/cad-api.ts';
import { type ApiResult, failure } from './api/results.ts';

/**
 * A request for one of the CAD's lists. Applying its answer skips entries that events changed since the request was
 * sent.
 */
interface Question<Report> {
  /** Whether the answer is empty, or has less than half of the known entries. */
  isShort(report: Report): boolean;
  finish(report: Report): void;
  abandon(): void;
}

export interface ResyncOptions {
  readonly api: Pick<CadApi, 'isEnabled' | 'request'>;
  /** Returns the number of servers that share the key and its rate limit. */
  serverCount(): number;
  hasPlayers(): boolean;
  beginUnitResync(): Question<readonly UnitChange[]>;
  beginCallResync(): Question<v.InferOutput<typeof reportedCalls>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A list of the CAD that the resync applies to this server's state. */
export type ResyncedList = 'units' | 'calls';

/** The status of the resync of one list. */
interface ListStatus {
  /** Milliseconds since the last successful round; null before the first. */
  readonly lastMs: number | null;
  /** Why the last round failed; null after a success. */
  readonly failure: string | null;
}

export type ResyncStatus = { readonly [List in ResyncedList]: ListStatus };

/**
 * Milliseconds between two rounds: regular ones, and those requested by `soon`. Each server that shares the key
 * lengthens them, because the CAD accepts 3 requests for units and 5 for calls a minute from one key.
 */
const INTERVALS_MS = {
  units: { regular: 60_000, regularPerServer: 25_000, requestedPerServer: 20_000 },
  calls: { regular: 60_000, regularPerServer: 15_000, requestedPerServer: 12_000 },
};
/** Debounces requested rounds, because many events may request one at once. */
const DEBOUNCE_MS = 500;
/** The CAD's limit of units on one page. */
const PAGE_SIZE = 100;
/** Upper bound of pages, about 2,000 units. A longer list is refused as endless. */
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
 * Fetches the CAD's lists of units and calls about every minute and applies them to this server's state. The CAD does
 * not repeat lost events, and sends none for changes made through its API.
 */
export class Resync {
  readonly #lists: { readonly [List in ResyncedList]: ListResync };

  constructor(options: ResyncOptions) {
    const { api, beginUnitResync, beginCallResync } = options;
    const fetchUnitList = (isSecond: boolean) => fetchList(beginUnitResync(), fetchUnits(api.request), isSecond);
    const fetchCallList = (isSecond: boolean) => fetchList(beginCallResync(), fetchCalls(api.request), isSecond);
    this.#lists = {
      units: new ListResync('units', fetchUnitList, options),
      calls: new ListResync('calls', fetchCallList, options),
    };
  }

  /**
   * Requests a round of one list, or of both, even without players. It starts when the rate limit allows, and
   * asynchronously.
   */
  soon(list?: ResyncedList): void {
    if (list !== undefined) this.#lists[list].soon();
    else for (const each of Object.values(this.#lists)) each.soon();
  }

  status(): ResyncStatus {
    return { units: this.#lists.units.status(), calls: this.#lists.calls.status() };
  }

  stop(): void {
    for (const list of Object.values(this.#lists)) list.stop();
  }
}

/**
 * Applies the fetched list, unless it is suspiciously short.
 *
 * @param isSecond whether the previous list was suspiciously short; this one is then applied even if it is short too
 * @returns the result of the request; null when the list was not applied
 */
async function fetchList<Report>(question: Question<Report>, request: Promise<ApiResult<Report>>, isSecond: boolean) {
  const result = await request;
  const isSuspicious = result.ok && !isSecond && question.isShort(result.data);
  if (result.ok && !isSuspicious) question.finish(result.data);
  else question.abandon();
  return isSuspicious ? null : result;
}

/**
 * Fetches one list in rounds, one at a time: regularly while players are connected, and on request. A list that is
 * empty or much shorter than the known state is fetched once more before anything is removed.
 */
class ListResync {
  readonly #list: ResyncedList;
  readonly #fetch: (isSecond: boolean) => Promise<ApiResult<unknown> | null>;
  readonly #options: ResyncOptions;
  #cancel = (): void => {};
  #startedAt = Number.NEGATIVE_INFINITY;
  #succeededAt: number | null = null;
  #failure: string | null = null;
  #isRequested = false;
  /** Whether the last answer was suspiciously short. */
  #isSecondFetch = false;
  #isRunning = false;
  #isStopped = false;

  constructor(
    list: ResyncedList,
    fetch: (isSecond: boolean) => Promise<ApiResult<unknown> | null>,
    options: ResyncOptions,
  ) {
    this.#list = list;
    this.#fetch = fetch;
    this.#options = options;
  }

  /** Requests a round, even without players. It starts when the rate limit allows, and is repeated when it fails. */
  soon(): void {
    this.#isRequested = true;
    if (this.#isStopped || this.#isRunning) return;
    const { clock, serverCount } = this.#options;
    const pauseMs = Math.max(1, serverCount()) * INTERVALS_MS[this.#list].requestedPerServer;
    this.#schedule(Math.max(DEBOUNCE_MS, this.#startedAt + pauseMs - clock.monotonic()));
  }

  status(): ListStatus {
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

  #schedule(milliseconds: number): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#options.clock.after(milliseconds, () => this.#startRound());
  }

  #scheduleRegular(): void {
    const { regular, regularPerServer } = INTERVALS_MS[this.#list];
    this.#schedule(Math.max(regular, this.#options.serverCount() * regularPerServer));
  }

  #startRound(): void {
    const { api, hasPlayers, clock } = this.#options;
    if (!api.isEnabled() || !(this.#isRequested || hasPlayers())) {
      this.#scheduleRegular();
      return;
    }
    this.#isRunning = true;
    this.#isRequested = false;
    this.#startedAt = clock.monotonic();
    this.#fetch(this.#isSecondFetch).then(
      (result) => this.#roundEnded(result),
      (error: unknown) => this.#roundEnded(failure('unreadable', reasonOf(error))),
    );
  }

  /** @param result null when the list was suspiciously short */
  #roundEnded(result: ApiResult<unknown> | null): void {
    const { clock, log } = this.#options;
    this.#isRunning = false;
    if (result === null) {
      this.#isSecondFetch = true;
      log.debug("The CAD's list is much shorter than the known one; fetching it again.", { what: this.#list });
      this.soon();
      return;
    }

    const wasRequestedMeanwhile = this.#isRequested;
    if (result.ok) {
      this.#isSecondFetch = false;
      this.#succeededAt = clock.monotonic();
      this.#failure = null;
    } else {
      const { kind, message } = result.error;
      this.#failure = message;
      // A refused key or plan stays refused, so the round is not repeated until players are connected.
      this.#isRequested = kind !== 'key' && kind !== 'plan';
      log.debug("The CAD's list could not be fetched.", { what: this.#list, reason: message });
    }
    if (wasRequestedMeanwhile) this.soon();
    else this.#scheduleRegular();
  }
}

/**
 * Fetches all units, page by page. Each page begins with the last unit of the previous page. When it begins with
 * another, a unit signed out between the requests, and a unit may be missing from both pages.
 *
 * @returns an error of kind `unreadable` for a list that changed between the pages, has too many pages, or has an
 *   invalid unit
 */
async function fetchUnits(request: CadRequest): Promise<ApiResult<readonly UnitChange[]>> {
  const units = new Map<number, UnitChange>();
  let last: number | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { limit: PAGE_SIZE, offset: page * (PAGE_SIZE - 1), includeOffline: false, onlyUnits: false };
    let answer = await request('getUnits', query);
    // Three pages use up the rate limit of a minute, and a request waits for at most 30 s. A second one waits for the
    // rest.
    if (page > 0 && !answer.ok && answer.error.kind === 'limit') answer = await request('getUnits', query);
    if (!answer.ok) return answer;

    const read = v.safeParse(reportedUnits, answer.data);
    if (!read.success) return unreadable("The CAD's list of units holds something other than units.");
    if (last !== null && read.output[0]?.id !== last)
      return unreadable("The CAD's list of units changed while it was read.");
    for (const unit of read.output) units.set(unit.id, unit);
    if (read.output.length < PAGE_SIZE) return { ok: true, data: [...units.values()] };
    last = read.output.at(-1)?.id ?? null;
  }
  return unreadable("The CAD's list of units has more than 20 pages.");
}

async function fetchCalls(request: CadRequest) {
  const answer = await request('getCalls', {});
  if (!answer.ok) return answer;
  const read = v.safeParse(reportedCalls, answer.data);
  return read.success
    ? { ok: true as const, data: read.output }
    : unreadable("The CAD's list of calls holds something other than calls.");
}

const unreadable = (message: string) => failure('unreadable', message, { status: 200 });
