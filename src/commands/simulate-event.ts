import { randomUUID } from 'node:crypto';
import type { SimulatedEvent } from '../dispatch/simulated-plan.ts';
import type { PushEventType } from '../push-events/catalogue/catalogue.ts';
import { normalise } from '../push-events/normalise.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import { sampleEvents } from './sample-events.ts';

/**
 * Makes an event of sample data, in the two forms in which consumers want it.
 *
 * @param madeBy server id of the player who asked for it; 0 for the console
 * @param forAll whether it reaches also those who cannot tell it from a real one
 * @param receivedAt milliseconds since 1970
 */
export function simulateEvent(
  type: PushEventType,
  madeBy: number,
  forAll: boolean,
  receivedAt: number,
): SimulatedEvent {
  const sample = sampleEvents[type];
  const body = type === 'GET_LOGS' ? { type, ...sample } : { type, data: sample };
  const { data } = normalise(type, body);
  const event = { id: randomUUID(), type, data, receivedAt, source: 'simulated', valid: true } as PushEvent;
  return { event, body, madeBy, forAll };
}
