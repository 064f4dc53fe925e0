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

/** The records at one stage, and from when each record's age counts, the oldest first. */
class KeptStage<Record> {
  readonly stage: Stage;
  readonly records = new Map<number, Record>();
  readonly ages = new Map<number, number>();
  /** Before this moment no record is too old. */
  nothingUntil = Number.NEGATIVE_INFINITY;

  constructor(stage: Stage) {
    this.stage = stage;
  }
}

interface RecordStoreOptions<Name extends string, Record> {
  /** By name. */
  readonly stages: Readonly<{ [Each in Name]: Stage }>;
  /** At which of them a record is. */
  stageOf(record: Record): Name;
  /** Gets the id of each record that was too old or one too many. */
  dropped?(id: number): void;
}

/** Records by id, each with a limit of age and number. A change takes constant time, however many records there are. */
export class RecordStore<Name extends string, Record> {
  readonly #options: RecordStoreOptions<Name, Record>;
  readonly #kept: ReadonlyMap<Name, KeptStage<Record>>;
  readonly #places = new Map<number, KeptStage<Record>>();

  constructor(options: RecordStoreOptions<Name, Record>) {
    this.#options = options;
    const stages = Object.entries<Stage>(options.stages);
    this.#kept = new Map(stages.map(([name, stage]) => [name as Name, new KeptStage<Record>(stage)]));
  }

  get(id: number): Record | undefined {
    return this.#places.get(id)?.records.get(id);
  }

  apply(change: Change<Record>, now: number): Applied<Record> {
    const { id } = change;
    const before = this.get(id);
    const after = changed(change, before);
    if (after === undefined) this.#remove(id);
    else this.#put(id, after, now);
    this.purge(now);
    return { id, before, after };
  }

  /** Drops records that are too old. */
  purge(now: number): void {
    for (const place of this.#kept.values()) {
      const { stage, ages } = place;
      // Iterating from the start would step over everything that was deleted before the oldest record, each time.
      if (ages.size <= stage.most && now < place.nothingUntil) continue;
      place.nothingUntil = now + stage.maxAge;
      for (const [id, since] of ages) {
        place.nothingUntil = since + stage.maxAge;
        if (ages.size <= stage.most && now < place.nothingUntil) break;
        this.#remove(id);
        this.#options.dropped?.(id);
      }
    }
  }

  /** @returns milliseconds from what its age counts from (`ageFrom`) till now; undefined when there is no such record */
  ageOf(id: number, now: number): number | undefined {
    const since = this.#places.get(id)?.ages.get(id);
    return since === undefined ? undefined : now - since;
  }

  /** @returns the records at one stage, in the order in which they came to it */
  at(stage: Name): Iterable<Record> {
    return this.#kept.get(stage)?.records.values() ?? [];
  }

  #put(id: number, record: Record, now: number): void {
    const place = this.#kept.get(this.#options.stageOf(record)) as KeptStage<Record>;
    if (this.#places.get(id) !== place) this.#remove(id);
    this.#places.set(id, place);
    place.records.set(id, record);
    if (place.stage.ageFrom === 'change') place.ages.delete(id);
    else if (place.ages.has(id)) return;
    place.ages.set(id, now);
  }

  #remove(id: number): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    place.records.delete(id);
    place.ages.delete(id);
  }
}
