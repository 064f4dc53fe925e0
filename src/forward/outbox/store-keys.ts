/**
 * The layout of the outbox:
 *
 * | key | value |
 * | --- | --- |
 * | `o/<seq>/<slots>/<size>/<id>` | an event with its body; `slots` is the hexadecimal mask of the targets that it is for |
 * | `c/<target>/<slot>` | a delivery queue: up to which event it is done, which events wait before ones that are done, what is known of its target |
 * | `a/<target>/<seq>` | an event that still waits in a delivery queue that is done up to a later one |
 * | `d/<target>/<seq>/<size>/<id>` | a dead letter with its own body |
 * | `b/<target>/<seq>/<id>` | names a dead letter |
 * | `l` | names the events that were stored last |
 * | `x/<key>` | what could not be read under that key |
 * | `n` | the sequence numbers up to this one are taken |
 * | `q` | the index: the delivery queues there are, and once more what `n` says |
 * | `k` | the canary (see `checked-store.ts`) |
 *
 * What waits is in the keys, so that few bodies are read at the start. Each event is named in one record more, so that the loss of its own
 * is noticed: in `l`, in that of the event behind it in the queue, in the queue's, or in its mark. Sequence numbers have a fixed width: the
 * store's order is theirs.
 */
const SEQ_DIGITS = 12;

/** Places in the masks of the events: those of removed targets among them, until their events are dead letters. */
export const SLOTS = 52;

export const COUNTER_KEY = 'n';
export const INDEX_KEY = 'q';
export const LAST_KEY = 'l';

/** What the key of an event says. */
export interface EventKey {
  readonly seq: number;
  /** The targets that it was for when it was stored: the sum of 2 to the power of each slot. */
  readonly slots: number;
  /** Bytes of the stored value. */
  readonly size: number;
  readonly id: string;
}

/** What the key of a dead letter says. */
export interface DeadLetterKey extends Omit<EventKey, 'slots'> {
  readonly target: string;
}

/** By what it is known in the key of its name. */
export type DeadLetterName = Omit<DeadLetterKey, 'size'>;

/** @param slots the sum of 2 to the power of each */
export function hasSlot(slots: number, slot: number): boolean {
  return Math.floor(slots / 2 ** slot) % 2 === 1;
}

export const eventKey = ({ seq, slots, size, id }: EventKey): string =>
  `o/${seqText(seq)}/${slots.toString(16)}/${size}/${encodeURIComponent(id)}`;

export const deadLetterKey = ({ target, seq, size, id }: DeadLetterKey): string =>
  `d/${encodeURIComponent(target)}/${seqText(seq)}/${size}/${encodeURIComponent(id)}`;

// What the checksum of a record says of its place: its key, but for the size, which is known only afterwards.

export const eventPlace = (event: Omit<EventKey, 'size'>): string => eventKey({ ...event, size: 0 });

export const deadLetterPlace = (deadLetter: DeadLetterName): string => deadLetterKey({ ...deadLetter, size: 0 });

export const deadNameKey = ({ target, seq, id }: DeadLetterName): string =>
  `b/${encodeURIComponent(target)}/${seqText(seq)}/${encodeURIComponent(id)}`;

export const queueKey = (target: string, slot: number): string => `c/${encodeURIComponent(target)}/${slot}`;

export const markKey = (target: string, seq: number): string => `a/${encodeURIComponent(target)}/${seqText(seq)}`;

// Each of these gives null for a key that is not of this layout.

export function parseEventKey(key: string): EventKey | null {
  const [seq, slots = '', size, id = ''] = partsOf(key, /^o\/(\d{12,15})\/([0-9a-f]{1,13})\/(\d{1,9})\/([^/]+)$/) ?? [];
  return seq === undefined ? null : { seq: Number(seq), slots: Number.parseInt(slots, 16), size: Number(size), id };
}

export function parseDeadLetterKey(key: string): DeadLetterKey | null {
  const [target, seq, size, id = ''] = partsOf(key, /^d\/([^/]+)\/(\d{12,15})\/(\d{1,9})\/([^/]+)$/) ?? [];
  return target === undefined ? null : { target, seq: Number(seq), size: Number(size), id };
}

export function parseDeadNameKey(key: string): DeadLetterName | null {
  const [target, seq, id = ''] = partsOf(key, /^b\/([^/]+)\/(\d{12,15})\/([^/]+)$/) ?? [];
  return target === undefined ? null : { target, seq: Number(seq), id };
}

export function parseQueueKey(key: string): { readonly target: string; readonly slot: number } | null {
  const [target, slot] = partsOf(key, /^c\/([^/]+)\/(\d{1,2})$/) ?? [];
  return target === undefined ? null : { target, slot: Number(slot) };
}

export function parseMarkKey(key: string): { readonly target: string; readonly seq: number } | null {
  const [target, seq] = partsOf(key, /^a\/([^/]+)\/(\d{12,15})$/) ?? [];
  return target === undefined ? null : { target, seq: Number(seq) };
}

/** @returns the sequence number in any key that has one second or third, 0 otherwise */
export function seqIn(key: string): number {
  return Number(/\/(\d{12,15})(?:\/|$)/.exec(key)?.[1] ?? 0);
}

function seqText(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

function partsOf(key: string, layout: RegExp): string[] | null {
  try {
    return layout.exec(key)?.slice(1).map(decodeURIComponent) ?? null;
  } catch {
    return null; // a part that is not encoded as ours are
  }
}
