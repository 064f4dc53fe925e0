import { isUtf8 } from 'node:buffer';
import zlib from 'node:zlib';
import * as v from 'valibot';
import type { KeylessBody } from './outgoing-bodies.ts';
import type { EventKey } from './store-keys.ts';

/** The form in which events are written; older ones are read, newer ones left alone. */
const EVENT_VERSION = 1;
/** The same of delivery queues. */
const QUEUE_VERSION = 1;
/** The same of the index. */
const INDEX_VERSION = 1;
/** The same of what names the last events. */
const LAST_VERSION = 1;

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * Names an event by its sequence number, its slots and its id: it is kept with another record than the event's own, so that the loss of
 * that one is noticed.
 */
const link = v.pipe(v.strictTuple([count, count, v.string()]), v.readonly());

const links = v.pipe(v.array(link), v.readonly());

export type EventLink = v.InferOutput<typeof link>;

export const linkTo = ({ seq, slots, id }: Omit<EventKey, 'size'>): EventLink => [seq, slots, id];

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
  /** The events that were stored last before it for its targets. Earlier versions wrote none. */
  after: v.optional(links),
});

/** Of a dead letter whose event could not be read: what was left of it follows. Versions that do not know it leave it alone. */
const damagedHeader = v.object({ v: v.literal(EVENT_VERSION), as: v.literal('damaged'), dead: death });

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
  /** Of events that wait: see `header`. */
  readonly after?: readonly EventLink[] | undefined;
}

/** What is left of a record that cannot be trusted. */
export interface DamagedRecord {
  readonly kind: 'damaged';
  readonly reason: string;
  /** As the store has it; null for nothing. */
  readonly value: string | null;
  /** Of a dead letter that was made of a damaged event. */
  readonly dead?: Death;
}

export const GONE: DamagedRecord = { kind: 'damaged', reason: 'its record is gone from the database', value: null };

export type ReadRecord =
  | { readonly kind: 'readable'; readonly record: EventRecord }
  /** Written by a later version of this resource. */
  | { readonly kind: 'newer' }
  | DamagedRecord;

/**
 * @param place what its key says of it; belongs to what is checked
 * @returns a line of JSON and the body, and how many bytes that is
 */
export function writeRecord(record: EventRecord, place: string): { readonly value: string; readonly size: number } {
  const { bytes, holes } = record.body;
  const asText = isUtf8(bytes) && !bytes.includes(0);
  const head: v.InferOutput<typeof header> = {
    v: EVENT_VERSION,
    as: asText ? 'text' : 'base64',
    holes: [...holes],
    type: record.type,
    received: record.receivedAt,
    queued: record.queuedAt,
    hops: record.hops,
    replay: record.replay,
    dead: record.dead,
    after: record.after,
  };
  const line = `${sealed(head, place, bytes)}\n`;
  const body = bytes.toString(asText ? 'utf8' : 'base64');
  return { value: line + body, size: Buffer.byteLength(line) + (asText ? bytes.length : body.length) };
}

/** As `writeRecord`, of an event that could not be read: it is kept as it was found, since the operator may still read something in it. */
export function writeDamaged({ value }: DamagedRecord, dead: Death, place: string) {
  const left = value ?? '';
  const head: v.InferOutput<typeof damagedHeader> = { v: EVENT_VERSION, as: 'damaged', dead };
  const whole = `${sealed(head, place, Buffer.from(left))}\n${left}`;
  return { value: whole, size: Buffer.byteLength(whole) };
}

/**
 * @param value what the store holds, null for nothing
 * @param size the bytes it was said to have; with fewer it was cut
 * @param place as it was written with
 */
export function readRecord(value: string | null, size: number, place: string): ReadRecord {
  if (value === null) return GONE;
  const end = value.indexOf('\n');
  const line = value.slice(0, end < 0 ? undefined : end);
  const head = readJson(line);
  const isBase64 = (head as { as?: unknown } | null)?.as === 'base64';
  const bytes = Buffer.from(end < 0 ? '' : value.slice(end + 1), isBase64 ? 'base64' : 'utf8');
  const seal = readSeal(line, place, bytes);
  if (seal !== 'broken' && isNewer(head, EVENT_VERSION)) return { kind: 'newer' };
  const damaged = { kind: 'damaged', reason: 'its record in the database is damaged', value } as const;
  if (end < 0 || Buffer.byteLength(value) !== size) return damaged;
  const ofDamaged = parseSealed(damagedHeader, head, seal);
  if (ofDamaged !== null) return { ...damaged, reason: ofDamaged.dead.reason, dead: ofDamaged.dead };
  const read = parseSealed(header, head, seal);
  if (read === null) return damaged;
  const { type, received, queued, hops, replay, dead, holes, after } = read;
  const record = { type, receivedAt: received, queuedAt: queued, hops, replay, body: { bytes, holes }, dead, after };
  return { kind: 'readable', record };
}

/** @returns what a mark says behind its first words; null where it names no event: earlier versions wrote none there */
export function readLink(text: string): EventLink | null {
  const read = v.safeParse(link, readJson(text));
  return read.success ? read.output : null;
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
  /** The sum of the numbers of the events that are marked as waiting: tells when a mark is lost. Earlier versions wrote none. */
  marks: v.optional(count),
  /**
   * The events that wait and that no event behind them in the queue names, each with the number up to which those behind it are done.
   * Earlier versions wrote none.
   */
  named: v.optional(v.pipe(v.array(v.pipe(v.strictTuple([...link.items, count]), v.readonly())), v.readonly())),
  /** An event up to this one is not missed: earlier versions may have been done with it and not said so. */
  since: v.optional(count),
});

/** What is kept of a delivery queue beside its events. */
export type QueueRecord = Readonly<Omit<v.InferOutput<typeof queueRecord>, 'v'>>;

/** Of a queue of which nothing is known: all that is stored for its target is sent, rather twice than never. */
export const UNKNOWN_TARGET: QueueRecord = { seq: 0, answered: false, silent: false, address: '' };

export function writeQueue(record: QueueRecord, place: string): string {
  return sealed({ v: QUEUE_VERSION, ...record } satisfies v.InferOutput<typeof queueRecord>, place);
}

/** @returns 'newer' for a record of a later version of this resource */
export function readQueue(value: string | null, place: string): QueueRecord | 'newer' | 'damaged' {
  const content = readJson(value ?? '');
  const seal = readSeal(value ?? '', place);
  if (seal !== 'broken' && isNewer(content, QUEUE_VERSION)) return 'newer';
  return parseSealed(queueRecord, content, seal) ?? 'damaged';
}

const index = v.object({
  v: v.literal(INDEX_VERSION),
  /** The sequence numbers up to this one are taken. */
  reserved: count,
  /** The delivery queues there are. */
  queues: v.array(v.strictTuple([v.string(), count])),
});

/** What is said a second time in one place, so that the loss of one record is noticed. */
export type StoreIndex = Readonly<Omit<v.InferOutput<typeof index>, 'v'>>;

export function writeIndex(record: StoreIndex, place: string): string {
  return sealed({ v: INDEX_VERSION, ...record } satisfies v.InferOutput<typeof index>, place);
}

/** @returns null where it says nothing: earlier versions wrote none */
export function readIndex(value: string | null, place: string): StoreIndex | null {
  return parseSealed(index, readJson(value ?? ''), readSeal(value ?? '', place));
}

/** @returns the value of the name of a dead letter: all that it says is in its key */
export function writeDeadName(place: string): string {
  return sealed({ v: EVENT_VERSION }, place);
}

const last = v.object({
  v: v.literal(LAST_VERSION),
  /** For each target the event that was stored last for it; one can be that of several. */
  events: links,
});

export function writeLast(events: readonly EventLink[], place: string): string {
  return sealed({ v: LAST_VERSION, events } satisfies v.InferOutput<typeof last>, place);
}

/** @returns nothing where it cannot be read: earlier versions wrote none */
export function readLast(value: string | null, place: string): readonly EventLink[] {
  return parseSealed(last, readJson(value ?? ''), readSeal(value ?? '', place))?.events ?? [];
}

/** Node has it from 20.15 and 22.2 on. Before, records are written without a checksum and read without a check. */
const crc32: typeof zlib.crc32 | undefined = zlib.crc32;
const SEAL = /,"crc":(\d{1,10})\}$/;

/** @returns an object as JSON with one more member: a checksum over it, over where it is kept and over what follows it */
function sealed(content: object, place: string, body: Buffer = NOTHING): string {
  const json = JSON.stringify(content);
  return crc32 === undefined ? json : `${json.slice(0, -1)},"crc":${checksum(crc32, json, place, body)}}`;
}

/** `none` is what 5.0.0 wrote, or a Node without a checksum. */
type Seal = 'intact' | 'broken' | 'none';

/** A later version that reckons otherwise has to name the member otherwise: one that is not right is taken for damage. */
function readSeal(json: string, place: string, body: Buffer = NOTHING): Seal {
  const seal = SEAL.exec(json);
  if (seal === null) return 'none';
  if (crc32 === undefined) return 'intact';
  const isRight = checksum(crc32, `${json.slice(0, seal.index)}}`, place, body) === Number(seal[1]);
  return isRight ? 'intact' : 'broken';
}

/** @returns null for what cannot be trusted: without a seal, a member that is not known is one whose name was damaged */
function parseSealed<const Schema extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  schema: Schema,
  content: unknown,
  seal: Seal,
): v.InferOutput<Schema> | null {
  const read = v.safeParse(schema, content);
  if (!read.success || seal === 'broken') return null;
  const isKnown = seal === 'intact' || Object.keys(content as object).every((name) => name in schema.entries);
  return isKnown ? read.output : null;
}

const NOTHING = Buffer.alloc(0);

function checksum(crc: typeof zlib.crc32, json: string, place: string, body: Buffer): number {
  const sum = crc(place + json);
  return body.length === 0 ? sum : crc(body, sum);
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
