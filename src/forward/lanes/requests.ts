import type { Clock } from '../../platform/clock.ts';
import type { AttemptResult, OutgoingEvent, Send, Target } from '../delivery.ts';
import type { EventRecord } from '../outbox/event-record.ts';
import { withKey, withoutKey } from '../outbox/key-members.ts';
import { PROBE_TYPE } from '../signed-headers.ts';
import { ASIDE_ATTEMPTS, type QueueItem } from './queue-item.ts';

/** A request that is under way. */
export interface LaneRequest {
  /** What it carries; null for a probe. */
  readonly item: QueueItem | null;
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  /** The attempt after which the event is given up on; null when attempts do not end it. */
  readonly lastAttempt: number | null;
  /** The event that was passed over to see whether this one is taken. */
  readonly suspect: QueueItem | null;
  /** Of a probe: the request without an answer that led to it. */
  readonly onBehalfOf: LaneRequest | null;
  /** When its last byte was handed to the system, in monotonic milliseconds; null before. */
  writtenAt: number | null;
}

/** The requests of one lane. */
export interface Requests {
  /** Under way, oldest first. */
  readonly open: readonly LaneRequest[];
  send(item: QueueItem, record: EventRecord, suspect: QueueItem | null, deadlineMs: number): void;
  probe(onBehalfOf: LaneRequest | null): void;
  /** Calls one off; nothing more is heard of it. */
  cancel(request: LaneRequest): void;
}

export interface RequestsOptions {
  readonly send: Send;
  readonly clock: Clock;
  target(): Target;
  currentKey(): string;
  written(request: LaneRequest): void;
  ended(request: LaneRequest, result: AttemptResult): void;
}

const noRequest = { item: null, attempt: 1, lastAttempt: null, suspect: null, onBehalfOf: null, writtenAt: null };

export function createRequests({ send, clock, target, currentKey, written, ended }: RequestsOptions): Requests {
  const open: { readonly request: LaneRequest; cancel: () => void }[] = [];

  function remove(request: LaneRequest): (() => void) | undefined {
    const at = open.findIndex((entry) => entry.request === request);
    return at < 0 ? undefined : open.splice(at, 1)[0]?.cancel;
  }

  function start(request: LaneRequest, event: OutgoingEvent, replay: boolean, deadlineMs: number): void {
    const entry = { request, cancel: () => {} };
    open.push(entry);
    const attempt = { target: target(), event, attempt: request.attempt, replay, probe: request.item === null };
    entry.cancel = send(attempt, deadlineMs, {
      written() {
        request.writtenAt = clock.monotonic();
        written(request);
      },
      ended(result) {
        if (remove(request) !== undefined) ended(request, result);
      },
    });
  }

  return {
    get open() {
      return open.map(({ request }) => request);
    },
    send(item, record, suspect, deadlineMs) {
      item.state = 'open';
      item.attempts += 1;
      const body = target().includeKey ? withKey(record.body, currentKey()) : withoutKey(record.body);
      const { id } = item.event;
      const event = { id, type: record.type, receivedAt: record.receivedAt, body, hops: record.hops };
      const lastAttempt = item.aside ? item.attempts + ASIDE_ATTEMPTS - 1 - item.lateServerErrors : null;
      const request = { ...noRequest, item, id, type: record.type, attempt: item.attempts, lastAttempt, suspect };
      start(request, event, record.replay, deadlineMs);
    },
    probe(onBehalfOf) {
      const key = target().includeKey ? { key: currentKey() } : {};
      const body = Buffer.from(JSON.stringify({ ...key, type: PROBE_TYPE, data: {} }));
      const id = `probe-${clock.now()}`;
      const request = { ...noRequest, id, type: PROBE_TYPE, onBehalfOf };
      start(request, { id, type: PROBE_TYPE, receivedAt: clock.now(), body, hops: 0 }, false, target().timeoutMs);
    },
    cancel(request) {
      remove(request)?.();
    },
  };
}
