import type { Clock } from '../../lib/clock.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Endpoint } from './endpoint.ts';
import { type ApiResult, failure, stopped } from './results.ts';

/** What came of one attempt of a request. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: ApiResult<unknown> }
  /** It may be tried again; the result is what counts when it cannot. */
  | {
      readonly kind: 'again';
      readonly result: ApiResult<unknown>;
      readonly waitMs: number;
      /** Whether nothing else of the endpoint may go before that either. */
      readonly closesEndpoint: boolean;
    };

/** A request that waits for its turn. */
interface QueuedRequest extends Pick<Endpoint, 'perMinute' | 'mustBeNew' | 'mayWait'> {
  readonly endpoint: string;
  /** Equal for requests that may share one answer; null for one that stands alone. */
  readonly mark: string | null;
  /** Asked when its turn has come, before it costs anything. @returns why it has no point; null to go on */
  refusal(): ApiResult<unknown> | null;
  /** @param remainingMs of the time that it has in all */
  attempt(remainingMs: number): { readonly outcome: Promise<Outcome>; abort(): void };
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

interface EndpointQueue {
  readonly endpoint: string;
  readonly perMinute: number;
  readonly budget: RateLimit;
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
export function createRequestQueue(clock: Clock) {
  const queues = new Map<string, EndpointQueue>();
  const shared = new Map<string, Promise<ApiResult<unknown>>>();
  let isStopped = false;

  function queueOf({ endpoint, perMinute }: QueuedRequest): EndpointQueue {
    const existing = queues.get(endpoint);
    if (existing !== undefined) return existing;
    const queue: EndpointQueue = {
      endpoint,
      perMinute,
      budget: new RateLimit({ most: perMinute, windowMs: 60_000 }, clock),
      waiting: [],
      underWay: new Set(),
      closedUntil: 0,
      stopTimer: () => {},
    };
    queues.set(endpoint, queue);
    return queue;
  }

  function enqueue(request: QueuedRequest): Promise<ApiResult<unknown>> {
    const queue = queueOf(request);
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
          queue.underWay.delete(item);
          queue.waiting = queue.waiting.filter((other) => other !== item);
          resolve(result);
        },
      };
      // One under way has a deadline of its own that is no later.
      const stopDeadline = clock.after(DEADLINE_MS, () => {
        const why = `of this kind: the CAD takes ${request.perMinute} a minute, and none was left for this one within 30 s.`;
        if (!queue.underWay.has(item)) item.settle(item.failed ?? tooMany(why));
      });
      queue.waiting.push(item);
      pump(queue);
      const why = `are waiting for the CAD, which takes ${request.perMinute} of this kind a minute.`;
      if (queue.waiting.includes(item) && (isFull(queue) || !request.mayWait)) item.settle(tooMany(why));
    });
  }

  function isFull(queue: EndpointQueue): boolean {
    let waiting = 0;
    for (const each of queues.values()) waiting += each.waiting.length;
    return queue.waiting.length > MAX_WAITING_EACH || waiting > MAX_WAITING;
  }

  function pump(queue: EndpointQueue): void {
    queue.stopTimer();
    const now = clock.monotonic();
    for (;;) {
      const freeAt = Math.max(queue.closedUntil, now + queue.budget.waitMs(queue.endpoint));
      const next = queue.waiting.find(({ notBefore }) => notBefore <= now);
      if (next !== undefined && freeAt <= now) {
        begin(queue, next);
        continue;
      }
      if (queue.waiting.length === 0) return;
      const at = Math.max(freeAt, Math.min(...queue.waiting.map(({ notBefore }) => notBefore)));
      queue.stopTimer = clock.after(Math.max(1, Math.ceil(at - now)), () => pump(queue));
      return;
    }
  }

  function begin(queue: EndpointQueue, item: Item): void {
    const refusal = item.request.refusal();
    if (refusal !== null) {
      item.settle(refusal);
      return;
    }
    queue.budget.take(queue.endpoint);
    queue.waiting = queue.waiting.filter((other) => other !== item);
    queue.underWay.add(item);
    // The caller may be in the middle of something, such as an event: opening a connection has no place there.
    clock.soon(() => {
      if (item.isSettled) return;
      const { mark, mustBeNew } = item.request;
      if (mark !== null && mustBeNew) shared.delete(mark);
      const { outcome, abort } = item.request.attempt(Math.max(1, item.deadlineAt - clock.monotonic()));
      item.abort = abort;
      outcome.then(
        (what) => ended(queue, item, what),
        (error: unknown) => ended(queue, item, { kind: 'done', result: failure('unreadable', reasonOf(error)) }),
      );
    });
  }

  function ended(queue: EndpointQueue, item: Item, outcome: Outcome): void {
    if (item.isSettled) return;
    queue.underWay.delete(item);
    if (outcome.kind === 'done') {
      item.settle(outcome.result);
      return;
    }
    const again = clock.monotonic() + outcome.waitMs;
    if (outcome.closesEndpoint) queue.closedUntil = Math.max(queue.closedUntil, again);
    item.failed = outcome.result;
    item.notBefore = again;
    item.retries += 1;
    const isLast = item.retries > MAX_RETRIES || again >= item.deadlineAt || !item.request.mayWait;
    if (isLast) item.settle(outcome.result);
    else queue.waiting.unshift(item);
    pump(queue);
  }

  return {
    /** @returns what came of it; never rejected */
    submit(request: QueuedRequest): Promise<ApiResult<unknown>> {
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
    /** How the endpoints stand that were used. */
    status() {
      const now = clock.monotonic();
      return [...queues.values()].map(({ endpoint, perMinute, budget, closedUntil, waiting, underWay }) => ({
        endpoint,
        perMinute,
        /** What is left of its minute; 0 while the CAD has asked to be left alone. */
        left: closedUntil > now ? 0 : budget.left(endpoint),
        waiting: waiting.length,
        underWay: underWay.size,
      }));
    },
    stop() {
      isStopped = true;
      for (const queue of queues.values()) {
        queue.stopTimer();
        for (const item of [...queue.waiting, ...queue.underWay]) {
          item.abort();
          item.settle(stopped());
        }
      }
    },
  };
}

const tooMany = (why: string) => failure('limit', `Too many requests ${why} Wait a minute.`);
