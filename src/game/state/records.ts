import type { PushEventData } from '../../events/catalogue/catalogue.ts';

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

/** Ids in the order of their age. Each call takes constant time. */
export interface AgeOrder {
  readonly size: number;
  /** @returns from when the age of an id counts; undefined when it has none */
  get(id: number): number | undefined;
  /** Makes an id the youngest. @param since milliseconds, not before those of any other */
  set(id: number, since: number): void;
  delete(id: number): void;
  oldest(): { readonly id: number; readonly since: number } | undefined;
}

interface Link {
  readonly id: number;
  since: number;
  older: Link | undefined;
  younger: Link | undefined;
}

/**
 * A linked list. A Map that ids are deleted from and put into again has the order too, but its iterators pass over what was deleted
 * before the oldest id, one by one: with 10,000 records that are changed one after the other that is most of what an event costs.
 */
export function createAgeOrder(): AgeOrder {
  const links = new Map<number, Link>();
  let oldest: Link | undefined;
  let youngest: Link | undefined;

  function unlink({ older, younger }: Link): void {
    if (older === undefined) oldest = younger;
    else older.younger = younger;
    if (younger === undefined) youngest = older;
    else younger.older = older;
  }

  function append(link: Link): void {
    link.older = youngest;
    link.younger = undefined;
    if (youngest === undefined) oldest = link;
    else youngest.younger = link;
    youngest = link;
  }

  return {
    get size() {
      return links.size;
    },
    get: (id) => links.get(id)?.since,
    set(id, since) {
      const known = links.get(id);
      if (known === undefined) {
        const link: Link = { id, since, older: undefined, younger: undefined };
        links.set(id, link);
        append(link);
        return;
      }
      known.since = since;
      if (known === youngest) return;
      unlink(known);
      append(known);
    },
    delete(id) {
      const link = links.get(id);
      if (link === undefined) return;
      links.delete(id);
      unlink(link);
    },
    oldest: () => oldest,
  };
}

export type Unit = PushEventData<'EVENT_UNIT_LOGIN'>['unit'];
/** What one event says about a unit. */
export type UnitChange = PushEventData<'EVENT_UNIT_UPDATE'>['units'][number];
export type DispatchCall = PushEventData<'EVENT_DISPATCH_NEW'>['dispatch'];
export type EmergencyCall = PushEventData<'EVENT_911'>['call'];

/** A dispatch call as scripts made for the official resource know it; the type of what happened to it last. */
export interface CallEntry {
  readonly dispatch_type: 'CALL_NEW' | 'CALL_EDIT' | 'CALL_CLOSE';
  readonly dispatch: DispatchCall;
}

/** A unit; or what events said about one that nobody has introduced yet, which is shown to nobody. */
export type UnitRecord =
  | { readonly known: true; readonly unit: Unit /** Milliseconds, monotonic: its login. */; readonly since: number }
  | { readonly known: false; readonly unit: UnitChange };

/** A dispatch call; or what events said about one that nobody has introduced yet, which is shown to nobody. */
export type CallRecord =
  | {
      readonly known: true;
      readonly entry: CallEntry;
      readonly closed: boolean;
    }
  | { readonly known: false; readonly idents: readonly number[]; readonly notes: DispatchCall['notes'] };

/** What an event does to one record: undefined stands for there being none. */
export interface Change<Record> {
  readonly id: number;
  next(before: Record | undefined): Record | undefined;
}
