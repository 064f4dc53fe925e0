import { randomUUID } from 'node:crypto';
import type { Log } from '../lib/log.ts';
import type { KeyRing } from './api-keys.ts';
import { normalise, unwrapData } from './normalise.ts';
import { describePanelRequest, type PushEvent, type PushEventSource } from './push-event.ts';
import { type EnvelopeRefusal, isNestedTooDeep, MAX_LEVELS, parseObject, readEnvelope } from './read-envelope.ts';

/** One authenticated event, in the two forms in which consumers want it. */
export interface ReceivedEvent {
  readonly event: PushEvent;
  /** The envelope as received, without its key and with a one-element array of `data` unwrapped. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Why a request or a message of the session was not accepted as an event. */
export type Refusal = EnvelopeRefusal | 'too-large' | 'late' | 'lost';

interface ReceiveOptions {
  /** The id that the event has already, from a forwarder. A new one unless given. */
  readonly id?: string | undefined;
  /** How many bytes of the body are searched for the key: all of it unless given. */
  readonly searched?: number;
}

interface AcceptedEvent extends ReceivedEvent {
  readonly accepted: true;
  /** What went wrong here, not in the data; for the log only, since it may quote anything. */
  readonly fault?: string;
}

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
  { id = randomUUID(), searched }: ReceiveOptions = {},
): AcceptedEvent | { readonly accepted: false; readonly reason: EnvelopeRefusal } {
  const envelope = readEnvelope(raw, keys, searched);
  if (!envelope.accepted) return envelope;
  const { type } = envelope;
  if (isNestedTooDeep(envelope.body, raw.byteLength)) {
    const issues = [`data: expected at most ${MAX_LEVELS} levels of nesting, got more`];
    const event = { id, type, data: null, receivedAt, source, valid: false, issues } as PushEvent;
    return { accepted: true, event, body: { type: envelope.body.type, data: null } };
  }
  const received = envelope.body.data;
  const data = unwrapData(received);
  const body = received === undefined || data === received ? envelope.body : { ...envelope.body, data };
  const normalised = normalise(type, body);
  const known = { id, type, data: normalised.data, receivedAt, source, valid: normalised.valid };
  const event = (normalised.valid ? known : { ...known, issues: normalised.issues }) as PushEvent;
  const fault = normalised.valid ? undefined : normalised.fault;
  return fault === undefined ? { accepted: true, event, body } : { accepted: true, event, body, fault };
}

const NOT_UNDERSTOOD =
  "An event's data was not understood: only subscribers of all types and RegisterPushEvent handlers get it, as received.";
const OWN_FAULT =
  'An event could not be read because of a fault of this resource, not of the CAD; please report it. Only subscribers of all types and RegisterPushEvent handlers get the event, as received.';

/** Says in the console that an event was taken, and what became of it where that is not as it should be. */
export function logReceived({ event, fault }: AcceptedEvent, log: Log): void {
  const { type, id, source } = event;
  log.debug('An event was received.', { type, id, source });
  if (event.valid) return;
  if (fault === undefined) log.coalesce({ type, reason: event.issues[0] }).warn(NOT_UNDERSTOOD, { id });
  else log.coalesce({ type, reason: fault }).error(OWN_FAULT, { id });
}

/** As long as an event may be over HTTP. */
const MAX_BYTES = 1024 * 1024;

/**
 * Turns what the CAD sent over an authenticated session into an event, in the same way as the bytes of a request. A missing key is
 * accepted, since the session has shown whose it is; a wrong one is not.
 *
 * @param payload the envelope, as text or as an object that JSON can hold
 * @param keys the configured keys
 * @param sessionKey the key that the session was authenticated with; it is taken out of the event wherever it stands
 * @param receivedAt milliseconds since 1970
 * @returns `raw` is the event as it would have come over HTTP, for forwarding: its key is where HTTP events have theirs
 */
export function receivePayload(
  payload: unknown,
  keys: KeyRing,
  sessionKey: string,
  receivedAt: number,
):
  | (AcceptedEvent & { readonly raw: Buffer })
  | { readonly accepted: false; readonly reason: EnvelopeRefusal | 'too-large' } {
  const text = typeof payload === 'string' ? payload : write(payload);
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return { accepted: false, reason: 'too-large' };
  const envelope = parseObject(text);
  if (envelope === null) return { accepted: false, reason: 'invalid-json' };
  const { key } = envelope;
  const hasKey = key !== undefined && key !== null && key !== '';
  const raw = Buffer.from(hasKey ? text : withKey(text, envelope, sessionKey));
  const result = receiveEvent(raw, keys, 'websocket', receivedAt);
  if (!result.accepted) return result;
  // A request of the panel comes without a key, and none is put into what is forwarded.
  return { ...result, raw: describePanelRequest(result.event.type) === null ? raw : Buffer.from(text) };
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
