import type { CheckedStore } from '../stores/checked-store.ts';
import { type Death, type EventRecord, type ReadRecord, readRecord, writeRecord } from './event-record.ts';
import { type DeadLetterKey, deadLetterKey } from './store-keys.ts';

/** The events that were given up on, kept until somebody replays or drops them or room is needed. */
export interface DeadLetters {
  /** Takes up one that an earlier run left. */
  adopt(letter: DeadLetterKey): void;
  /** Stores an event as a dead letter of a target. */
  bury(target: string, event: { readonly seq: number; readonly id: string }, record: EventRecord, dead: Death): void;
  count(target: string): number;
  bytes(target: string): number;
  /** @returns those of one target or of all, oldest first within each */
  list(target?: string): DeadLetterKey[];
  find(target: string, seq: number): DeadLetterKey | null;
  load(letter: DeadLetterKey): ReadRecord;
  remove(letter: DeadLetterKey): void;
  /** Makes room. @returns what was dropped, null when there was nothing */
  dropOldest(target: string): DeadLetterKey | null;
  /** The targets that have any. */
  targets(): string[];
}

export function createDeadLetters(store: CheckedStore): DeadLetters {
  interface Shelf {
    readonly letters: Map<number, DeadLetterKey>;
    bytes: number;
  }
  const shelves = new Map<string, Shelf>();

  function shelve(letter: DeadLetterKey): void {
    const shelf = shelves.get(letter.target) ?? { letters: new Map(), bytes: 0 };
    shelves.set(letter.target, shelf);
    if (shelf.letters.has(letter.seq)) return;
    shelf.letters.set(letter.seq, letter);
    shelf.bytes += letter.size;
  }

  function remove(letter: DeadLetterKey): void {
    store.delete(deadLetterKey(letter));
    const shelf = shelves.get(letter.target);
    if (!shelf?.letters.delete(letter.seq)) return;
    shelf.bytes -= letter.size;
    if (shelf.letters.size === 0) shelves.delete(letter.target);
  }

  const lettersOf = (target: string): DeadLetterKey[] => [...(shelves.get(target)?.letters.values() ?? [])];

  return {
    adopt: shelve,
    bury(target, { seq, id }, record, dead) {
      const { value, size } = writeRecord({ ...record, dead });
      const letter = { target, seq, size, id };
      store.set(deadLetterKey(letter), value);
      shelve(letter);
    },
    count: (target) => shelves.get(target)?.letters.size ?? 0,
    bytes: (target) => shelves.get(target)?.bytes ?? 0,
    list: (target) => (target === undefined ? [...shelves.keys()].flatMap(lettersOf) : lettersOf(target)),
    find: (target, seq) => shelves.get(target)?.letters.get(seq) ?? null,
    load: (letter) => readRecord(store.get(deadLetterKey(letter)), letter.size),
    remove,
    dropOldest(target) {
      const [oldest] = shelves.get(target)?.letters.values() ?? [];
      if (oldest !== undefined) remove(oldest);
      return oldest ?? null;
    },
    targets: () => [...shelves.keys()],
  };
}
