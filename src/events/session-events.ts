import type { Log } from '../lib/log.ts';
import type { KeyRing } from './key-ring.ts';
import { type PayloadResult, type ReceivedEvent, type ReceiveResult, receivePayload } from './receive.ts';
import type { Refusal } from './traffic.ts';

export interface SessionEventsOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** The key that the session is authenticated with. */
  sessionKey(): string;
  /** Takes an event: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer): void;
  /** Told of each that was no event, for the count of them. */
  refused(reason: Refusal): void;
  readonly log: Log;
  readonly clock: { now(): number };
}

type Reason = Extract<PayloadResult, { accepted: false }>['reason'];

const REFUSED: Readonly<Record<Reason, string>> = {
  'wrong-key':
    'An event over the session with the CAD was refused: the API key in it is none of those configured here.',
  'no-key': 'An event over the session with the CAD was refused: what it has for a key is none.',
  'invalid-json': 'An event over the session with the CAD was refused: it is no JSON object.',
  'invalid-type': 'An event over the session with the CAD was refused: it has no type.',
  'too-long': 'An event over the session with the CAD was refused: it is longer than 1 MiB.',
};

/** @returns what takes an event as the CAD sent it over the session: it goes the way of one that came by HTTP */
export function createSessionEvents(options: SessionEventsOptions): (payload: unknown) => void {
  const { keys, sessionKey, accept, refused, log, clock } = options;
  return (payload) => {
    const result = receivePayload(payload, keys(), sessionKey(), clock.now());
    if (!result.accepted) {
      refused(result.reason === 'too-long' ? 'too-large' : result.reason);
      log.warn(REFUSED[result.reason]);
      return;
    }
    accept(result, result.raw);
    logReceived(result, log);
  };
}

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
