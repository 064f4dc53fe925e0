import { randomUUID } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import { normalise, unwrapData } from './normalise.ts';
import type { PushEvent, PushEventSource } from './push-event.ts';
import { type EnvelopeRefusal, isNestedTooDeep, MAX_LEVELS, readEnvelope } from './read-envelope.ts';

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

/** As long as an event may be over HTTP. */
const MAX_BYTES = 1024 * 1024;

export type PayloadResult =
  | ({
      /** The event as it would have come over HTTP, for forwarding: its key is where HTTP events have theirs. */
      readonly raw: Buffer;
    } & Extract<ReceiveResult, { accepted: true }>)
  | { readonly accepted: false; readonly reason: EnvelopeRefusal | 'too-long' };

/**
 * Turns what the CAD sent over an authenticated session into an event, by the very way that the bytes of a request go. A missing
 * key is accepted, since the session has shown whose it is; a wrong one is not.
 *
 * @param payload the envelope, as text or as an object that JSON can hold
 * @param keys the configured keys
 * @param sessionKey the key that the session was authenticated with; it is taken out of the event wherever it stands
 * @param receivedAt milliseconds since 1970
 */
export function receivePayload(payload: unknown, keys: KeyRing, sessionKey: string, receivedAt: number): PayloadResult {
  const text = typeof payload === 'string' ? payload : write(payload);
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return { accepted: false, reason: 'too-long' };
  const envelope = parse(text);
  if (envelope === null) return { accepted: false, reason: 'invalid-json' };
  const raw = Buffer.from(hasKey(envelope) ? text : withKey(text, envelope, sessionKey));
  const result = receiveEvent(raw, keys, 'websocket', receivedAt);
  return result.accepted ? { ...result, raw } : result;
}

/** @returns no JSON for what is no object, or nested too deep to be written */
function write(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null) return '';
  try {
    return JSON.stringify(payload);
  } catch {
    return '';
  }
}

/** @returns the text with the key in it, all else as it is where it has no member for it */
function withKey(text: string, envelope: object, key: string): string {
  if (Object.hasOwn(envelope, 'key')) return JSON.stringify({ ...envelope, key });
  const member = `"key":${JSON.stringify(key)}`;
  const open = text.indexOf('{') + 1;
  return `${text.slice(0, open)}${member}${Object.keys(envelope).length > 0 ? ',' : ''}${text.slice(open)}`;
}

/** Whoever leaves a value empty claims nothing. */
function hasKey({ key }: { readonly key?: unknown }): boolean {
  return key !== undefined && key !== null && key !== '';
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null; // the parser's message quotes the input
  }
}
