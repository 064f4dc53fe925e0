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
  /** @returns the records of one shelf, in the order in which they came */
  on(shelf: Name): Iterable<Record>;
}

interface Kept<Record> {
  readonly records: Map<number, Record>;
  /** By id, in order of age. */
  readonly ages: Map<number, number>;
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
  const kept = Object.fromEntries(names.map((name) => [name, { records: new Map(), ages: new Map() }])) as unknown as {
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
    if (shelves[name].ageFrom === 'arrival' && ages.has(id)) return;
    ages.delete(id);
    ages.set(id, now);
  }

  function purge(now: number): void {
    for (const name of names) {
      const { most, maxAge } = shelves[name];
      const { ages } = kept[name];
      for (const [id, age] of ages) {
        if (ages.size <= most && now - age < maxAge) break;
        remove(id);
        dropped(id);
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
    on: (shelf) => kept[shelf].records.values(),
  };
}
