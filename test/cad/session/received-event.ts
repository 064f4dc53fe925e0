import { randomUUID } from 'node:crypto';
import { normalise } from '../../../src/events/normalise.ts';
import type { PushEvent, PushEventSource } from '../../../src/events/push-event.ts';
import type { ReceivedEvent } from '../../../src/events/receive.ts';

/** An event as it comes out of the protocol, having come in by that way. */
export function receivedEvent(source: PushEventSource, type: string, data: unknown): ReceivedEvent {
  const body = { type, data };
  const event = { id: randomUUID(), type, receivedAt: 0, source, ...normalise(type, body) } as PushEvent;
  return { event, body };
}
