import type { Target } from '../delivery.ts';
import { type FoundLane, freeSlot } from '../outbox/find-lanes.ts';
import type { LaneRecord } from '../outbox/lane-record.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { MAX_TARGETS } from '../targets/resolve-targets.ts';
import { hashAddress } from '../targets/target-addresses.ts';
import { createDeparture, type Departure, tellOfRemoval } from './departure.ts';
import { createLane, type Lane, type LaneSurroundings } from './lane.ts';
import { createLaneQueue, type LaneQueue, type RecoveredQueue } from './lane-queue.ts';
import { DEFAULT_WORDING } from './wording.ts';

/** The lanes of the targets that are configured, and those of removed targets that are being cleared. */
export interface LaneRegistry {
  get(target: string): Lane | undefined;
  all(): Iterable<Lane>;
  departing(): Iterable<Departure>;
  /** Puts what an earlier run left into its lanes, and lets all of them begin. */
  begin(queueOf: (slot: number) => RecoveredQueue): void;
  /** Makes the lanes those of other targets. */
  apply(targets: readonly Target[]): void;
  /** Gives up on one event, whoever owes it. */
  lose(seq: number, reason: string): void;
  /** Puts back what is under way and makes the store exact. */
  halt(): void;
}

export function createLaneRegistry(
  targets: readonly Target[],
  found: readonly FoundLane[],
  store: CheckedStore,
  surroundings: LaneSurroundings,
): LaneRegistry {
  const { outbox, log, wording = DEFAULT_WORDING } = surroundings;
  const lanes = new Map<string, Lane>();
  const departures = new Map<string, Departure>();
  let hasBegun = false;

  const queues = (): LaneQueue[] => [...lanes.values(), ...departures.values()].map(({ queue }) => queue);

  function openQueue(name: string, slot: number, record: LaneRecord): LaneQueue {
    return createLaneQueue({ name, slot, record, outbox, store });
  }

  /** A new lane owes nothing of what was stored before it, whoever had its slot then. */
  function newQueue(target: Target): LaneQueue | null {
    const slot = freeSlot(new Set(queues().map((queue) => queue.slot)));
    if (slot === null) return null;
    const record = { seq: outbox.lastSeq, answered: false, silent: false, address: hashAddress(target.url) };
    const queue = openQueue(target.name, slot, record);
    queue.saveFacts();
    return queue;
  }

  function add(target: Target, queue: LaneQueue | null): void {
    if (queue === null) {
      log.error(
        `A target of the forwarding is off until the events of removed ones are dead letters: ${wording.beginAnew} then.`,
        { target: target.name },
      );
      return;
    }
    const lane = createLane(target, queue, surroundings);
    lanes.set(target.name, lane);
    if (hasBegun) lane.start();
  }

  function depart(queue: LaneQueue) {
    // What an empty one holds up is its slot; before the beginning nobody knows whether it is empty.
    if (hasBegun && queue.length === 0) {
      tellOfRemoval(queue, log, wording);
      return queue.forget();
    }
    const departure = createDeparture(queue, surroundings, () => departures.delete(queue.name));
    departures.set(queue.name, departure);
    if (hasBegun) departure.start();
  }

  function allowed(wanted: readonly Target[]): readonly Target[] {
    if (wanted.length > MAX_TARGETS) {
      log.error(`There are too many targets to forward to, only the first ${MAX_TARGETS} are used.`, {
        targets: wanted.length,
      });
    }
    return wanted.slice(0, MAX_TARGETS);
  }

  function apply(wanted: readonly Target[]): void {
    const next = allowed(wanted);
    const names = new Set(next.map(({ name }) => name));
    for (const lane of [...lanes.values()]) {
      if (names.has(lane.queue.name)) continue;
      lane.halt();
      lanes.delete(lane.queue.name);
      depart(lane.queue);
    }
    for (const target of next) {
      const lane = lanes.get(target.name);
      const departure = departures.get(target.name);
      if (lane !== undefined) lane.retarget(target);
      else if (departure === undefined) add(target, newQueue(target));
      else {
        departure.halt();
        departures.delete(target.name);
        add(target, departure.queue);
      }
    }
  }

  // Whatever an earlier run left is on its way out, unless a target of its name takes it back.
  for (const { target, slot, record } of found) depart(openQueue(target, slot, record));
  apply(targets);

  return {
    get: (target) => lanes.get(target),
    all: () => lanes.values(),
    departing: () => departures.values(),
    begin(queueOf) {
      hasBegun = true;
      for (const queue of queues()) queue.adopt(queueOf(queue.slot));
      for (const lane of lanes.values()) lane.start();
      for (const departure of departures.values()) departure.start();
    },
    apply,
    lose(seq, reason) {
      for (const lane of lanes.values()) lane.lose(seq, reason);
      for (const departure of departures.values()) departure.lose(seq, reason);
    },
    halt() {
      for (const lane of lanes.values()) lane.halt();
      for (const departure of departures.values()) departure.halt();
      for (const queue of queues()) queue.persist();
    },
  };
}
