import type { Clock } from '../../platform/clock.ts';
import { reasonOf } from '../../text/reason-of.ts';
import { failure, stopped } from './api-error.ts';
import type { ApiResult } from './api-result.ts';
import { createMinuteBudget, type MinuteBudget } from './minute-budget.ts';
import type { Outcome, QueuedRequest } from './queued-request.ts';

/** How an endpoint stands. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly perMinute: number;
  /** What is left of its minute; 0 while the CAD has asked to be left alone. */
  readonly left: number;
  readonly waiting: number;
  readonly underWay: number;
}

export interface RequestQueue {
  /** @returns what came of it; never rejected */
  submit(request: QueuedRequest): Promise<ApiResult<unknown>>;
  /** Endpoints that were used. */
  status(): EndpointStatus[];
  stop(): void;
}

interface Item {
  readonly request: QueuedRequest;
  readonly deadlineAt: number;
  notBefore: number;
  retries: number;
  failed: ApiResult<unknown> | null;
  abort(): void;
  isSettled: boolean;
  settle(result: ApiResult<unknown>): void;
}

interface Lane {
  readonly endpoint: string;
  readonly perMinute: number;
  readonly budget: MinuteBudget;
  waiting: Item[];
  readonly underWay: Set<Item>;
  closedUntil: number;
  stopTimer(): void;
}

const DEADLINE_MS = 30_000;
const MAX_WAITING = 100;
const MAX_WAITING_EACH = 20;
const MAX_RETRIES = 2;

/**
 * Lets each endpoint's requests through as its minute allows, in order. What does not fit waits, at most 30 s and 20 an endpoint,
 * 100 in all, unless it may not wait; equal requests that may share an answer are one. Requests start at the next pass of the
 * event loop.
 */
export function createRequestQueue(clock: Clock): RequestQueue {
  const lanes = new Map<string, Lane>();
  const shared = new Map<string, Promise<ApiResult<unknown>>>();
  let isStopped = false;

  function laneOf({ endpoint, perMinute }: QueuedRequest): Lane {
    const existing = lanes.get(endpoint);
    if (existing !== undefined) return existing;
    const lane: Lane = {
      endpoint,
      perMinute,
      budget: createMinuteBudget(perMinute),
      waiting: [],
      underWay: new Set(),
      closedUntil: 0,
      stopTimer: () => {},
    };
    lanes.set(endpoint, lane);
    return lane;
  }

  function enqueue(request: QueuedRequest): Promise<ApiResult<unknown>> {
    const lane = laneOf(request);
    return new Promise((resolve) => {
      const item: Item = {
        request,
        deadlineAt: clock.monotonic() + DEADLINE_MS,
        notBefore: 0,
        retries: 0,
        failed: null,
        abort: () => {},
        isSettled: false,
        settle(result) {
          if (item.isSettled) return;
          item.isSettled = true;
          stopDeadline();
          lane.underWay.delete(item);
          lane.waiting = lane.waiting.filter((other) => other !== item);
          resolve(result);
        },
      };
      // One under way has a deadline of its own that is no later.
      const stopDeadline = clock.after(DEADLINE_MS, () => {
        if (!lane.underWay.has(item)) item.settle(item.failed ?? tookTooLong(lane));
      });
      lane.waiting.push(item);
      pump(lane);
      if (lane.waiting.includes(item) && (isFull(lane) || !request.mayWait)) item.settle(tooMany(lane));
    });
  }

  function isFull(lane: Lane): boolean {
    let waiting = 0;
    for (const each of lanes.values()) waiting += each.waiting.length;
    return lane.waiting.length > MAX_WAITING_EACH || waiting > MAX_WAITING;
  }

  function pump(lane: Lane): void {
    lane.stopTimer();
    const now = clock.monotonic();
    for (;;) {
      const freeAt = Math.max(lane.closedUntil, lane.budget.freeAt(now));
      const next = lane.waiting.find(({ notBefore }) => notBefore <= now);
      if (next !== undefined && freeAt <= now) {
        begin(lane, next, now);
        continue;
      }
      if (lane.waiting.length === 0) return;
      const at = Math.max(freeAt, Math.min(...lane.waiting.map(({ notBefore }) => notBefore)));
      lane.stopTimer = clock.after(Math.max(1, Math.ceil(at - now)), () => pump(lane));
      return;
    }
  }

  function begin(lane: Lane, item: Item, now: number): void {
    const refusal = item.request.refusal();
    if (refusal !== null) {
      item.settle(refusal);
      return;
    }
    lane.budget.take(now);
    lane.waiting = lane.waiting.filter((other) => other !== item);
    lane.underWay.add(item);
    // Whoever asks may be in the middle of something, such as an event: opening a connection has no place there.
    clock.soon(() => {
      if (item.isSettled) return;
      const { mark, mustBeNew } = item.request;
      if (mark !== null && mustBeNew) shared.delete(mark);
      const { outcome, abort } = item.request.attempt(Math.max(1, item.deadlineAt - clock.monotonic()));
      item.abort = abort;
      outcome.then(
        (what) => conclude(lane, item, what),
        (error: unknown) => conclude(lane, item, { kind: 'done', result: failure('unreadable', reasonOf(error)) }),
      );
    });
  }

  function conclude(lane: Lane, item: Item, outcome: Outcome): void {
    if (item.isSettled) return;
    lane.underWay.delete(item);
    if (outcome.kind === 'done') {
      item.settle(outcome.result);
      return;
    }
    const again = clock.monotonic() + outcome.waitMs;
    if (outcome.closesEndpoint) lane.closedUntil = Math.max(lane.closedUntil, again);
    item.failed = outcome.result;
    item.notBefore = again;
    item.retries += 1;
    const isLast = item.retries > MAX_RETRIES || again >= item.deadlineAt || !item.request.mayWait;
    if (isLast) item.settle(outcome.result);
    else lane.waiting.unshift(item);
    pump(lane);
  }

  return {
    submit(request) {
      if (isStopped) return Promise.resolve(stopped());
      const { mark } = request;
      if (mark === null) return enqueue(request);
      const running = shared.get(mark);
      if (running !== undefined) return running;
      const result = enqueue(request);
      shared.set(mark, result);
      void result.then(() => {
        if (shared.get(mark) === result) shared.delete(mark);
      });
      return result;
    },
    status() {
      const now = clock.monotonic();
      return [...lanes.values()].map(({ endpoint, perMinute, budget, closedUntil, waiting, underWay }) => ({
        endpoint,
        perMinute,
        left: closedUntil > now ? 0 : budget.left(now),
        waiting: waiting.length,
        underWay: underWay.size,
      }));
    },
    stop() {
      isStopped = true;
      for (const lane of lanes.values()) {
        lane.stopTimer();
        for (const item of [...lane.waiting, ...lane.underWay]) {
          item.abort();
          item.settle(stopped());
        }
      }
    },
  };
}

function tookTooLong({ perMinute }: Lane): ApiResult<never> {
  return failure(
    'limit',
    `Too many requests of this kind: the CAD takes ${perMinute} a minute, and none was left for this one within 30 s. Wait a minute.`,
  );
}

function tooMany({ perMinute }: Lane): ApiResult<never> {
  return failure(
    'limit',
    `Too many requests are waiting for the CAD, which takes ${perMinute} of this kind a minute. Wait a minute.`,
  );
}
