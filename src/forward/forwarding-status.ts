import type { LaneStatus } from './lanes/lane-status.ts';
import type { DeadLetters } from './outbox/dead-letters.ts';
import type { StoreStatus } from './stores/checked-store.ts';

/** How forwarding is doing: plain values, which may cross to other resources. */
export interface ForwardingStatus {
  /** Whether what an earlier run left is still being searched for; nothing is sent meanwhile. */
  readonly recovering: boolean;
  readonly store: StoreStatus;
  readonly targets: readonly LaneStatus[];
  /** Removed targets whose events are becoming dead letters. */
  readonly leaving: readonly { readonly target: string; readonly queued: number }[];
  /** Targets that are not configured and have dead letters. */
  readonly removed: readonly { readonly target: string; readonly deadLetters: number }[];
  /** Events that became dead letters because other forwarders sent them too often: a circle. */
  readonly stoppedLoops: number;
}

/** A dead letter as it is listed. */
export interface DeadLetterInfo {
  /** The event's webhook-id. */
  readonly id: string;
  readonly target: string;
  /** Null, as all below, for one that cannot be read. */
  readonly type: string | null;
  readonly reason: string | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number | null;
  readonly diedAt: number | null;
  readonly attempts: number | null;
  /** Bytes, as stored. */
  readonly size: number;
}

/** Reads the newest dead letters, of one target or of all. */
export function listDeadLetters(deadLetters: DeadLetters, target: string | undefined, limit: number): DeadLetterInfo[] {
  const newest = deadLetters
    .list(target)
    .sort((a, b) => a.seq - b.seq)
    .slice(-Math.max(1, limit));
  return newest.map((letter) => {
    const read = deadLetters.load(letter);
    const record = read.kind === 'readable' ? read.record : null;
    return {
      id: letter.id,
      target: letter.target,
      type: record?.type ?? null,
      reason: record?.dead?.reason ?? null,
      receivedAt: record?.receivedAt ?? null,
      diedAt: record?.dead?.at ?? null,
      attempts: record?.dead?.attempts ?? null,
      size: letter.size,
    };
  });
}
