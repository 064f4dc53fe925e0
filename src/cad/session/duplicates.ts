import { isDeepStrictEqual } from 'node:util';
import { findEntry } from '../../events/catalogue/catalogue.ts';
import { bareIdentity } from '../../events/catalogue/people.ts';
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

interface Copy {
  readonly received: ReceivedEvent;
  readonly at: number;
  /** Whom it is about, null for anything; worked out only when a repeat may come. */
  subjects?: readonly string[] | null;
  /** As a first copy it cancels one repeat. */
  spent: boolean;
}

/**
 * Knows an event that the CAD sent a second time when it changed from one way to the other.
 *
 * An event is a duplicate only when it came by the other way than its first copy, within 10 s of a change of the connection, is of an
 * idempotent type, and nothing else about any of its units, calls or people came in between; each first copy cancels one.
 * An event in doubt is none. While no change is near, an event is only kept at hand. At most 1,000 of the last 20 s are kept.
 */
export class Duplicates {
  readonly #options: DuplicatesOptions;
  readonly #kept: Copy[] = [];
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
    const kept = this.#kept;
    if (!this.#options.isNeeded()) {
      // What came before it was switched off counts for nothing when it is switched on again.
      kept.length = 0;
      return false;
    }
    const now = this.#options.clock.monotonic();
    for (let [oldest] = kept; oldest !== undefined && now - oldest.at > KEPT_MS; [oldest] = kept) kept.shift();
    if (now - this.#changedAt <= HAND_OVER_MS) {
      const first = this.#firstOf(received);
      if (first !== null) {
        first.spent = true;
        return true;
      }
    }
    kept.push({ received, at: now, spent: false });
    if (kept.length > MAX_KEPT) kept.shift();
    return false;
  }

  #firstOf(received: ReceivedEvent): Copy | null {
    const subjects = new Set(findEntry(received.event.type)?.isIdempotent ? eventSubjects(received.event) : null);
    const last = subjects.size === 0 ? undefined : this.#kept.findLast((earlier) => isAbout(earlier, subjects));
    if (last === undefined || last.spent || last.received.event.source === received.event.source) return null;
    return saySame(last.received, received) ? last : null;
  }
}

/** Whether an event may be about one of these. */
function isAbout(copy: Copy, wanted: ReadonlySet<string>): boolean {
  if (copy.subjects === undefined) copy.subjects = eventSubjects(copy.received.event);
  return copy.subjects === null || copy.subjects.some((subject) => wanted.has(subject));
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
