import type { Log } from '../../platform/log.ts';
import { eachWaiting } from './each-waiting.ts';
import type { LaneSurroundings } from './lane.ts';
import type { LaneQueue } from './lane-queue.ts';
import { createOutcomes } from './outcomes.ts';
import { SLICE_MS } from './scheduler.ts';
import { DEFAULT_WORDING, type Wording } from './wording.ts';

/** The queue of a target that was removed, on its way to the dead letters. */
export interface Departure {
  readonly queue: LaneQueue;
  start(): void;
  /** Gives up on one event for want of room. */
  lose(seq: number, reason: string): void;
  /** Ends it early: what is left of the queue stays one, for a target of that name that has come back or the next start. */
  halt(): void;
}

/** Says that a target was removed, and what becomes of its events where some wait. */
export function tellOfRemoval({ name: target, length: waiting }: LaneQueue, log: Log, wording: Wording): void {
  if (waiting === 0) log.info('A target of the forwarding was removed.', { target });
  else {
    log.warn(`A target of the forwarding was removed: its events become dead letters, ${wording.afterRemoval}.`, {
      target,
      waiting,
    });
  }
}

const MAX_A_TURN = 50;
/** One tick of the game. */
const BETWEEN_TURNS_MS = 50;

/** @param done called when nothing of the lane is left in the store but its dead letters */
export function createDeparture(queue: LaneQueue, surroundings: LaneSurroundings, done: () => void): Departure {
  const { scheduler, clock, log, wording = DEFAULT_WORDING } = surroundings;
  const outcomes = createOutcomes({ ...surroundings, wording, queue });
  const task = scheduler.task(turn);

  function turn() {
    const began = clock.monotonic();
    let buried = 0;
    for (const item of eachWaiting(queue)) {
      if (buried >= MAX_A_TURN || clock.monotonic() - began > SLICE_MS) return task.at(began + BETWEEN_TURNS_MS);
      outcomes.bury(item, 'target removed');
      buried += 1;
    }
    scheduler.remove(task);
    queue.forget();
    done();
  }

  return {
    queue,
    start() {
      tellOfRemoval(queue, log, wording);
      task.at(clock.monotonic());
    },
    lose(seq, reason) {
      const item = queue.find(seq);
      if (item !== null) outcomes.lose(item, reason);
    },
    halt: () => scheduler.remove(task),
  };
}
