import { createKeyRing } from '../../src/events/api-keys.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import type { Attempt, Target } from '../../src/forward/delivery.ts';
import { DurableForwarder } from '../../src/forward/durable-forwarder.ts';
import type { RetrySettings } from '../../src/forward/queues/delivery-queue.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { type Behaviour, createScriptedTarget, createTarget, type ScriptedTarget } from './scripted-target.ts';

export const KEY = 'a-key-of-sixteen-letters';

export interface Bench {
  readonly clock: ManualClock;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly store: MemoryStore;
  readonly wire: ScriptedTarget;
  readonly forwarder: DurableForwarder;
  key: string;
  /** What the targets do. */
  behave: (attempt: Attempt, at: number) => Behaviour;
  /** Sets the wall clock on by so much. */
  jump(milliseconds: number): void;
  /** Takes in an event of that id. */
  enqueue(id: string, options?: { type?: string; body?: Buffer; hops?: number }): void;
  /** Stops the forwarder and starts one over the same store, after so long. */
  restart(options?: { readonly kill?: boolean; readonly targets?: readonly Target[]; readonly downMs?: number }): void;
  /** Lines of at least that gravity. */
  said(level: 'info' | 'warn' | 'error'): string[];
}

export interface BenchOptions {
  readonly targets?: readonly Target[];
  readonly store?: MemoryStore;
  readonly random?: () => number;
  readonly retries?: RetrySettings;
  readonly clock?: ManualClock;
}

/** A forwarder over a clock that stands still, a store in memory and targets that do as they are told. */
export function setUpBench(decide: (attempt: Attempt, at: number) => Behaviour, options: BenchOptions = {}): Bench {
  let jumped = 0;
  const still = options.clock ?? createManualClock();
  const clock: ManualClock = {
    ...still,
    now: () => still.now() + jumped,
    get waiting() {
      return still.waiting;
    },
  };
  const log = createRecordingLog();
  const store = options.store ?? createMemoryStore();
  const wire = createScriptedTarget(
    clock,
    (attempt, at) => bench.behave(attempt, at),
    () => store.changes.length,
  );
  let targets = options.targets ?? [createTarget()];
  const ring = createKeyRing([KEY]);
  const start = () =>
    new DurableForwarder({
      targets,
      store,
      send: wire.send,
      clock,
      log,
      currentKey: () => bench.key,
      keys: () => ring,
      random: options.random ?? (() => 0.5),
      ...(options.retries && { retries: options.retries }),
    });
  let forwarder: DurableForwarder;
  const bench: Bench = {
    clock,
    log,
    store,
    wire,
    key: KEY,
    behave: decide,
    jump(milliseconds) {
      jumped += milliseconds;
    },
    get forwarder() {
      return forwarder;
    },
    enqueue(id, { type = 'EVENT_911', body, hops } = {}) {
      const event = {
        id,
        type,
        data: {},
        receivedAt: clock.now(),
        source: 'http',
        valid: true,
      } as unknown as PushEvent;
      forwarder.enqueue(event, body ?? Buffer.from(JSON.stringify({ key: KEY, type, data: { id } })), hops);
    },
    restart({ kill = false, targets: next = targets, downMs = 0 } = {}) {
      // A killed process puts nothing back, but its sockets close all the same.
      const before = new Map(store.values);
      const { length } = store.changes;
      forwarder.stop();
      if (kill) {
        store.changes.length = length;
        store.values.clear();
        for (const [key, value] of before) store.values.set(key, value);
      }
      targets = next;
      clock.advance(downMs);
      forwarder = start();
    },
    said: (level) => log.lines.filter((line) => line.level === level).map(({ message }) => message),
  };
  forwarder = start();
  return bench;
}
