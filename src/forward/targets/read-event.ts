import { normalise } from '../../events/normalise.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { OutgoingEvent } from '../delivery.ts';

/** @returns an event as subscribers in the game get it */
export function readEvent({ id, type, receivedAt, body }: OutgoingEvent): PushEvent {
  const envelope: unknown = JSON.parse(body.toString());
  const normalised = normalise(type, typeof envelope === 'object' && envelope !== null ? { ...envelope } : {});
  // `type` and `data` belong together: `normalise` has just brought the one into the shape of the other.
  return { id, type, receivedAt, source: 'http', ...normalised } as PushEvent;
}
