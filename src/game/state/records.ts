import { isDeepStrictEqual } from 'node:util';

/** Records at one stage of their life, such as open or closed calls: how many are kept, and for how long. */
interface Stage {
  /** Beyond it the record that was changed longest ago is dropped. */
  readonly most: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** What the age counts from: the last change, or when the record came to this stage. */
  readonly ageFrom: 'change' | 'arrival';
}

/** What is to become of one record; undefined stands for there being none. */
export interface Change<Record> {
  readonly id: number;
  next(before: Record | undefined): Record | undefined;
}

/** @returns what becomes of a record; the very same one when nothing about it changes */
export function changed<Record>({ next }: Change<Record>, before: Record | undefined): Record | undefined {
  const after = next(before);
  return isDeepStrictEqual(before, after) ? before : after;
}

/** What a change did to a record: nothing when both are the same one. */
export interface Applied<Record> {
  readonly id: number;
  readonly before: Record | undefined;
  readonly after: Record | undefined;
}

/**
 * Records by id, none of which stays for ever. Each call takes constant time, whatever their number.
 *
 * @param stages by name
 * @param stageOf at which of them a record is
 * @param dropped gets the id of each record that was too old or one too many
 */
export function createRecordStore<Name extends string, Record>(
  stages: Readonly<{ [Each in Name]: Stage }>,
  stageOf: (record: Record) => Name,
  dropped: (id: number) => void = () => {},
) {
  const keep = (stage: Stage) => ({ ...stage, records: new Map<number, Record>(), ages: createAgeOrder() });
  type Kept = ReturnType<typeof keep>;
  const kept = new Map(Object.entries<Stage>(stages).map(([name, stage]) => [name as Name, keep(stage)]));
  const places = new Map<number, Kept>();

  function remove(id: number): void {
    const place = places.get(id);
    if (place === undefined) return;
    places.delete(id);
    place.records.delete(id);
    place.ages.delete(id);
  }

  function put(id: number, record: Record, now: number): void {
    const place = kept.get(stageOf(record)) as Kept;
    if (places.get(id) !== place) remove(id);
    places.set(id, place);
    place.records.set(id, record);
    if (place.ageFrom === 'change' || place.ages.get(id) === undefined) place.ages.set(id, now);
  }

  /** Drops what is too old. */
  function purge(now: number): void {
    for (const { most, maxAge, ages } of kept.values()) {
      for (let oldest = ages.oldest(); oldest !== undefined; oldest = ages.oldest()) {
        if (ages.size <= most && now - oldest.since < maxAge) break;
        remove(oldest.id);
        dropped(oldest.id);
      }
    }
  }

  const get = (id: number): Record | undefined => places.get(id)?.records.get(id);

  return {
    get,
    purge,
    apply(change: Change<Record>, now: number): Applied<Record> {
      const { id } = change;
      const before = get(id);
      const after = changed(change, before);
      if (after === undefined) remove(id);
      else put(id, after, now);
      purge(now);
      return { id, before, after };
    },
    /** @returns milliseconds from what its age counts from (`ageFrom`) till now; undefined when there is no such record */
    ageOf(id: number, now: number): number | undefined {
      const since = places.get(id)?.ages.get(id);
      return since === undefined ? undefined : now - since;
    },
    /** @returns the records at one stage, in the order in which they came to it */
    at: (stage: Name): Iterable<Record> => kept.get(stage)?.records.values() ?? [],
  };
}

interface Link {
  readonly id: number;
  since: number;
  older: Link | undefined;
  younger: Link | undefined;
}

/**
 * Ids in the order of their age, as a linked list. Each call takes constant time. A Map that ids are deleted from and put into
 * again has the order too, but its iterators step over each deleted id before the oldest one: with 10,000 records that are changed
 * one after the other, that is most of what an event costs.
 */
export function createAgeOrder() {
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
    get size(): number {
      return links.size;
    },
    /** @returns from when the age of an id counts; undefined when it has none */
    get: (id: number): number | undefined => links.get(id)?.since,
    /** Makes an id the youngest. @param since milliseconds, not before those of any other */
    set(id: number, since: number): void {
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
    delete(id: number): void {
      const link = links.get(id);
      if (link === undefined) return;
      links.delete(id);
      unlink(link);
    },
    oldest: (): Readonly<Pick<Link, 'id' | 'since'>> | undefined => oldest,
  };
}
