import { CLOSED_CALL, type DispatchCall } from '../events/catalogue/calls.ts';
import type { Locale } from './locales/en.ts';
import type { NotificationParts } from './preferences.ts';
import { fillTemplate } from './texts.ts';

/** Minimum time between two notifications of one call's edits. Edits in between are combined into the next one. */
const PAUSE_MS = 5_000;
/**
 * Upper bound for the event ids that are collected of one call during a pause. Further edits are shown without their
 * id.
 */
const MAX_EVENT_IDS = 50;

const FIELDS = ['priority', 'address', 'postal'] as const;
type AnnouncedFields = Pick<DispatchCall, (typeof FIELDS)[number]>;

type Announce = (call: DispatchCall, changes: string, eventIds: readonly string[]) => void;

/** Announces edits of open calls, at most once in 5 s for one call: a dispatcher's typing causes many edits. */
export class EditAnnouncer {
  readonly #parts: Pick<NotificationParts, 'clock' | 'state' | 'texts'>;
  readonly #announce: Announce;
  /** Calls in their pause: the fields as last announced, and the ids of later edits. */
  readonly #paused = new Map<number, { announced: AnnouncedFields; eventIds: string[] }>();

  /** @param announce receives the changed fields as one text, and the ids of the events that changed them */
  constructor(parts: Pick<NotificationParts, 'clock' | 'state' | 'texts'>, announce: Announce) {
    this.#parts = parts;
    this.#announce = announce;
  }

  /** Announces an edit at once, or at the end of the call's pause. */
  add(before: DispatchCall, after: DispatchCall, eventId: string): void {
    if (after.status === CLOSED_CALL) return;

    const pause = this.#paused.get(after.callId);
    if (pause === undefined) this.#announceChanges(before, after, [eventId]);
    else if (pause.eventIds.length < MAX_EVENT_IDS) pause.eventIds.push(eventId);
  }

  #announceChanges(before: AnnouncedFields, after: DispatchCall, eventIds: readonly string[]): void {
    const changes = describeEdit(before, after, this.#parts.texts().changes);
    if (changes === '') return;

    this.#paused.set(after.callId, { announced: after, eventIds: [] });
    this.#parts.clock.after(PAUSE_MS, () => this.#endPause(after.callId));
    this.#announce(after, changes, eventIds);
  }

  #endPause(callId: number): void {
    const pause = this.#paused.get(callId);
    this.#paused.delete(callId);
    if (pause === undefined || pause.eventIds.length === 0) return;

    const call = this.#parts.state.getCall(callId);
    if (call !== undefined && call.status !== CLOSED_CALL) {
      this.#announceChanges(pause.announced, call, pause.eventIds);
    }
  }
}

/** Lists the new values of priority, address and postal code that an edit has changed. Empty when nothing changed. */
export function describeEdit(before: AnnouncedFields, after: AnnouncedFields, texts: Locale['changes']): string {
  return FIELDS.filter((field) => before[field] !== after[field])
    .map((field) => fillTemplate(texts[field], { before: before[field], after: after[field] }))
    .join(', ');
}
