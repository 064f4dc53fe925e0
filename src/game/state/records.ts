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
 * Records by id, none of which stays for ever. A change takes the same time, whatever their number.
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
  /** `ages`: from when each age counts, the oldest first. Nothing is too old before `nothingUntil`. */
  const keep = (stage: Stage) => ({
    ...stage,
    records: new Map<number, Record>(),
    ages: new Map<number, number>(),
    nothingUntil: Number.NEGATIVE_INFINITY,
  });
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
    if (place.ageFrom === 'change') place.ages.delete(id);
    else if (place.ages.has(id)) return;
    place.ages.set(id, now);
  }

  /** Drops what is too old. */
  function purge(now: number): void {
    for (const place of kept.values()) {
      const { most, maxAge, ages } = place;
      // A Map's iterator steps over all that was deleted before the oldest, so that it is not asked each time.
      if (ages.size <= most && now < place.nothingUntil) continue;
      place.nothingUntil = now + maxAge;
      for (const [id, since] of ages) {
        place.nothingUntil = since + maxAge;
        if (ages.size <= most && now < place.nothingUntil) break;
        remove(id);
        dropped(id);
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
