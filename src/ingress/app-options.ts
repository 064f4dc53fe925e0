import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { HttpEventOutcome } from '../push-events/http-event.ts';
import type { KeyRing } from '../push-events/key-ring.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import type { HealthDetails } from './health-route.ts';
import type { PeerLabel } from './peer-label.ts';
import type { Refusal } from './traffic.ts';

export interface AppOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** Takes an event that is about to be answered: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer, headers: IncomingHttpHeaders): void;
  /** Told of each request that was no event, for the count of them. */
  refused?(reason: Refusal): void;
  /**
   * Has another resource answer an HTTP event. Never rejects, and takes 4 s at most.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
  readonly version: string;
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  healthDetails(): HealthDetails;
  readonly log: Log;
  readonly clock: Clock;
}
