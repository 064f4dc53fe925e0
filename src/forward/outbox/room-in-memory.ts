import type { Log } from '../../platform/log.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { DeadLetters } from './dead-letters.ts';
import { parseDeadLetterKey, parseEventKey } from './store-keys.ts';

/** Whoever can give up on an event. */
export interface EventLoser {
  lose(seq: number, reason: string): void;
}

const REASON = 'the database is broken and memory is full';

/** With a broken store, memory takes 1,000 events or 8 MiB: the oldest dead letters go first, then the oldest events. */
export function makeRoomInMemory(store: CheckedStore, deadLetters: DeadLetters, lanes: EventLoser, log: Log): void {
  while (store.isOverfull) {
    const key = store.oldestInMemory('d/') ?? store.oldestInMemory('o/');
    if (key === null) return;
    const letter = parseDeadLetterKey(key);
    const event = parseEventKey(key);
    if (letter !== null) {
      deadLetters.remove(letter);
      log.error('A dead letter is lost.', { id: letter.id, target: letter.target, reason: REASON });
    }
    if (event !== null) lanes.lose(event.seq, REASON);
    // Nobody may owe it any more, and room has to be made in any case.
    store.delete(key);
  }
}
