import { randomUUID } from 'node:crypto';
import type { Log } from '../lib/log.ts';
import type { KeyRing } from './api-keys.ts';
import { findEntry } from './catalogue/catalogue.ts';
import { normalise, unwrapData } from './normalise.ts';
import { describePanelRequest, type PushEvent, type PushEventSource } from './push-event.ts';
import { type EnvelopeRefusal, isNestedTooDeep, MAX_LEVELS, parseObject, readEnvelope } from './read-envelope.ts';

/** One authenticated event, in the two forms in which consumers want it. */
export interface ReceivedEvent {
  readonly event: PushEvent;
  /** The envelope as received, without its key and with a one-element array of `data` unwrapped. */
  readonly body: Readonly<Record<string, unknown>>;
}

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
  if (fault === undefined) log.coalesce({ type }).warn(NOT_UNDERSTOOD, { id, reason: event.issues[0] });
  else log.coalesce({ type }).error(OWN_FAULT, { id, reason: fault });
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

const KEEPS_OWN =
  'Nothing is done: this resource keeps its own configuration (config.json and convars), and tells the CAD of none that it has not loaded.';

const REFUSED: Readonly<Record<EnvelopeRefusal | 'too-large', string>> = {
  'wrong-key': 'the API key in it is none of those configured here',
  'no-key': 'it has no API key',
  'invalid-json': 'it is not a JSON object',
  'invalid-type': 'it has no type',
  'too-large': 'it is longer than 1 MiB',
};

interface SessionEventsOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** The key that the session is authenticated with. */
  sessionKey(): string;
  /** Takes an event: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer): void;
  /** Called for each that was no event, to count them. */
  refused(reason: Refusal): void;
  readonly log: Log;
  readonly clock: { now(): number };
}

/** @returns what takes an event as the CAD sent it over the session: it goes the way of one that came by HTTP */
export function createSessionEvents(options: SessionEventsOptions): (payload: unknown) => void {
  const { keys, sessionKey, accept, refused, log, clock } = options;
  return (payload) => {
    const result = receivePayload(payload, keys(), sessionKey(), clock.now());
    if (!result.accepted) {
      refused(result.reason);
      log.coalesce({}).warn(`An event over the session with the CAD was refused: ${REFUSED[result.reason]}.`);
      return;
    }
    const asked = describePanelRequest(result.event.type);
    if (asked !== null) log.coalesce({}).warn(`The FiveM panel of the CAD asks this resource ${asked}. ${KEEPS_OWN}`);
    accept(result, result.raw);
    logReceived(result, log);
  };
}

/** Why a request was no event. */
export type Refusal = EnvelopeRefusal | 'too-large' | 'late' | 'lost';

/** Types that the catalogue does not know and that are counted by name. */
const MAX_UNKNOWN = 100;
const LONGEST_NAME = 64;
const OTHERS = 'other types';

/** What came in since the start. */
export type TrafficReport = ReturnType<Traffic['report']>;
export type Traffic = ReturnType<typeof createTraffic>;

/** Counts what comes in. Constant time an event, and bounded memory whatever types there are. */
export function createTraffic(clock: { monotonic(): number }) {
  const ways = new Map<PushEventSource, { count: number; lastAt: number }>();
  const types = new Map<string, number>();
  const refusals = new Map<Refusal, number>();
  let unknown = 0;
  let unreadable = 0;

  function nameOf(type: string): string {
    if (types.has(type) || findEntry(type) !== undefined) return type;
    if (unknown >= MAX_UNKNOWN || type.length > LONGEST_NAME) return OTHERS;
    unknown += 1;
    return type;
  }

  return {
    accepted({ source, type, valid }: PushEvent): void {
      ways.set(source, { count: (ways.get(source)?.count ?? 0) + 1, lastAt: clock.monotonic() });
      const name = nameOf(type);
      types.set(name, (types.get(name) ?? 0) + 1);
      if (!valid) unreadable += 1;
    },
    refused: (reason: Refusal) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
    report: () => ({
      /** For each way that anything came by: how many events, and how many milliseconds ago the last. */
      ways: [...ways].map(([source, { count, lastAt }]) => ({ source, count, lastMs: clock.monotonic() - lastAt })),
      // Most frequent first, as the reasons.
      types: mostFirst(types).map(([type, count]) => ({ type, count })),
      /** Events whose data was not understood. */
      unreadable,
      refusals: mostFirst(refusals).map(([reason, count]) => ({ reason, count })),
    }),
  };
}

function mostFirst<Name>(counts: ReadonlyMap<Name, number>): [Name, number][] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
