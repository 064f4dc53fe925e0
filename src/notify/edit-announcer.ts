import type { DispatchCall } from '../events/catalogue/calls.ts';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { Locale } from './locales/en.ts';
import type { NotifyParts } from './preferences.ts';
import { fillTemplate } from './texts.ts';

/** The events of one call of which is known who was told of them later. */
const MOST_EVENTS = 50;
/** Players are told of a call's edits at most once in so many milliseconds; what comes between is told together afterwards. */
const PAUSE_MS = 5_000;

const FIELDS = ['priority', 'address', 'postal'] as const;
type Shown = Pick<DispatchCall, (typeof FIELDS)[number]>;

/**
 * Announces edits of calls that are still open, but not every keystroke of a dispatcher.
 *
 * @param announce gets the names and new values of what changed, in the language in force, and the ids of the events that did it
 * @returns what takes an edited call, as it was before and as it is now, and the id of its event
 */
export function createEditAnnouncer(
  { clock, state, texts }: Pick<NotifyParts, 'clock' | 'state' | 'texts'>,
  announce: (call: DispatchCall, changes: string, events: readonly string[]) => void,
) {
  /** Calls announced not long ago: what was announced last, and the events that edited them since. */
  const recent = new Map<number, { told: Shown; events: string[] }>();

  function tell(before: Shown, after: DispatchCall, events: readonly string[]): void {
    const changes = describeEdit(before, after, texts().changes);
    if (changes === '') return;
    recent.set(after.callId, { told: after, events: [] });
    clock.after(PAUSE_MS, () => endPause(after.callId));
    announce(after, changes, events);
  }

  function endPause(callId: number): void {
    const entry = recent.get(callId);
    recent.delete(callId);
    if (entry === undefined || entry.events.length === 0) return;
    const call = state.getCall(callId);
    if (call !== undefined && call.status !== CLOSED_CALL) tell(entry.told, call, entry.events);
  }

  return (before: DispatchCall, after: DispatchCall, event: string): void => {
    if (after.status === CLOSED_CALL) return;
    const entry = recent.get(after.callId);
    if (entry === undefined) tell(before, after, [event]);
    else if (entry.events.length < MOST_EVENTS) entry.events.push(event);
  };
}

/** @returns one text for each of priority, address and postal that differs; empty when none does */
export function describeEdit(before: Shown, after: Shown, texts: Locale['changes']): string {
  return FIELDS.filter((field) => before[field] !== after[field])
    .map((field) => fillTemplate(texts[field], { before: before[field], after: after[field] }))
    .join(', ');
}
