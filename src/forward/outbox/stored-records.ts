import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { KeylessBody } from './outgoing-bodies.ts';

/** An event as it is stored. */
export interface EventRecord {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** When it was put into the queue; for a replay, when the operator asked for that. Milliseconds since 1970. */
  readonly enqueuedAt: number;
  readonly hops: number;
  readonly replay: boolean;
  readonly body: KeylessBody;
}

/** Why and when an event was given up on. */
interface Death {
  /** In words. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly diedAt: number;
  readonly attempts: number;
}

export interface DeadLetterRecord extends Death {
  /** The event; if its record was damaged, what is left of that as text. */
  readonly content: EventRecord | string;
}

/** What is kept of a delivery queue beside its events. */
export interface QueueRecord {
  /** Events up to this sequence number are done, except for the deferred ones. */
  readonly doneUpTo: number;
  /** Sequence numbers of later events that are done. */
  readonly doneAhead: readonly number[];
  /** Sequence numbers of deferred events, each with its answers 5xx since it was deferred. */
  readonly deferred: readonly (readonly [seq: number, errors: number])[];
  /** Whether the target has ever answered 2xx. */
  readonly answered: boolean;
  /** Whether it takes events and never answers. */
  readonly silent: boolean;
  /** A hash of its address, which is a secret: to tell whether it has changed. */
  readonly address: string;
}

/** For a queue without a readable record: everything that is stored for its target is sent, possibly a second time. */
export const UNKNOWN_QUEUE: QueueRecord = {
  doneUpTo: 0,
  doneAhead: [],
  deferred: [],
  answered: false,
  silent: false,
  address: '',
};

const CHECKSUM_LENGTH = 8;

/** @returns the value to store: the content behind a checksum over it and its key */
export function seal(key: string, content: string): string {
  return checksum(key, content) + content;
}

/** @returns the content, null where it or its key is not as it was written */
export function unseal(key: string, value: string | null): string | null {
  const content = value?.slice(CHECKSUM_LENGTH) ?? '';
  return value === seal(key, content) ? content : null;
}

/** @returns the bytes of the value that `seal` makes */
export function sealedBytes(content: string): number {
  return CHECKSUM_LENGTH + Buffer.byteLength(content);
}

/** The beginning of a SHA-1: Node has CRC-32 only from 22.2 on. */
function checksum(key: string, content: string): string {
  return createHash('sha1').update(`${key}\n`).update(content).digest('hex').slice(0, CHECKSUM_LENGTH);
}

// What follows reads only what `unseal` found intact, and therefore validates nothing.

export function encodeEvent(record: EventRecord): string {
  const { facts, body } = split(record);
  return `${JSON.stringify(facts)}\n${body}`;
}

export function decodeEvent(content: string): EventRecord {
  const [line, body] = splitLine(content);
  return join(JSON.parse(line), body);
}

export function encodeDeadLetter({ content, ...death }: DeadLetterRecord): string {
  const { facts, body } = typeof content === 'string' ? { facts: null, body: content } : split(content);
  return `${JSON.stringify({ ...death, event: facts })}\n${body}`;
}

export function decodeDeadLetter(content: string): DeadLetterRecord {
  const [line, body] = splitLine(content);
  const { event, ...death } = JSON.parse(line) as Death & { event: EventFacts | null };
  return { ...death, content: event === null ? body : join(event, body) };
}

/** An event without its body. */
interface EventFacts extends Omit<EventRecord, 'body'> {
  readonly encoding: 'utf8' | 'base64';
  readonly holes: readonly number[];
}

/** KVP cuts text at NUL and mangles bytes that are not UTF-8: such bodies are stored as base64. */
function split({ body: { bytes, holes }, ...facts }: EventRecord): { facts: EventFacts; body: string } {
  const encoding = isUtf8(bytes) && !bytes.includes(0) ? 'utf8' : 'base64';
  return { facts: { ...facts, holes, encoding }, body: bytes.toString(encoding) };
}

function join({ encoding, holes, ...facts }: EventFacts, body: string): EventRecord {
  return { ...facts, body: { bytes: Buffer.from(body, encoding), holes } };
}

function splitLine(content: string): [string, string] {
  const end = content.indexOf('\n');
  return [content.slice(0, end), content.slice(end + 1)];
}
