import type { PushEvent } from '../push-events/push-event.ts';

/** Data has one or two members that are emitted by themselves. */
const MOST_PARTS = 5;

/** @returns the objects of an event that go out in several local events: it, its data, and the first of what is in the data */
export function steadyParts(event: PushEvent): object[] {
  const parts: object[] = [event];
  const { data } = event;
  if (typeof data !== 'object' || data === null) return parts;
  parts.push(data);
  for (const member of Object.values(data)) {
    if (parts.length >= MOST_PARTS) break;
    if (typeof member === 'object' && member !== null) parts.push(member);
  }
  return parts;
}
