import type { Clock } from '../../lib/clock.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Endpoint } from './endpoint.ts';
import { type ApiResult, failure, stopped } from './results.ts';

/** The outcome of one attempt of a request. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: ApiResult<unknown> }
  /** The request may be retried. `result` is its final result when no retry is left. */
  | {
      readonly kind: 'retry';
      readonly result: ApiResult<unknown>;
      readonly waitMs: number;
      /** Whether all requests of the endpoint must wait until then, as after a 429. */
      readonly pausesEndpoint: boolean;
    };

/** A request as submitted to the queue. */
interface SubmittedRequest extends Pick<Endpoint, 'perMinute' | 'mustBeNew' | 'mayWait'> {
  readonly endpoint: string;
  /** Requests with equal keys share one answer. A request without a key is always sent. */
  readonly coalescingKey: string | null;
  /** Called before the request counts against the rate limit. @returns why it cannot be sent; null to send it */
  refusal(): ApiResult<unknown> | null;
  /** @param remainingMs until the request's deadline */
  attempt(remainingMs: number): { readonly outcome: Promise<Outcome>; abort(): void };
}

/** A submitted request until it has its result. */
interface QueuedRequest {
  readonly request: SubmittedRequest;
  readonly deadlineAt: number;
  /** The earliest time of the next attempt. */
  notBefore: number;
  retries: number;
  /** The result of the last failed attempt; null before the first. */
  lastFailure: ApiResult<unknown> | null;
  isSettled: boolean;
  abort(): void;
  settle(result: ApiResult<unknown>): void;
}

interface EndpointQueue {
  readonly endpoint: string;
  readonly perMinute: number;
  readonly rateLimit: RateLimit;
  waiting: QueuedRequest[];
  readonly inFlight: Set<QueuedRequest>;
  pausedUntil: number;
  cancelTimer(): void;
}

/** The status of one endpoint's queue. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly perMinute: number;
  /** Requests that may be sent at once; 0 while the CAD's `Retry-After` has not passed. */
  readonly left: number;
  readonly waiting: number;
  readonly underWay: number;
}

const REQUEST_DEADLINE_MS = 30_000;
/** Upper bound of waiting requests of all endpoints. Further ones are refused. */
const MAX_WAITING = 100;
/** Upper bound of waiting requests of one endpoint. Further ones are refused. */
const MAX_WAITING_PER_ENDPOINT = 20;
/** Retries after the first attempt. The request then has the result of its last attempt. */
const MAX_RETRIES = 2;

/**
 * Sends each endpoint's requests in order and within its rate limit. A request beyond the limit waits for at most 30 s.
 * It is refused when 20 requests of its endpoint or 100 of all endpoints are waiting. Requests with equal coalescing
 * keys share one answer.
 */
export class RequestQueue {
  readonly #clock: Clock;
  readonly #queues = new Map<string, EndpointQueue>();
  readonly #resultsByKey = new Map<string, Promise<ApiResult<unknown>>>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Queues a request, or joins it to an equal one. The promise is never rejected. */
  submit(request: SubmittedRequest): Promise<ApiResult<unknown>> {
    if (this.#isStopped) return Promise.resolve(stopped());
    const { coalescingKey } = request;
    if (coalescingKey === null) return this.#enqueue(request);

    const running = this.#resultsByKey.get(coalescingKey);
    if (running !== undefined) return running;

    const result = this.#enqueue(request);
    this.#resultsByKey.set(coalescingKey, result);
    void result.then(() => {
      if (this.#resultsByKey.get(coalescingKey) === result) this.#resultsByKey.delete(coalescingKey);
    });
    return result;
  }

  /** @returns the status of each endpoint used so far */
  status(): readonly EndpointStatus[] {
    const now = this.#clock.monotonic();
    return [...this.#queues.values()].map(
      ({ endpoint, perMinute, rateLimit, pausedUntil, waiting, inFlight }): EndpointStatus => ({
        endpoint,
        perMinute,
        left: pausedUntil > now ? 0 : rateLimit.left(endpoint),
        waiting: waiting.length,
        underWay: inFlight.size,
      }),
    );
  }

  /** Aborts the requests in flight, and answers all requests with an error of kind `stopped`. */
  stop(): void {
    this.#isStopped = true;
    for (const queue of this.#queues.values()) {
      queue.cancelTimer();
      for (const queued of [...queue.waiting, ...queue.inFlight]) {
        queued.abort();
        queued.settle(stopped());
      }
    }
  }

  #enqueue(request: SubmittedRequest): Promise<ApiResult<unknown>> {
    const clock = this.#clock;
    const queue = this.#queueOf(request);
    const { promise, resolve } = Promise.withResolvers<ApiResult<unknown>>();

    const queued: QueuedRequest = {
      request,
      deadlineAt: clock.monotonic() + REQUEST_DEADLINE_MS,
      notBefore: 0,
      retries: 0,
      lastFailure: null,
      isSettled: false,
      abort() {},
      settle(result) {
        if (queued.isSettled) return;
        queued.isSettled = true;
        cancelDeadline();
        queue.inFlight.delete(queued);
        queue.waiting = queue.waiting.filter((other) => other !== queued);
        resolve(result);
      },
    };
    const cancelDeadline = clock.after(REQUEST_DEADLINE_MS, () => {
      // An attempt in flight ends by its own timeout, which is no later than this deadline.
      if (queue.inFlight.has(queued)) return;
      queued.settle(queued.lastFailure ?? waitedTooLong(request.perMinute));
    });

    queue.waiting.push(queued);
    this.#sendWaiting(queue);
    const isWaiting = queue.waiting.includes(queued);
    if (isWaiting && (this.#isFull(queue) || !request.mayWait)) queued.settle(tooManyWaiting(request.perMinute));
    return promise;
  }

  #queueOf({ endpoint, perMinute }: SubmittedRequest): EndpointQueue {
    const existing = this.#queues.get(endpoint);
    if (existing !== undefined) return existing;

    const queue: EndpointQueue = {
      endpoint,
      perMinute,
      rateLimit: new RateLimit({ most: perMinute, windowMs: 60_000 }, this.#clock),
      waiting: [],
      inFlight: new Set(),
      pausedUntil: 0,
      cancelTimer() {},
    };
    this.#queues.set(endpoint, queue);
    return queue;
  }

  #isFull(queue: EndpointQueue): boolean {
    let waiting = 0;
    for (const each of this.#queues.values()) waiting += each.waiting.length;
    return queue.waiting.length > MAX_WAITING_PER_ENDPOINT || waiting > MAX_WAITING;
  }

  /** Sends all waiting requests that may be sent now, and sets a timer for the next one. */
  #sendWaiting(queue: EndpointQueue): void {
    queue.cancelTimer();
    const now = this.#clock.monotonic();
    for (;;) {
      if (queue.waiting.length === 0) return;
      const freeAt = Math.max(queue.pausedUntil, now + queue.rateLimit.waitMs(queue.endpoint));
      const next = queue.waiting.find(({ notBefore }) => notBefore <= now);
      if (next === undefined || freeAt > now) {
        const dueAt = Math.min(...queue.waiting.map(({ notBefore }) => notBefore));
        const waitMs = Math.max(1, Math.ceil(Math.max(freeAt, dueAt) - now));
        queue.cancelTimer = this.#clock.after(waitMs, () => this.#sendWaiting(queue));
        return;
      }
      this.#send(queue, next);
    }
  }

  #send(queue: EndpointQueue, queued: QueuedRequest): void {
    const refusal = queued.request.refusal();
    if (refusal !== null) {
      queued.settle(refusal);
      return;
    }
    queue.rateLimit.take(queue.endpoint);
    queue.waiting = queue.waiting.filter((other) => other !== queued);
    queue.inFlight.add(queued);

    // Opening a connection takes time, and the caller may be handling an event, so the attempt starts in the next pass.
    this.#clock.soon(() => {
      if (queued.isSettled) return;
      const { coalescingKey, mustBeNew } = queued.request;
      // From here on, the answer may be older than the next equal request.
      if (coalescingKey !== null && mustBeNew) this.#resultsByKey.delete(coalescingKey);

      const remainingMs = Math.max(1, queued.deadlineAt - this.#clock.monotonic());
      const { outcome, abort } = queued.request.attempt(remainingMs);
      queued.abort = abort;
      outcome.then(
        (ended) => this.#attemptEnded(queue, queued, ended),
        (error: unknown) => queued.settle(failure('unreadable', reasonOf(error))),
      );
    });
  }

  #attemptEnded(queue: EndpointQueue, queued: QueuedRequest, outcome: Outcome): void {
    if (queued.isSettled) return;
    queue.inFlight.delete(queued);
    if (outcome.kind === 'done') {
      queued.settle(outcome.result);
      return;
    }

    const retryAt = this.#clock.monotonic() + outcome.waitMs;
    if (outcome.pausesEndpoint) queue.pausedUntil = Math.max(queue.pausedUntil, retryAt);
    queued.lastFailure = outcome.result;
    queued.notBefore = retryAt;
    queued.retries += 1;

    const mayRetry = queued.retries <= MAX_RETRIES && retryAt < queued.deadlineAt && queued.request.mayWait;
    if (mayRetry) queue.waiting.unshift(queued);
    else queued.settle(outcome.result);
    this.#sendWaiting(queue);
  }
}

function waitedTooLong(perMinute: number): ApiResult<never> {
  const limit = `the CAD takes ${perMinute} a minute, and none was left for this one within 30 s`;
  return failure('limit', `Too many requests of this kind: ${limit}. Wait a minute.`);
}

function tooManyWaiting(perMinute: number): ApiResult<never> {
  const limit = `which takes ${perMinute} of this kind a minute`;
  return failure('limit', `Too many requests are waiting for the CAD, ${limit}. Wait a minute.`);
}
