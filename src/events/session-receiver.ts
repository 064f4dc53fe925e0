import type { HoldMeter } from '../lib/hold-meter.ts';
import type { Log } from '../lib/log.ts';
import type { KeyRing } from './api-keys.ts';
import type { EventIntake } from './event-intake.ts';
import { describePanelRequest } from './push-event.ts';
import type { EnvelopeRefusal } from './read-envelope.ts';
import { logReceived, receivePayload } from './receive.ts';

const REFUSED: Readonly<Record<EnvelopeRefusal | 'too-large', string>> = {
  'wrong-key': 'The session with the CAD sent an event with an API key that is not configured here; it was refused.',
  'no-key': 'The session with the CAD sent an event whose API key is not text; it was refused.',
  'invalid-json': 'The session with the CAD sent an event that is not a JSON object; it was refused.',
  'invalid-type': 'The session with the CAD sent an event without a type; it was refused.',
  'too-large': 'The session with the CAD sent an event larger than 1 MiB; it was refused.',
};

const PANEL_REQUEST_IGNORED =
  "The CAD's FiveM panel asks this resource to take its configuration from the CAD. The request is ignored: " +
  'this resource reads its configuration from config.json and convars only.';

interface SessionReceiverOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** The key that the session was authenticated with. */
  sessionKey(): string;
  readonly intake: Pick<EventIntake, 'accept' | 'refuse'>;
  readonly holds: Pick<HoldMeter, 'measure'>;
  readonly log: Log;
  readonly clock: { now(): number };
}

/** Receives push events that the CAD sends over the session, and handles them like events that came by HTTP. */
export class SessionReceiver {
  readonly #options: SessionReceiverOptions;

  constructor(options: SessionReceiverOptions) {
    this.#options = options;
  }

  /** @param payload the envelope as the CAD sent it, as text or as an object */
  readonly receive = (payload: unknown): void => {
    this.#options.holds.measure(() => this.#receive(payload));
  };

  #receive(payload: unknown): void {
    const { keys, sessionKey, intake, log, clock } = this.#options;
    const result = receivePayload(payload, keys(), sessionKey(), clock.now());
    if (!result.accepted) {
      intake.refuse(result.reason);
      log.coalesce({}).warn(REFUSED[result.reason]);
      return;
    }
    const { type } = result.event;
    const request = describePanelRequest(type);
    if (request !== null) log.coalesce({ type }).warn(PANEL_REQUEST_IGNORED, { request });
    intake.accept(result, result.raw, 0);
    logReceived(result, log);
  }
}
