import type { LaneQueue } from './lane-queue.ts';
import type { QueueItem } from './queue-item.ts';

/**
 * The events of a lane that wait: the few that were set aside, then the others from the oldest on. The walk goes on only
 * while each of the others leaves the queue before the next is asked for.
 */
export function* eachWaiting(queue: LaneQueue): Generator<QueueItem, void, undefined> {
  for (const aside of [...queue.asides]) if (aside.state === 'waiting') yield aside;
  for (let head = queue.waiting(); head !== null; head = queue.waiting()) yield head;
}
