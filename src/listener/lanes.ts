import { CALL_LANES } from '../forward/targets/nats-settings.ts';
import type { ConsumerSettings } from './consumer-options.ts';

/** A consumer of the broker, which workers share: from one that allows one event at a time they get them in order. */
export interface Lane {
  /** The name of the broker's consumer. */
  readonly durable: string;
  /** The subjects in it; undefined for all of the stream. */
  readonly filter: string | undefined;
  /** How many of its events may be in hand at all workers together. */
  readonly maxInHand: number;
  /** How many of them one worker takes at once. */
  readonly slots: number;
}

/** Without an order, so many events may be in hand at all workers together. */
const MAX_IN_HAND = 10_000;

type Placeholders = Readonly<Record<string, string>>;

function fill(filter: string, values: Placeholders): string {
  return filter.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '*');
}

/** @returns the filter with stars for what is open; a call is two parts, its lane and the call */
export function subjectsOf(filter: string): string {
  return fill(filter, { callId: '*.*' });
}

/** @returns the lanes that are there from the beginning: none where there is one for each game server, which are found out */
export function fixedLanes({ durable, filter, order, concurrency }: ConsumerSettings): Lane[] {
  if (order === 'server') return [];
  if (order === 'call') {
    return Array.from({ length: CALL_LANES }, (_, lane) => ({
      durable: `${durable}-call-${lane}`,
      filter: fill(filter ?? '', { callId: `${lane}.*` }),
      ...{ maxInHand: 1, slots: 1 },
    }));
  }
  const subjects = filter === null ? undefined : subjectsOf(filter);
  return [{ durable, filter: subjects, maxInHand: MAX_IN_HAND, slots: concurrency }];
}

/** @returns the lane of one game server */
export function serverLane({ durable, filter }: ConsumerSettings, serverId: string): Lane {
  const subjects = fill(filter ?? '', { serverId, callId: '*.*' });
  return { durable: `${durable}-server-${serverId}`, filter: subjects, maxInHand: 1, slots: 1 };
}

const MAX_SERVERS = 1_000;

/**
 * @param subjects of messages in the stream
 * @returns the game servers whose they are, a thousand at most
 */
export function serversIn({ filter }: ConsumerSettings, subjects: readonly string[]): string[] {
  const parts = (filter ?? '').split('.');
  const before = parts.slice(0, parts.indexOf('{serverId}'));
  const at = before.length + before.filter((part) => part === '{callId}').length;
  const ids = subjects.map((subject) => subject.split('.')[at] ?? '').filter((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id));
  return [...new Set(ids)].slice(0, MAX_SERVERS);
}
