import { createHistogram, performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_RETRIES } from '../../../src/forward/queues/pace.ts';
import { isProgram } from '../../is-program.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { type Manner, type OutageLengths, startListeners } from './listeners.ts';
import { watchStretches } from './stretches.ts';
import { createForwarderSubject, type ForwarderSubject } from './subjects.ts';

const FULL = 10_000;
const DELIVERIES = 6_000;
/** With one error in ten. */
const ERROR_EVENTS = 1_000;
/** To a listener that never answers. */
const UNANSWERED_EVENTS = 150;
const ATTEMPT_MS = 10_000;
/** Attempts at black holes end soon, so that there is something to do. */
const SHORT_ATTEMPT_MS = 1_000;
/** Several attempts are made at each target and given up on. */
const OUTAGE_MS = 8_000;
const OUTAGE_LENGTHS: OutageLengths = [5_000, 60_000];
/** While listeners are down. */
const EVENT_EVERY_MS = 500;
const ACCEPT_ROUNDS = 5;
const ACCEPT_WARMUP_ROUNDS = 2;
const ACCEPT_EVENTS = 400;

/** What one process measures. Its listeners end with it, and the process that asked for it deletes the folder of its database. */
export interface MeasurementOrders {
  readonly what: keyof typeof measurements;
  readonly targets: number;
  readonly folder: string;
}

const measurements = {
  rate: (orders: MeasurementOrders) => eventsPerSecond(orders, Math.ceil(DELIVERIES / orders.targets), 'answer'),
  /** With the waits of an installation. */
  errors: (orders: MeasurementOrders) => eventsPerSecond(orders, ERROR_EVENTS, 'fail one in ten', DEFAULT_RETRIES),
  unanswered: measureUnanswered,
  return: measureReturn,
  outage: measureOutage,
  accepting: measureAccepting,
};

/** @returns events a second until all targets had all of them */
async function eventsPerSecond(
  { targets, folder }: MeasurementOrders,
  events: number,
  manner: Manner,
  retries?: typeof DEFAULT_RETRIES,
): Promise<number> {
  const { urls, take } = await startListeners(targets, manner);
  const subject = createForwarderSubject(folder, urls, ATTEMPT_MS, retries);
  // Both at once, so that it ends with the process of the listeners and not only after the last event.
  const run = (count: number) => Promise.all([take(count * targets), feed(subject, count)]);
  await run(50);
  const began = performance.now();
  await run(events);
  return events / ((performance.now() - began) / 1000);
}

/** Events to a listener as the CAD documents it, which takes them and never answers. */
async function measureUnanswered({ targets, folder }: MeasurementOrders) {
  const { urls, take } = await startListeners(targets, 'as documented');
  // The first attempt has to time out before the listener counts as one that never answers.
  const subject = createForwarderSubject(folder, urls, SHORT_ATTEMPT_MS);
  const run = async (count: number) => (await Promise.all([take(count * targets), feed(subject, count)]))[0];
  await run(2);
  const began = performance.now();
  const { outOfOrder } = await run(UNANSWERED_EVENTS);
  return { rate: UNANSWERED_EVENTS / ((performance.now() - began) / 1000), outOfOrder, events: UNANSWERED_EVENTS };
}

export type UnansweredFigures = Awaited<ReturnType<typeof measureUnanswered>>;

/** @returns milliseconds from listening again to the first event of each target, after outages of random length */
async function measureReturn({ targets, folder }: MeasurementOrders): Promise<readonly number[]> {
  const { urls, take, interrupt } = await startListeners(targets, 'answer');
  const subject = createForwarderSubject(folder, urls, ATTEMPT_MS, DEFAULT_RETRIES);
  await Promise.all([take(10 * targets), feed(subject, 10)]);
  const events = setInterval(subject.take, EVENT_EVERY_MS);
  const { untilFirstEvent } = await interrupt(OUTAGE_LENGTHS);
  clearInterval(events);
  return untilFirstEvent;
}

/** One event for each pass of the loop: an event is a request, and requests come one by one. */
async function feed(subject: ForwarderSubject, events: number): Promise<void> {
  for (let index = 0; index < events; index += 1) {
    subject.take();
    await setImmediate();
  }
}

/** Targets that take requests and never answer, while the events pile up. */
async function measureOutage({ targets, folder }: MeasurementOrders) {
  const { urls } = await startListeners(targets, 'never answer');
  const subject = createForwarderSubject(folder, urls, SHORT_ATTEMPT_MS);
  const { flushes } = subject;
  // What is loaded and compiled with the first events is not what an outage costs.
  await feed(subject, 10);
  await sleep(200);
  const before = memory();
  const accepted = watchStretches(flushes);
  await feed(subject, FULL - 10);
  const accepting = accepted();
  const waited = watchStretches(flushes);
  await sleep(OUTAGE_MS);
  const waiting = waited();
  const after = memory();
  return {
    events: FULL,
    /** While they came in as fast as they could. */
    accepting,
    /** While all of them waited. */
    waiting,
    /** Bytes that the heap, and what is outside of it, have grown by. */
    heap: after.heapUsed - before.heapUsed,
    external: after.external - before.external,
    /** Milliseconds. */
    flushes: { count: flushes.length, longest: Math.max(0, ...flushes) },
    /** Milliseconds to stop, everything put back. */
    stop: subject.stop(),
  };
}

export type OutageFigures = Awaited<ReturnType<typeof measureOutage>>;

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage();
}

/** What it costs to take one event, with nothing to 400 and with 9,600 to 10,000 events before it; the two take turns. */
async function measureAccepting({ targets, folder }: MeasurementOrders) {
  const { urls } = await startListeners(targets, 'never answer');
  const subject = createForwarderSubject(folder, urls, ATTEMPT_MS);
  const [empty, full] = [createHistogram(), createHistogram()];
  for (let round = 0; round < ACCEPT_ROUNDS + ACCEPT_WARMUP_ROUNDS; round += 1) {
    if (round === ACCEPT_WARMUP_ROUNDS) for (const times of [empty, full]) times.reset();
    await timeAccepting(subject, empty);
    const before = Array.from({ length: FULL - ACCEPT_EVENTS }, subject.take);
    await timeAccepting(subject, full);
    for (const id of before) subject.drop(id);
  }
  const microseconds = (times: typeof empty) => ({ p50: times.percentile(50) / 1000, mean: times.mean / 1000 });
  return { empty: microseconds(empty), full: microseconds(full) };
}

export type AcceptFigures = Awaited<ReturnType<typeof measureAccepting>>;

/** What is taken is dropped again afterwards. @param nanoseconds gets what each event took */
async function timeAccepting(subject: ForwarderSubject, nanoseconds: ReturnType<typeof createHistogram>) {
  globalThis.gc?.();
  await setImmediate();
  const ids: string[] = [];
  for (let index = 0; index < ACCEPT_EVENTS; index += 1) {
    const began = performance.now();
    ids.push(subject.take());
    nanoseconds.record(Math.max(1, Math.round((performance.now() - began) * 1e6)));
  }
  for (const id of ids) subject.drop(id);
}

if (isProgram(import.meta.url)) {
  const orders = ordersOf<MeasurementOrders>();
  tellParent({ result: await measurements[orders.what](orders) });
}
