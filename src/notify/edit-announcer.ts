import type { DispatchCall } from '../events/catalogue/calls.ts';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { Locale } from './locales/en.ts';
import type { NotifyParts } from './preferences.ts';
import { fillTemplate } from './template.ts';

/** Players are told of a call's edits at most once in so many milliseconds; what comes between is told together afterwards. */
const PAUSE_MS = 5_000;

const FIELDS = ['priority', 'address', 'postal'] as const;
type Shown = Pick<DispatchCall, (typeof FIELDS)[number]>;

/**
 * Announces edits of calls that are still open, but not every keystroke of a dispatcher.
 *
 * @param announce gets the names and new values of what changed, in the language in force
 * @returns what takes an edited call, as it was before and as it is now
 */
export function createEditAnnouncer(
  { clock, state, texts }: Pick<NotifyParts, 'clock' | 'state' | 'texts'>,
  announce: (call: DispatchCall, changes: string) => void,
) {
  /** Calls announced not long ago: what was announced last, and whether there was another edit since. */
  const recent = new Map<number, { told: Shown; isStale: boolean }>();

  function tell(before: Shown, after: DispatchCall): void {
    const changes = describeEdit(before, after, texts().changes);
    if (changes === '') return;
    recent.set(after.callId, { told: after, isStale: false });
    clock.after(PAUSE_MS, () => endPause(after.callId));
    announce(after, changes);
  }

  function endPause(callId: number): void {
    const entry = recent.get(callId);
    recent.delete(callId);
    if (entry?.isStale !== true) return;
    const call = state.getCall(callId);
    if (call !== undefined && call.status !== CLOSED_CALL) tell(entry.told, call);
  }

  return (before: DispatchCall, after: DispatchCall): void => {
    if (after.status === CLOSED_CALL) return;
    const entry = recent.get(after.callId);
    if (entry === undefined) tell(before, after);
    else entry.isStale = true;
  };
}

/** @returns one text for each of priority, address and postal that differs; empty when none does */
export function describeEdit(before: Shown, after: Shown, texts: Locale['changes']): string {
  return FIELDS.filter((field) => before[field] !== after[field])
    .map((field) => fillTemplate(texts[field], { before: before[field], after: after[field] }))
    .join(', ');
}
