import { randomUUID } from 'node:crypto';
import { normalise } from '../../../src/push-events/normalise.ts';
import type { PushEvent, PushEventSource } from '../../../src/push-events/push-event.ts';
import type { ReceivedEvent } from '../../../src/push-events/receive-event.ts';

/** An event as it comes out of the protocol, having come in by that way. */
export function receivedEvent(source: PushEventSource, type: string, data: unknown): ReceivedEvent {
  const body = { type, data };
  const event = { id: randomUUID(), type, receivedAt: 0, source, ...normalise(type, body) } as PushEvent;
  return { event, body };
}
