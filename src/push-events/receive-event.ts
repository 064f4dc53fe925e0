import { randomUUID } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import { normalise, unwrapData } from './normalise.ts';
import type { PushEvent, PushEventSource } from './push-event.ts';
import { type EnvelopeRefusal, readEnvelope } from './read-envelope.ts';

/** One authenticated event, in the two forms in which consumers want it. */
export interface ReceivedEvent {
  readonly event: PushEvent;
  /** The envelope as received, without its key and with a one-element array of `data` unwrapped. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type ReceiveResult =
  | ({ readonly accepted: true } & ReceivedEvent)
  | { readonly accepted: false; readonly reason: EnvelopeRefusal };

/**
 * Turns the bytes of a request into an event: authenticates, parses, normalises and validates, in that order.
 *
 * @param raw the body as received, at most 1 MiB
 * @param receivedAt milliseconds since 1970
 */
export function receiveEvent(
  raw: Uint8Array,
  keys: KeyRing,
  source: PushEventSource,
  receivedAt: number,
): ReceiveResult {
  const envelope = readEnvelope(raw, keys);
  if (!envelope.accepted) return envelope;
  const { type } = envelope;
  const body = 'data' in envelope.body ? { ...envelope.body, data: unwrapData(envelope.body.data) } : envelope.body;
  const normalised = normalise(type, body);
  const known = { id: randomUUID(), type, data: normalised.data, receivedAt, source, valid: normalised.valid };
  const event = (normalised.valid ? known : { ...known, issues: normalised.issues }) as PushEvent;
  return { accepted: true, event, body };
}
