import { findEntry } from '../../push-events/catalogue/catalogue.ts';
import { bareIdentity } from '../../push-events/identity.ts';
import type { PushEvent } from '../../push-events/push-event.ts';

/** More than any event of the CAD is about. */
const MAX_SUBJECTS = 100;

/**
 * What an event is about: units, calls and people, each by a short text.
 *
 * @returns an empty list for an event that is about none of them, null for one that may be about anything: its type is unknown,
 *   its data was not understood, or it names more than 100
 */
export function eventSubjects({ type, data, valid }: PushEvent): readonly string[] | null {
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
