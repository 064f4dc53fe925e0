import type { Clock } from '../platform/clock.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';
import type { Log } from '../platform/log.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import { reasonOf } from '../text/reason-of.ts';
import type { Send, Target } from './delivery.ts';
import { type DeadLetterInfo, type ForwardingStatus, listDeadLetters } from './forwarding-status.ts';
import { createExpiryGuard } from './lanes/expiry-guard.ts';
import { createLaneRegistry } from './lanes/lane-registry.ts';
import { createLoopGuard } from './lanes/loop-guard.ts';
import { createReplay } from './lanes/replay.ts';
import { DEFAULT_RETRIES, type RetrySettings } from './lanes/retry-waits.ts';
import { createScheduler, SLICE_MS } from './lanes/scheduler.ts';
import { DEFAULT_WORDING, type Wording } from './lanes/wording.ts';
import { createDeadLetters } from './outbox/dead-letters.ts';
import { findLanes } from './outbox/find-lanes.ts';
import { cutKeys } from './outbox/key-members.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createRecovery, nothingRecovered, type Recovery } from './outbox/recovery.ts';
import { makeRoomInMemory } from './outbox/room-in-memory.ts';
import { createCheckedStore } from './stores/checked-store.ts';
import { traceOf } from './trace-of.ts';

/** Sends events on to the targets, and loses none of those it has taken. */
export interface DurableForwarder {
  /**
   * Takes an event: stores it, in one write, for the targets that want it. Returns at once and never throws.
   *
   * @param rawBody the bytes as they were received, at most 1 MiB
   * @param hops the value of the hop header it came with, 0 without one
   * @param replay whether it came as the replay of another forwarder: its requests say so too, or receivers would drop it as a repeat
   */
  enqueue(event: PushEvent, rawBody: Uint8Array, hops?: number, replay?: boolean): void;
  status(): ForwardingStatus;
  /** @returns the newest dead letters, oldest first; of one target or of all. @param limit how many at most, 100 unless given */
  deadLetters(target?: string, limit?: number): DeadLetterInfo[];
  /**
   * Sends dead letters again, under their own webhook-ids.
   *
   * @param id of the event, or `all`
   * @param target where they go; without it each goes where it was to go. With it and `all`, those of removed targets go too
   * @returns how many are sent again
   */
  replay(id: string, target?: string): number;
  /** Drops dead letters and waiting events of that id. @returns how many there were */
  drop(id: string): number;
  /** Has a lane that waits or is parked try again at once. @returns whether there is such a target */
  retry(target: string): boolean;
  /** Takes other targets. What waits for a removed one becomes dead letters. */
  applyTargets(targets: readonly Target[]): void;
  /** Puts back what is under way, and flushes; nothing is sent any more. */
  stop(): void;
}

export interface DurableForwarderOptions {
  readonly targets: readonly Target[];
  readonly store: KeyValueStore;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  /** @returns the API key that listeners are to see */
  currentKey(): string;
  /** @returns a number from 0 to below 1 */
  random(): number;
  readonly retries?: RetrySettings;
  /** What lines say where it depends on what forwards; the resource's words unless given. */
  readonly wording?: Wording;
}

const RETRY_RECOVERY_MS = 1_000;

export function createDurableForwarder(options: DurableForwarderOptions): DurableForwarder {
  const { store, clock, log } = options;
  const scheduler = createScheduler(clock, log);
  const checked = createCheckedStore({ store, clock, scheduler, log });
  const found = findLanes(store, checked, log);
  if (found.kind === 'unusable') checked.detach(found.reason);
  const outbox = createOutbox({ store: checked, clock, log });
  const deadLetters = createDeadLetters(checked);
  const loops = createLoopGuard(clock, log, (options.wording ?? DEFAULT_WORDING).afterGivingUp);
  const surroundings = {
    ...options,
    outbox,
    deadLetters,
    scheduler,
    expiry: createExpiryGuard(clock, log),
    retries: options.retries ?? DEFAULT_RETRIES,
  };
  const foundLanes = found.kind === 'found' ? found.lanes : [];
  const recovering = { ...surroundings, store, checked, lanes: foundLanes };
  /** Null when there is nothing left to recover. */
  let recovery: Recovery | null = found.kind === 'found' ? createRecovery(recovering) : null;
  let queueOf: Recovery['queueOf'] = recovery?.queueOf ?? nothingRecovered;
  const recoveryTask = scheduler.task(recoverSome);
  if (!outbox.knowsLastSeq) walkToTheEnd();
  const lanes = createLaneRegistry(options.targets, foundLanes, checked, surroundings);
  const replay = createReplay({ ...surroundings, lane: lanes.get });
  let hasBegun = false;
  let stopped = false;
  if (recovery === null) begin();
  else recoveryTask.at(clock.monotonic());

  function begin() {
    hasBegun = true;
    lanes.begin(queueOf);
  }

  function recoverSome() {
    if (recovery === null) return;
    try {
      if (!recovery.run(SLICE_MS)) return recoveryTask.at(clock.monotonic());
    } catch (error) {
      return tryAgain(recovery, error);
    }
    recovery = null;
    begin();
  }

  /** All 64 handles of the game server can be in use; somebody gives one back, or nobody does. */
  function tryAgain(failed: Recovery, error: unknown) {
    failed.stop();
    log.error('The events that an earlier run left cannot be read yet; this is tried again each second.', {
      reason: reasonOf(error),
    });
    recovery = createRecovery(recovering);
    queueOf = recovery.queueOf;
    recoveryTask.at(clock.monotonic() + RETRY_RECOVERY_MS);
  }

  /** Without a word from the store on where to go on, nothing can be added before it was searched. */
  function walkToTheEnd(): void {
    if (recovery === null) return;
    try {
      recovery.run(Number.POSITIVE_INFINITY);
    } catch (error) {
      recovery.stop();
      checked.detach(reasonOf(error));
      queueOf = nothingRecovered;
    }
    recovery = null;
  }

  /** What operators ask for needs the whole store. */
  function settle(): void {
    while (recovery !== null && !stopped) {
      const before = recovery;
      recoverSome();
      if (recovery !== null && recovery !== before) return;
    }
  }

  function add(event: PushEvent, rawBody: Uint8Array, hops: number, replay: boolean): void {
    const wanted = [...lanes.all()].filter(({ target }) => target.wants(event.type));
    if (wanted.length === 0) return;
    const body = cutKeys(Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength));
    const { type, receivedAt } = event;
    const record = { type, receivedAt, queuedAt: clock.now(), hops, replay, body };
    const stopped = loops.check(event.id, body.bytes, hops);
    if (stopped === null) {
      const slots = wanted.map(({ queue }) => queue.slot);
      const stored = outbox.add(record, event.id, slots);
      for (const lane of wanted) lane.push(stored);
    } else {
      const refused = { seq: outbox.nextSeq(), id: event.id };
      for (const lane of wanted) lane.refuse(refused, record, stopped);
    }
    makeRoomInMemory(checked, deadLetters, lanes, log);
  }

  return {
    enqueue(event, rawBody, hops = 0, replay = false) {
      // What an operator simulates stays in the game.
      if (stopped || event.source === 'simulated') return;
      try {
        add(event, rawBody, hops, replay);
      } catch (error) {
        log.error('An event could not be taken for forwarding; please report it.', {
          id: event.id,
          reason: traceOf(error),
        });
      }
    },
    status() {
      const targets = [...lanes.all()].map((lane) => lane.status());
      const departing = [...lanes.departing()].map(({ queue }) => ({ target: queue.name, queued: queue.length }));
      const removed = deadLetters.targets().filter((target) => lanes.get(target) === undefined);
      return {
        recovering: !hasBegun,
        store: checked.status(),
        targets,
        leaving: departing,
        removed: removed.map((target) => ({ target, deadLetters: deadLetters.count(target) })),
        stoppedLoops: loops.stopped,
      };
    },
    deadLetters(target, limit = 100) {
      settle();
      return listDeadLetters(deadLetters, target, limit);
    },
    replay(id, target) {
      settle();
      return replay.start(id, target);
    },
    drop(id) {
      settle();
      const letters = deadLetters.list().filter((letter) => letter.id === id);
      letters.forEach(deadLetters.remove);
      return [...lanes.all()].reduce((count, lane) => count + lane.drop(id), letters.length);
    },
    retry(target) {
      const lane = lanes.get(target);
      lane?.retry();
      return lane !== undefined;
    },
    applyTargets: lanes.apply,
    stop() {
      if (stopped) return;
      stopped = true;
      recovery?.stop();
      if (hasBegun) lanes.halt();
      checked.stop();
      scheduler.stop();
    },
  };
}
