import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { EventRecord } from '../outbox/event-record.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { QueueItem } from './queue-item.ts';
import type { Wording } from './wording.ts';

/** The ways in which an event leaves a lane; each is taken exactly once. */
export interface Outcomes {
  /** @param confirmed false for a listener that never answers */
  deliver(item: QueueItem, confirmed: boolean): void;
  unwanted(item: QueueItem): void;
  /** Makes it a dead letter. */
  bury(item: QueueItem, reason: string): void;
  lose(item: QueueItem, reason: string): void;
  drop(item: QueueItem): void;
  /** Reads an event that is to be sent. @returns null when it cannot be read, and then it has left the lane */
  read(item: QueueItem): EventRecord | null;
}

export interface OutcomesOptions {
  readonly queue: LaneQueue;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly log: Log;
  readonly wording: Pick<Wording, 'afterGivingUp'>;
}

export function createOutcomes({ queue, outbox, deadLetters, clock, log, wording }: OutcomesOptions): Outcomes {
  function lose(item: QueueItem, reason: string): void {
    queue.settle(item, 'lost');
    log.error('An event is lost to a target.', {
      id: item.event.id,
      target: queue.name,
      reason,
      lost: queue.counts.lost,
    });
  }

  function read(item: QueueItem): EventRecord | null {
    const result = outbox.load(item.event);
    if (result.kind === 'readable') return result.record;
    if (result.kind === 'newer') queue.leave(item);
    else lose(item, 'it could not be read from the store');
    return null;
  }

  return {
    deliver(item, confirmed) {
      if (!confirmed) queue.counts.unconfirmed += 1;
      queue.settle(item, 'delivered');
    },
    unwanted: (item) => queue.settle(item, 'unwanted'),
    bury(item, reason) {
      const record = read(item);
      if (record === null) return;
      const { event, attempts } = item;
      // Stored before the lane is done with the event: a process that dies in between has it twice rather than not at all.
      deadLetters.bury(queue.name, event, record, { reason, at: clock.now(), attempts });
      queue.settle(item, 'deadLettered');
      log.warn(`An event was given up on; ${wording.afterGivingUp}.`, {
        id: event.id,
        type: record.type,
        target: queue.name,
        reason,
        attempts,
      });
    },
    lose,
    drop: (item) => queue.settle(item, 'dropped'),
    read,
  };
}
