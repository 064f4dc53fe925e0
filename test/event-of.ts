import { normalise } from '../src/events/normalise.ts';
import type { PushEvent } from '../src/events/push-event.ts';

/** An event as it comes out of the protocol, from data as the CAD sends it. */
export function eventOf(type: string, data: unknown): PushEvent {
  return eventOfBody({ type, data });
}

/** The same from all of what the CAD sends. */
export function eventOfBody(body: Readonly<Record<string, unknown>>): PushEvent {
  const type = String(body.type).toUpperCase();
  const normalised = normalise(type, body);
  if (!normalised.valid) throw new Error(normalised.issues.join('; '));
  const event = { id: 'id-of-the-event', type, data: normalised.data, receivedAt: 0, source: 'http', valid: true };
  return event as PushEvent;
}
