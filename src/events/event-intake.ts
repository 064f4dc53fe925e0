import type { Log } from '../lib/log.ts';
import type { ProcessedIds } from './processed-ids.ts';
import type { PushEvent } from './push-event.ts';
import type { ReceivedEvent, Refusal } from './receive.ts';
import type { Traffic } from './traffic.ts';

/** The parts that an accepted event passes through, in this order. */
interface EventIntakeParts {
  readonly processedIds: Pick<ProcessedIds, 'has' | 'add'>;
  /** Finds an event that the CAD sent by HTTP and over the session (`cad/session/duplicates.ts`). */
  readonly duplicates: { isDuplicate(received: ReceivedEvent): boolean };
  readonly traffic: Pick<Traffic, 'accepted' | 'refused'>;
  /** Keeps the event for the operator's page and the metrics (`inspector/history.ts`). */
  readonly recorder: { received(event: PushEvent, raw: Buffer, hops: number): void; refused(reason: Refusal): void };
  /** Stores the event for its targets before it returns (`forward/`). */
  readonly forwarding: { enqueue(event: PushEvent, raw: Buffer, hops: number): void };
  /** Queues the event for dispatch in the game, after the answer (`game/dispatch/`). */
  readonly dispatcher: { enqueue(received: ReceivedEvent, bytes: number): void };
  /** Whether this server forwards events: a loop of forwarders may then bring back what the CAD sent. */
  isForwarding(): boolean;
  readonly log: Log;
}

/** Everything that happens to an accepted event before it is answered. */
export class EventIntake {
  readonly #parts: EventIntakeParts;

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
  }

  /**
   * Takes an event that was authenticated and read. When this returns, the event is stored for its targets and the
   * sender can be told so.
   *
   * @param raw the envelope as received, with its key
   * @param hops how many forwarders the event came through; 0 when it comes from the CAD
   */
  accept(received: ReceivedEvent, raw: Buffer, hops: number): void {
    const { processedIds, duplicates, traffic, recorder, forwarding, dispatcher, log } = this.#parts;
    const { event } = received;
    const { id, type } = event;

    if (hops > 0 && processedIds.has(id)) {
      log.debug('Duplicate dropped: a forwarder sent this event again.', { type, id });
      return;
    }
    if (duplicates.isDuplicate(received)) {
      log.debug('Duplicate dropped: the CAD sent this event by HTTP and over the session.', { type, id });
      return;
    }

    traffic.accepted(event);
    recorder.received(event, raw, hops);
    forwarding.enqueue(event, raw, hops);
    dispatcher.enqueue(received, raw.length);
    // Only now: if storing the event threw, the sender gets an error and may send it again.
    if (hops > 0 || this.#parts.isForwarding()) processedIds.add(id);
  }

  /** Counts a request or message that was not accepted as an event. */
  refuse(reason: Refusal): void {
    this.#parts.traffic.refused(reason);
    this.#parts.recorder.refused(reason);
  }
}
