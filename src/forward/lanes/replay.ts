import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { DeadLetterKey } from '../outbox/store-keys.ts';
import type { Lane } from './lane.ts';
import { type Scheduler, SLICE_MS } from './scheduler.ts';

/** Sends dead letters again. */
export interface Replay {
  /**
   * @param id of the event, or `all`
   * @param target where they go; without it each goes where it was to go. With it and `all`, those of removed targets go too
   * @returns how many are sent again, over the next moments
   */
  start(id: string, target?: string): number;
}

export interface ReplayOptions {
  readonly deadLetters: DeadLetters;
  readonly outbox: Outbox;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  lane(target: string): Lane | undefined;
}

export function createReplay({ deadLetters, outbox, scheduler, clock, log, lane }: ReplayOptions): Replay {
  let jobs: { readonly letter: DeadLetterKey; readonly to: string }[] = [];
  const task = scheduler.task(work);

  /** Each is a read and two writes, so that thousands take a while: a few milliseconds at a time. */
  function work(): void {
    const began = clock.monotonic();
    let done = 0;
    for (const { letter, to } of jobs) {
      if (done > 0 && clock.monotonic() - began > SLICE_MS) break;
      done += 1;
      replayOne(letter, to);
    }
    jobs = jobs.slice(done);
    if (jobs.length > 0) task.at(clock.monotonic());
  }

  function replayOne(letter: DeadLetterKey, to: string): void {
    const destination = lane(to);
    // Both may have gone since the operator asked.
    if (destination === undefined || deadLetters.find(letter.target, letter.seq) !== letter) return;
    const read = deadLetters.load(letter);
    if (read.kind !== 'readable') {
      log.warn('A dead letter cannot be read and is left as it is.', { id: letter.id, target: letter.target });
      return;
    }
    const record = { ...read.record, queuedAt: clock.now(), replay: true, dead: undefined };
    const event = outbox.add(record, letter.id, [destination.queue.slot]);
    deadLetters.remove(letter);
    destination.push(event);
  }

  function destinationOf(letter: DeadLetterKey, id: string, target: string | undefined): string | null {
    if (target === undefined) return lane(letter.target) === undefined ? null : letter.target;
    if (letter.target === target) return target;
    // Somebody else's is sent there when it was asked for by its id, or has no target of its own any more.
    return id !== 'all' || lane(letter.target) === undefined ? target : null;
  }

  return {
    start(id, target) {
      if (target !== undefined && lane(target) === undefined) return 0;
      const wanted = deadLetters.list().filter((letter) => id === 'all' || letter.id === id);
      const own = wanted.filter((letter) => letter.target === target);
      // One event can be a dead letter of several targets: a named one gets it once.
      const letters = id !== 'all' && target !== undefined ? (own.length > 0 ? own : wanted.slice(0, 1)) : wanted;
      let count = 0;
      for (const letter of letters) {
        const to = destinationOf(letter, id, target);
        if (to === null) continue;
        jobs.push({ letter, to });
        count += 1;
      }
      task.at(clock.monotonic());
      return count;
    },
  };
}
