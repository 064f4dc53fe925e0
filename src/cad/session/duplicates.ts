import { isDeepStrictEqual } from 'node:util';
import { findEntry } from '../../events/catalogue/catalogue.ts';
import { bareIdentity } from '../../events/identity.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Clock } from '../../lib/clock.ts';

interface DuplicatesOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether a session is held or tried for: without one there is only one way. Asked for each event. */
  isNeeded(): boolean;
}

/** After a change so long, the CAD may send again by one way what it has sent by the other. */
const HAND_OVER_MS = 10_000;
const KEPT_MS = 2 * HAND_OVER_MS;
const MAX_KEPT = 1_000;
/** More than any event of the CAD is about. */
const MAX_SUBJECTS = 100;

/**
 * Types that say what is true of a unit or a call from now on: with nothing in between about either, a second one changes nothing.
 * All others are acts, which may well be done twice: a tone, a note, a page, a print, a callout.
 */
const REPEATABLE: ReadonlySet<string> = new Set<PushEvent['type']>([
  'EVENT_911',
  'EVENT_DISPATCH_CLOSED',
  'EVENT_DISPATCH_EDIT',
  'EVENT_DISPATCH_NEW',
  'EVENT_DISPATCH_TOGGLE_BODYCAM',
  'EVENT_DISPATCH_UNIT_ATTACH',
  'EVENT_DISPATCH_UNIT_DETACH',
  'EVENT_REMOVE_911',
  'EVENT_UNIT_GROUP_ADD',
  'EVENT_UNIT_GROUP_CHANGE_NAME',
  'EVENT_UNIT_GROUP_REMOVE',
  'EVENT_UNIT_LOGIN',
  'EVENT_UNIT_LOGOUT',
  'EVENT_UNIT_PANIC',
  'EVENT_UNIT_STATUS',
  'EVENT_UNIT_UPDATE',
]);

interface Copy {
  readonly received: ReceivedEvent;
  readonly at: number;
  /** Whom it is about: worked out only while a change is not long past. */
  subjects: readonly string[];
  /** As a first copy it cancels one repeat. */
  spent: boolean;
}

/**
 * Knows an event that the CAD sent a second time when it changed from one way to the other.
 *
 * An event is a duplicate only when it came by the other way than its first copy, within 10 s of a change of the connection, is of a
 * type that can be one, and nothing else about any of its units, calls or people came in between; each first copy cancels one.
 * An event in doubt is none. While no change is near, an event is only kept at hand. At most 1,000 of the last 20 s are kept.
 */
export class Duplicates {
  readonly #options: DuplicatesOptions;
  readonly #kept: Copy[] = [];
  /** While a change is not long past: the last event about each unit, call and person. A first copy is last about all of its own. */
  readonly #lastAbout = new Map<string, Copy>();
  #isIndexed = false;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(options: DuplicatesOptions) {
    this.#options = options;
  }

  /** To be told when the session with the CAD has come up, and when it was lost. */
  connectionChanged(): void {
    this.#changedAt = this.#options.clock.monotonic();
  }

  /**
   * Takes note of an event, and says whether it is to be dropped. To be asked once for each event that came in, in order, from either
   * way.
   */
  isDuplicate(received: ReceivedEvent): boolean {
    if (received.event.source === 'simulated') return false;
    if (!this.#options.isNeeded()) {
      this.#forgetAll();
      return false;
    }
    const now = this.#options.clock.monotonic();
    const kept = this.#kept;
    for (let [oldest] = kept; oldest !== undefined && now - oldest.at > KEPT_MS; [oldest] = kept) this.#forgetOldest();
    const copy: Copy = { received, at: now, subjects: [], spent: false };
    const isChangeNear = now - this.#changedAt <= HAND_OVER_MS;
    if (isChangeNear !== this.#isIndexed) this.#setIndexed(isChangeNear);
    if (isChangeNear) {
      this.#describe(copy);
      const first = this.#firstOf(copy);
      if (first !== null) {
        first.spent = true;
        return true;
      }
      this.#index(copy);
    }
    kept.push(copy);
    if (kept.length > MAX_KEPT) this.#forgetOldest();
    return false;
  }

  /** What came before it was switched off counts for nothing when it is switched on again. */
  #forgetAll(): void {
    if (this.#kept.length === 0) return;
    this.#kept.length = 0;
    this.#lastAbout.clear();
  }

  #forgetOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined || !this.#isIndexed) return;
    for (const subject of oldest.subjects) if (this.#lastAbout.get(subject) === oldest) this.#lastAbout.delete(subject);
  }

  #setIndexed(isIndexed: boolean): void {
    this.#lastAbout.clear();
    this.#isIndexed = isIndexed;
    if (!isIndexed) return;
    for (const earlier of this.#kept) {
      this.#describe(earlier);
      this.#index(earlier);
    }
  }

  #describe(copy: Copy): void {
    const subjects = eventSubjects(copy.received.event);
    // It may be about anything, so nothing before it is a first copy any more.
    if (subjects === null) this.#lastAbout.clear();
    copy.subjects = subjects ?? [];
  }

  #index(copy: Copy): void {
    for (const subject of copy.subjects) this.#lastAbout.set(subject, copy);
  }

  #firstOf({ subjects, received }: Copy): Copy | null {
    const [subject] = subjects;
    const first = subject === undefined ? undefined : this.#lastAbout.get(subject);
    if (first === undefined || first.spent || !REPEATABLE.has(received.event.type)) return null;
    if (first.received.event.source === received.event.source) return null;
    return subjects.every((other) => this.#lastAbout.get(other) === first) && saySame(first.received, received)
      ? first
      : null;
  }
}

/** In any order of members, and however the type was written. */
function saySame(one: ReceivedEvent, other: ReceivedEvent): boolean {
  return (
    one.event.type === other.event.type && isDeepStrictEqual({ ...one.body, type: null }, { ...other.body, type: null })
  );
}

/**
 * What an event is about: units, calls and people, each by a short text.
 *
 * @returns an empty list for an event that is about none of them, null for one that may be about anything: its type is unknown,
 *   its data was not understood, or it names more than 100
 */
function eventSubjects({ type, data, valid }: PushEvent): readonly string[] | null {
  const entry = findEntry(type);
  if (entry === undefined || !valid) return null;
  const { idents, calls, emergencyCalls, identities } = entry.concerns;
  const subjects = [
    ...named('unit', idents?.(data)),
    ...named('call', calls?.(data)),
    ...named('911', emergencyCalls?.(data)),
    ...named('person', identities?.(data).map(bareIdentity)),
  ];
  return subjects.length > MAX_SUBJECTS ? null : subjects;
}

function named(kind: string, names: readonly (string | number)[] = []): string[] {
  return names.slice(0, MAX_SUBJECTS + 1).map((name) => `${kind} ${name}`);
}
