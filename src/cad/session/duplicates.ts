import { isDeepStrictEqual } from 'node:util';
import { findEntry } from '../../events/catalogue/catalogue.ts';
import { bareIdentity } from '../../events/catalogue/people.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Clock } from '../../lib/clock.ts';

interface DuplicatesOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether a session is open or attempted. Without one, events have a single transport and cannot be duplicated. */
  isNeeded(): boolean;
}

/** Time after a change of the session in which the CAD may repeat an event over the other transport. */
const HAND_OVER_MS = 10_000;
const MAX_AGE_MS = 2 * HAND_OVER_MS;
/** Upper bound of recent events kept for comparison. Beyond it, the oldest is forgotten. */
const MAX_RECENT_EVENTS = 1_000;
/** An event with more subjects counts as one about anything. */
const MAX_SUBJECTS = 100;

interface RecentEvent {
  readonly received: ReceivedEvent;
  readonly receivedAt: number;
  /** Computed lazily, only after a change of the session. Null: the event may be about anything. */
  subjects?: readonly string[] | null;
  /** Whether a duplicate of the event was dropped already. Each event cancels one duplicate. */
  hasDuplicate: boolean;
}

/**
 * Recognises events that the CAD sends twice while it changes from one transport to the other.
 *
 * An event is a duplicate when an equal one of an idempotent type arrived over the other transport, within 10 s after a
 * change of the session, and no other event about its units, calls or people arrived in between. When in doubt, an
 * event is not a duplicate.
 */
export class Duplicates {
  readonly #options: DuplicatesOptions;
  /** The events of the last 20 s, oldest first. */
  readonly #recent: RecentEvent[] = [];
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(options: DuplicatesOptions) {
    this.#options = options;
  }

  /** Starts the time in which duplicates are expected. Call when the session opens and when it is lost. */
  connectionChanged(): void {
    this.#changedAt = this.#options.clock.monotonic();
  }

  /**
   * Records an event. Call once for each event of either transport, in order.
   *
   * @returns whether the event must be dropped
   */
  isDuplicate(received: ReceivedEvent): boolean {
    if (received.event.source === 'simulated') return false;
    const recent = this.#recent;
    if (!this.#options.isNeeded()) {
      // Events without a session must not cancel later ones.
      recent.length = 0;
      return false;
    }

    const now = this.#options.clock.monotonic();
    while (recent[0] !== undefined && now - recent[0].receivedAt > MAX_AGE_MS) recent.shift();

    if (now - this.#changedAt <= HAND_OVER_MS) {
      const original = this.#findOriginal(received);
      if (original !== null) {
        original.hasDuplicate = true;
        return true;
      }
    }
    recent.push({ received, receivedAt: now, hasDuplicate: false });
    if (recent.length > MAX_RECENT_EVENTS) recent.shift();
    return false;
  }

  #findOriginal(received: ReceivedEvent): RecentEvent | null {
    if (!findEntry(received.event.type)?.isIdempotent) return null;
    const subjects = new Set(eventSubjects(received.event));
    if (subjects.size === 0) return null;

    const last = this.#recent.findLast((earlier) => isAboutAny(earlier, subjects));
    if (last === undefined || last.hasDuplicate) return null;
    const isOtherTransport = last.received.event.source !== received.event.source;
    return isOtherTransport && isSameContent(last.received, received) ? last : null;
  }
}

/** Whether an event may be about one of the subjects. */
function isAboutAny(recent: RecentEvent, subjects: ReadonlySet<string>): boolean {
  if (recent.subjects === undefined) recent.subjects = eventSubjects(recent.received.event);
  return recent.subjects === null || recent.subjects.some((subject) => subjects.has(subject));
}

/** Compares type and body, regardless of the order of members and of how the type is written. */
function isSameContent(one: ReceivedEvent, other: ReceivedEvent): boolean {
  return (
    one.event.type === other.event.type && isDeepStrictEqual({ ...one.body, type: null }, { ...other.body, type: null })
  );
}

/**
 * Lists the units, calls and people that an event is about, each as a short text.
 *
 * @returns null when the event may be about anything: its type is unknown, its data is invalid, or it names more than
 *   100
 */
function eventSubjects({ type, data, valid }: PushEvent): readonly string[] | null {
  const entry = findEntry(type);
  if (entry === undefined || !valid) return null;
  const { idents, calls, emergencyCalls, identities } = entry.concerns;
  const subjects = [
    ...prefixed('unit', idents?.(data)),
    ...prefixed('call', calls?.(data)),
    ...prefixed('911', emergencyCalls?.(data)),
    ...prefixed('person', identities?.(data).map(bareIdentity)),
  ];
  return subjects.length > MAX_SUBJECTS ? null : subjects;
}

function prefixed(kind: string, ids: readonly (string | number)[] = []): string[] {
  return ids.slice(0, MAX_SUBJECTS + 1).map((id) => `${kind} ${id}`);
}
