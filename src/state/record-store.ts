import { type AgeOrder, createAgeOrder } from './age-order.ts';
import type { Change } from './records.ts';

/** Where records of one kind are kept: how many, and for how long. */
export interface Shelf {
  /** Beyond it the record that was changed longest ago is dropped. */
  readonly most: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** What the age counts from: the last change, or when the record came to this shelf. */
  readonly ageFrom: 'change' | 'arrival';
}

/** What a change did to a record; undefined stands for there being none. */
export interface Applied<Record> {
  readonly id: number;
  readonly before: Record | undefined;
  readonly after: Record | undefined;
}

/** Records by id, none of which stays for ever. Constant time, whatever their number. */
export interface RecordStore<Name extends string, Record> {
  get(id: number): Record | undefined;
  apply(change: Change<Record>, now: number): Applied<Record>;
  /** Drops what is too old. */
  purge(now: number): void;
  /** @returns milliseconds from what its age counts from (`ageFrom`) till now; undefined when there is no such record */
  ageOf(id: number, now: number): number | undefined;
  /** @returns the records of one shelf, in the order in which they came */
  on(shelf: Name): Iterable<Record>;
}

interface Kept<Record> {
  readonly records: Map<number, Record>;
  readonly ages: AgeOrder;
}

/**
 * @param shelves by name
 * @param shelfOf on which of them a record belongs
 * @param dropped is told of each record that was too old or one too many
 */
export function createRecordStore<Name extends string, Record>(
  shelves: Readonly<{ [Each in Name]: Shelf }>,
  shelfOf: (record: Record) => Name,
  dropped: (id: number) => void = () => {},
): RecordStore<Name, Record> {
  const names = Object.keys(shelves) as Name[];
  const empty = (): Kept<Record> => ({ records: new Map(), ages: createAgeOrder() });
  const kept = Object.fromEntries(names.map((name) => [name, empty()])) as {
    readonly [Each in Name]: Kept<Record>;
  };
  const places = new Map<number, Name>();

  function remove(id: number): void {
    const place = places.get(id);
    if (place === undefined) return;
    places.delete(id);
    kept[place].records.delete(id);
    kept[place].ages.delete(id);
  }

  function put(id: number, record: Record, now: number): void {
    const name = shelfOf(record);
    if (places.get(id) !== name) remove(id);
    places.set(id, name);
    const { records, ages } = kept[name];
    records.set(id, record);
    if (shelves[name].ageFrom === 'arrival' && ages.get(id) !== undefined) return;
    ages.set(id, now);
  }

  function purge(now: number): void {
    for (const name of names) {
      const { most, maxAge } = shelves[name];
      const { ages } = kept[name];
      for (let oldest = ages.oldest(); oldest !== undefined; oldest = ages.oldest()) {
        if (ages.size <= most && now - oldest.since < maxAge) break;
        remove(oldest.id);
        dropped(oldest.id);
      }
    }
  }

  const get = (id: number) => {
    const place = places.get(id);
    return place === undefined ? undefined : kept[place].records.get(id);
  };

  return {
    get,
    purge,
    apply({ id, next }, now) {
      const before = get(id);
      const after = next(before);
      if (after === undefined) remove(id);
      else put(id, after, now);
      purge(now);
      return { id, before, after };
    },
    ageOf(id, now) {
      const place = places.get(id);
      const since = place === undefined ? undefined : kept[place].ages.get(id);
      return since === undefined ? undefined : now - since;
    },
    on: (shelf) => kept[shelf].records.values(),
  };
}
