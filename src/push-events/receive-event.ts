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
 * The game server's msgpack writer is recursive and gives up at some 1,700 levels, fewer when called from deep inside a script:
 * no consumer could be handed more than this. What the CAD sends has fewer than ten.
 */
const MAX_LEVELS = 500;

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
  if (raw.byteLength > 2 * MAX_LEVELS && isNestedDeeper(envelope.body, MAX_LEVELS)) {
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
  return { accepted: true, event, body };
}

/** Without recursion, level by level. */
function isNestedDeeper(root: object, levels: number): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true;
    level = level.flatMap((node) =>
      Object.values(node).filter((member) => typeof member === 'object' && member !== null),
    );
  }
  return false;
}
