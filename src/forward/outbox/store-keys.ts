// The keys of the outbox in format 1, which docs/architecture.md describes. Keys hold all that a start needs: it reads
// no bodies.

/** Every key of format 1 begins with this. Other formats have other prefixes and are left alone. */
const FORMAT = '1/';
export const COUNTER_KEY = `${FORMAT}counter`;
export const CANARY_KEY = `${FORMAT}canary`;
export const EVENT_PREFIX = `${FORMAT}event/`;
export const DEAD_LETTER_PREFIX = `${FORMAT}dead-letter/`;
export const QUEUE_PREFIX = `${FORMAT}queue/`;
export const SET_ASIDE_PREFIX = `${FORMAT}set-aside/`;

/** Digits of a sequence number. The fixed width makes the order of keys the order of arrival. */
const SEQ_DIGITS = 15;

/** What the key of a waiting event says. */
export interface EventKey {
  readonly seq: number;
  /** Names of the targets that it was for when it was stored. */
  readonly targets: readonly string[];
  /** Bytes of the stored value. */
  readonly size: number;
  readonly id: string;
}

/** What the key of a dead letter says. */
export interface DeadLetterKey extends Omit<EventKey, 'targets'> {
  readonly target: string;
}

export function eventKey({ seq, targets, size, id }: EventKey): string {
  const names = targets.map(encodeURIComponent).join(',');
  return `${EVENT_PREFIX}${formatSeq(seq)}/${names}/${size}/${encodeURIComponent(id)}`;
}

export function deadLetterKey({ target, seq, size, id }: DeadLetterKey): string {
  return `${DEAD_LETTER_PREFIX}${encodeURIComponent(target)}/${formatSeq(seq)}/${size}/${encodeURIComponent(id)}`;
}

export function queueKey(target: string): string {
  return QUEUE_PREFIX + encodeURIComponent(target);
}

/** @returns the key under which an unreadable record is kept for the operator */
export function setAsideKey(key: string): string {
  return SET_ASIDE_PREFIX + key;
}

/** @returns null for a key of another layout */
export function parseEventKey(key: string): EventKey | null {
  const [, seq = '', targets = '', size = '', id = ''] = /^1\/event\/(\d+)\/([^/]+)\/(\d+)\/([^/]+)$/.exec(key) ?? [];
  const parsed = { seq: Number(seq), targets: targets.split(',').map(decode), size: Number(size), id: decode(id) };
  // Only a key that we would write in exactly this way is ours.
  return eventKey(parsed) === key ? parsed : null;
}

/** @returns null for a key of another layout */
export function parseDeadLetterKey(key: string): DeadLetterKey | null {
  const [, target = '', seq = '', size = '', id = ''] =
    /^1\/dead-letter\/([^/]+)\/(\d+)\/(\d+)\/([^/]+)$/.exec(key) ?? [];
  const parsed = { target: decode(target), seq: Number(seq), size: Number(size), id: decode(id) };
  return deadLetterKey(parsed) === key ? parsed : null;
}

/** @returns the target's name, null for a key of another layout */
export function parseQueueKey(key: string): string | null {
  const target = decode(key.slice(QUEUE_PREFIX.length));
  return queueKey(target) === key ? target : null;
}

export function isOtherFormat(key: string): boolean {
  return !key.startsWith(FORMAT);
}

/**
 * Later formats keep the names `event` and `dead-letter`, so that this version can count. `o` and `d` are older than
 * format 1.
 */
export function isEventOfOtherFormat(key: string): boolean {
  return isOtherFormat(key) && /^(?:\d+\/event|\d+\/dead-letter|o|d)\//.test(key);
}

function formatSeq(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return ''; // not encoded by us: the comparison of the whole key fails
  }
}
