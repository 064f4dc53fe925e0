import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../platform/clock.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import type { ReceivedEvent } from '../../push-events/receive-event.ts';
import { eventSubjects } from './event-subjects.ts';

/** Knows an event that the CAD sent a second time when it changed from one way to the other. */
export interface Repeats {
  /**
   * Takes note of an event, and says whether it is to be dropped as a repeat. To be asked once for each event that came in, in
   * order, from either way.
   */
  isRepeat(received: ReceivedEvent): boolean;
  /** To be told when the session with the CAD has come up, and when it was lost. */
  connectionChanged(): void;
}

export interface RepeatsOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether a session is held or tried for: without one there is only one way. Asked for each event. */
  isNeeded(): boolean;
}

/** After a change so long, the CAD may send again by one way what it has sent by the other. */
const HAND_OVER_MS = 10_000;
const KEPT_MS = 2 * HAND_OVER_MS;
const MAX_KEPT = 1_000;

/**
 * Types that say what is true of a unit or a call from now on: with nothing in between about either, a second one changes nothing.
 * All others are acts, which somebody may well do twice: a tone, a note, a page, a print, a callout.
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
 * An event is a repeat only when it came by the other way than its first copy, within 10 s of a change of the connection, is of a
 * type that can be one, and nothing else about any of its units, calls or people came in between; each first copy cancels one.
 * Whatever is in doubt is none. While no change is near, an event is only kept at hand. At most 1,000 of the last 20 s are kept.
 */
export function createRepeats({ clock, isNeeded }: RepeatsOptions): Repeats {
  const kept: Copy[] = [];
  /** While a change is not long past: the last event about each unit, call and person. A first copy is last about all of its own. */
  const lastAbout = new Map<string, Copy>();
  let isIndexed = false;
  let changedAt = Number.NEGATIVE_INFINITY;

  function forgetOldest(): void {
    const oldest = kept.shift();
    if (oldest === undefined || !isIndexed) return;
    for (const subject of oldest.subjects) if (lastAbout.get(subject) === oldest) lastAbout.delete(subject);
  }

  function describe(copy: Copy): void {
    const subjects = eventSubjects(copy.received.event);
    // It may be about anything, so nothing before it is a first copy any more.
    if (subjects === null) lastAbout.clear();
    copy.subjects = subjects ?? [];
  }

  function index(copy: Copy): void {
    for (const subject of copy.subjects) lastAbout.set(subject, copy);
  }

  function firstOf({ subjects, received }: Copy): Copy | null {
    const [subject] = subjects;
    const first = subject === undefined ? undefined : lastAbout.get(subject);
    if (first === undefined || first.spent || !REPEATABLE.has(received.event.type)) return null;
    if (first.received.event.source === received.event.source) return null;
    return subjects.every((other) => lastAbout.get(other) === first) && saySame(first.received, received)
      ? first
      : null;
  }

  return {
    isRepeat(received) {
      if (received.event.source === 'simulated') return false;
      if (!isNeeded()) {
        // What came before it was switched off counts for nothing when it is switched on again.
        if (kept.length > 0) {
          kept.length = 0;
          lastAbout.clear();
        }
        return false;
      }
      const now = clock.monotonic();
      for (let [oldest] = kept; oldest !== undefined && now - oldest.at > KEPT_MS; [oldest] = kept) forgetOldest();
      const copy: Copy = { received, at: now, subjects: [], spent: false };
      const mayRepeat = now - changedAt <= HAND_OVER_MS;
      if (mayRepeat !== isIndexed) {
        lastAbout.clear();
        isIndexed = mayRepeat;
        if (mayRepeat) {
          for (const earlier of kept) {
            describe(earlier);
            index(earlier);
          }
        }
      }
      if (mayRepeat) {
        describe(copy);
        const first = firstOf(copy);
        if (first !== null) {
          first.spent = true;
          return true;
        }
        index(copy);
      }
      kept.push(copy);
      if (kept.length > MAX_KEPT) forgetOldest();
      return false;
    },
    connectionChanged() {
      changedAt = clock.monotonic();
    },
  };
}

/** Whatever the order of their members, and however their type was written. */
function saySame(one: ReceivedEvent, other: ReceivedEvent): boolean {
  return (
    one.event.type === other.event.type && isDeepStrictEqual({ ...one.body, type: null }, { ...other.body, type: null })
  );
}
