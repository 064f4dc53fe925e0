import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import type { KeylessBody } from './key-members.ts';

/** The form in which events are written; older ones are read, newer ones left alone. */
const EVENT_VERSION = 1;
/** The same of delivery queues. */
const QUEUE_VERSION = 1;

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const death = v.object({
  /** Why it was given up on, in words. */
  reason: v.string(),
  /** Milliseconds since 1970. */
  at: number,
  attempts: number,
});

const header = v.object({
  v: v.literal(EVENT_VERSION),
  /** KVP cuts text at NUL and mangles what is no UTF-8: such bodies are kept as base64. */
  as: v.picklist(['text', 'base64']),
  holes: v.array(count),
  type: v.string(),
  /** Milliseconds since 1970. */
  received: number,
  /** When it was put into the queue, which for a replay is later. Milliseconds since 1970. */
  queued: number,
  hops: number,
  replay: v.boolean(),
  dead: v.optional(death),
});

/** Why and when an event was given up on. */
export type Death = Readonly<v.InferOutput<typeof death>>;

/** An event as it is stored. */
export interface EventRecord {
  readonly type: string;
  readonly receivedAt: number;
  readonly queuedAt: number;
  readonly hops: number;
  readonly replay: boolean;
  readonly body: KeylessBody;
  /** Of dead letters. */
  readonly dead?: Death | undefined;
}

export type ReadRecord =
  | { readonly kind: 'readable'; readonly record: EventRecord }
  /** Written by a later version of this resource. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'corrupt' };

/** @returns a line of JSON and the body, and how many bytes that is */
export function writeRecord(record: EventRecord): { readonly value: string; readonly size: number } {
  const { bytes, holes } = record.body;
  const asText = isUtf8(bytes) && !bytes.includes(0);
  const head: v.InferInput<typeof header> = {
    v: EVENT_VERSION,
    as: asText ? 'text' : 'base64',
    holes: [...holes],
    type: record.type,
    received: record.receivedAt,
    queued: record.queuedAt,
    hops: record.hops,
    replay: record.replay,
    dead: record.dead,
  };
  const line = `${JSON.stringify(head)}\n`;
  const body = bytes.toString(asText ? 'utf8' : 'base64');
  return { value: line + body, size: Buffer.byteLength(line) + (asText ? bytes.length : body.length) };
}

/**
 * @param value what the store holds, null for nothing
 * @param size the bytes it was said to have; with fewer it was cut
 */
export function readRecord(value: string | null, size: number): ReadRecord {
  if (value === null) return { kind: 'corrupt' };
  const end = value.indexOf('\n');
  const head = readJson(value.slice(0, end < 0 ? undefined : end));
  if (isNewer(head, EVENT_VERSION)) return { kind: 'newer' };
  const read = v.safeParse(header, head);
  if (!read.success || end < 0 || Buffer.byteLength(value) !== size) return { kind: 'corrupt' };
  const { type, received, queued, hops, replay, dead, as, holes } = read.output;
  const bytes = Buffer.from(value.slice(end + 1), as === 'text' ? 'utf8' : 'base64');
  const record = { type, receivedAt: received, queuedAt: queued, hops, replay, body: { bytes, holes }, dead };
  return { kind: 'readable', record };
}

const queueRecord = v.object({
  v: v.literal(QUEUE_VERSION),
  /** Events up to this one are done, but for those marked otherwise. */
  seq: count,
  /** Whether the target has ever answered 2xx. */
  answered: v.boolean(),
  /** Whether it takes events and never answers. */
  silent: v.boolean(),
  /** A hash of its address, which is a secret: to tell whether it has changed. */
  address: v.string(),
});

/** What is kept of a delivery queue beside its events. */
export type QueueRecord = Readonly<Omit<v.InferOutput<typeof queueRecord>, 'v'>>;

/** Of a queue of which nothing is known: all that is stored for its target is sent, rather twice than never. */
export const UNKNOWN_TARGET: QueueRecord = { seq: 0, answered: false, silent: false, address: '' };

export function writeQueue(record: QueueRecord): string {
  return JSON.stringify({ v: QUEUE_VERSION, ...record } satisfies v.InferInput<typeof queueRecord>);
}

/** @returns 'newer' for a record of a later version of this resource */
export function readQueue(value: string | null): QueueRecord | 'newer' | 'corrupt' {
  const content = readJson(value ?? '');
  if (isNewer(content, QUEUE_VERSION)) return 'newer';
  const read = v.safeParse(queueRecord, content);
  return read.success ? read.output : 'corrupt';
}

function isNewer(content: unknown, version: number): boolean {
  const given = (content as { v?: unknown } | null)?.v;
  return typeof given === 'number' && given > version;
}

/** @returns what a stored text holds, null for one that is no JSON: corrupt, which the caller says */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the parser's message would quote the text
  }
}
