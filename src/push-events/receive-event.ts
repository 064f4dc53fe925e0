import { randomUUID } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import { isNestedTooDeep, MAX_LEVELS } from './nesting.ts';
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
  | ({
      readonly accepted: true;
      /** What went wrong here, not in the data; for the log only, since it may quote anything. */
      readonly fault?: string;
    } & ReceivedEvent)
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
  if (isNestedTooDeep(envelope.body, raw.byteLength)) {
    const issues = [`data: expected at most ${MAX_LEVELS} levels of nesting, got more`];
    const event = { id: randomUUID(), type, data: null, receivedAt, source, valid: false, issues } as PushEvent;
    return { accepted: true, event, body: { type: envelope.body.type, data: null } };
  }
  const received = envelope.body.data;
  const data = unwrapData(received);
  const body = received === undefined || data === received ? envelope.body : { ...envelope.body, data };
  const normalised = normalise(type, body);
  const known = { id: randomUUID(), type, data: normalised.data, receivedAt, source, valid: normalised.valid };
  const event = (normalised.valid ? known : { ...known, issues: normalised.issues }) as PushEvent;
  const fault = normalised.valid ? undefined : normalised.fault;
  return fault === undefined ? { accepted: true, event, body } : { accepted: true, event, body, fault };
}
