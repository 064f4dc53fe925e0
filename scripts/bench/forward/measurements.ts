import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram, performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RetrySettings } from '../../../src/forward/queues/delivery-queue.ts';
import { DEFAULT_RETRIES } from '../../../src/forward/queues/pace.ts';
import { isProgram } from '../../is-program.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { type ListenerProcess, type Manner, startListeners } from './listeners.ts';
import { type Stretches, watchStretches } from './stretches.ts';
import { createForwarderSubject, type ForwarderSubject } from './subjects.ts';

export interface OutageFigures {
  /** Events that were taken in. */
  readonly events: number;
  /** While they came in as fast as they could. */
  readonly accepting: Stretches;
  /** While all of them waited. */
  readonly waiting: Stretches;
  /** Bytes that the heap, and what is outside of it, have grown by. */
  readonly heap: number;
  readonly external: number;
  /** Milliseconds. */
  readonly flushes: { readonly count: number; readonly longest: number };
  /** Milliseconds to stop, everything put back. */
  readonly stop: number;
}

/** Microseconds. */
export interface AcceptFigures {
  readonly empty: { readonly p50: number; readonly mean: number };
  readonly full: { readonly p50: number; readonly mean: number };
}

const FULL = 10_000;
const DELIVERIES = 6_000;
/** With one error in ten. */
const ERROR_EVENTS = 1_000;
const ATTEMPT_MS = 10_000;
/** Attempts at black holes end soon, so that there is something to do. */
const SHORT_ATTEMPT_MS = 1_000;
/** Several attempts are made at each target and given up on. */
const OUTAGE_MS = 8_000;
const ACCEPT_ROUNDS = 5;
const ACCEPT_WARMUP_ROUNDS = 2;
const ACCEPT_EVENTS = 400;

/** @returns events a second until all targets had all of them */
async function eventsPerSecond(
  events: number,
  targets: number,
  manner: Manner,
  retries?: RetrySettings,
): Promise<number> {
  return withListeners(targets, manner, async ({ urls, take }) => {
    const act = async (subject: ForwarderSubject) => {
      await run(50, subject, take, targets);
      const began = performance.now();
      await run(events, subject, take, targets);
      return events / ((performance.now() - began) / 1000);
    };
    return withForwarder(urls, ATTEMPT_MS, act, retries);
  });
}

async function run(
  events: number,
  subject: ForwarderSubject,
  take: ListenerProcess['take'],
  targets: number,
): Promise<void> {
  // Both at once, so that it ends with the process of the listeners and not only after the last event.
  await Promise.all([take(events * targets), feed(subject, events)]);
}

/** One event for each pass of the loop: an event is a request, and requests come one by one. */
async function feed(subject: ForwarderSubject, events: number): Promise<void> {
  for (let index = 0; index < events; index += 1) {
    subject.take();
    await setImmediate();
  }
}

/** Eight targets that take requests and never answer, while the events pile up. */
async function measureOutage(events: number): Promise<OutageFigures> {
  return withListeners(8, 'never answer', async ({ urls }) => {
    return withForwarder(urls, SHORT_ATTEMPT_MS, async (subject) => {
      // What is loaded and compiled with the first events is not what an outage costs.
      await feed(subject, 10);
      await sleep(200);
      const before = memory();
      const accepted = watchStretches(subject.flushes);
      await feed(subject, events - 10);
      const accepting = accepted();
      const waited = watchStretches(subject.flushes);
      await sleep(OUTAGE_MS);
      const waiting = waited();
      const after = memory();
      const { flushes } = subject;
      return {
        events,
        accepting,
        waiting,
        heap: after.heapUsed - before.heapUsed,
        external: after.external - before.external,
        flushes: { count: flushes.length, longest: Math.max(0, ...flushes) },
        stop: subject.stop(),
      };
    });
  });
}

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage();
}

/** What it costs to take one event, with nothing to 400 and with 9,600 to 10,000 events before it; the two take turns. */
async function measureAccepting(): Promise<AcceptFigures> {
  return withListeners(1, 'never answer', async ({ urls }) => {
    const empty: number[] = [];
    const full: number[] = [];
    await withForwarder(urls, ATTEMPT_MS, async (forwarder) => {
      for (let round = 0; round < ACCEPT_ROUNDS + ACCEPT_WARMUP_ROUNDS; round += 1) {
        const emptied = await timeAccepting(forwarder);
        const before = Array.from({ length: FULL - ACCEPT_EVENTS }, forwarder.take);
        const filled = await timeAccepting(forwarder);
        before.forEach(forwarder.drop);
        if (round < ACCEPT_WARMUP_ROUNDS) continue;
        empty.push(...emptied);
        full.push(...filled);
      }
    });
    return { empty: summary(empty), full: summary(full) };
  });
}

/** What is taken is dropped again afterwards. */
async function timeAccepting(forwarder: ForwarderSubject): Promise<number[]> {
  globalThis.gc?.();
  await setImmediate();
  const ids: string[] = [];
  const times: number[] = [];
  for (let index = 0; index < ACCEPT_EVENTS; index += 1) {
    const began = performance.now();
    const id = forwarder.take();
    times.push((performance.now() - began) * 1000);
    ids.push(id);
  }
  ids.forEach(forwarder.drop);
  return times;
}

/** @param times in microseconds */
function summary(times: readonly number[]): { p50: number; mean: number } {
  const nanoseconds = createHistogram();
  for (const time of times) nanoseconds.record(Math.max(1, Math.round(time * 1000)));
  return { p50: nanoseconds.percentile(50) / 1000, mean: nanoseconds.mean / 1000 };
}

async function withListeners<Result>(
  count: number,
  manner: Manner,
  act: (listeners: ListenerProcess) => Promise<Result>,
): Promise<Result> {
  const listeners = await startListeners(count, manner);
  try {
    return await act(listeners);
  } finally {
    listeners.stop();
  }
}

async function withForwarder<Result>(
  urls: readonly string[],
  timeoutMs: number,
  act: (forwarder: ForwarderSubject) => Promise<Result>,
  retries?: RetrySettings,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-bench-'));
  const forwarder = createForwarderSubject(folder, urls, timeoutMs, retries);
  try {
    return await act(forwarder);
  } finally {
    forwarder.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What one process measures. */
export type MeasurementOrders =
  | { readonly what: 'rate'; readonly targets: number }
  | { readonly what: 'errors' }
  | { readonly what: 'outage'; readonly events: number }
  | { readonly what: 'accepting' };

function measure(orders: MeasurementOrders): Promise<unknown> {
  if (orders.what === 'rate') return eventsPerSecond(Math.ceil(DELIVERIES / orders.targets), orders.targets, 'answer');
  // With the waits of an installation.
  if (orders.what === 'errors') return eventsPerSecond(ERROR_EVENTS, 1, 'fail one in ten', DEFAULT_RETRIES);
  return orders.what === 'outage' ? measureOutage(orders.events) : measureAccepting();
}

if (isProgram(import.meta.url)) tellParent({ result: await measure(ordersOf()) });
