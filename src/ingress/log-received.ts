import type { Log } from '../platform/log.ts';
import type { ReceiveResult } from '../push-events/receive-event.ts';

const NOT_UNDERSTOOD =
  "An event's data was not understood: only subscribers of all types and RegisterPushEvent handlers get it, as received.";
const OWN_FAULT =
  'An event could not be looked at through a fault of this resource, not of the CAD; please report it. Only subscribers of all types and RegisterPushEvent handlers get the event, as received.';

/** Says in the console that an event was taken, and what became of it where that is not as it should be. */
export function logReceived({ event, fault }: Extract<ReceiveResult, { accepted: true }>, log: Log): void {
  const { type, id, source } = event;
  log.debug('An event was received.', { type, id, source });
  if (event.valid) return;
  if (fault === undefined) log.warn(NOT_UNDERSTOOD, { type, id, reason: event.issues[0] });
  else log.error(OWN_FAULT, { type, id, reason: fault });
}
