// How forwarding is doing, as `getForwardingStatus` gives it. `types.d.ts` is made of these interfaces, so that published names stay.

/** What has become of a target's events since the start: `accepted + recovered` is what all others and the queue add up to. */
export interface LaneCounts {
  /** Taken in since the start, replays included. */
  accepted: number;
  /** Found in the store at the start. */
  recovered: number;
  delivered: number;
  /** Of the delivered ones, those that a listener took that never answers. */
  unconfirmed: number;
  /** The listener does not want events of that type. */
  unwanted: number;
  /** Became dead letters, whatever has become of those. */
  deadLettered: number;
  /** Given up on to make room. */
  lost: number;
  /** Dead letters that were given up on to make room. */
  lostDeadLetters: number;
  /** Dropped by the operator. */
  dropped: number;
  /** Always 0: an outbox in another format is left alone as a whole, and its events are not counted. */
  leftAlone: number;
}

/** How one target is doing: plain values, which may cross to other resources. */
export interface LaneStatus {
  readonly target: string;
  /** Without credentials, query and webhook token. */
  readonly url: string;
  readonly state: 'starting' | 'open' | 'waiting' | 'parked';
  /** Why the last attempt failed; null while it answers as it should. */
  readonly reason: string | null;
  /** What the operator can do about it. */
  readonly advice: string | null;
  /** Events that are not done with, those that were set aside among them. */
  readonly queued: number;
  readonly setAside: number;
  readonly deadLetters: number;
  /** Of both, as stored. */
  readonly bytes: number;
  /** Age of the first event in the queue, also while it is under way; null when the queue is empty. */
  readonly oldestMs: number | null;
  readonly nextAttemptInMs: number | null;
  readonly failuresInARow: number;
  /** Whether it takes events and never answers. */
  readonly silent: boolean;
  /** Whether it has answered an event since the start, or since its settings were changed. */
  readonly reached: boolean;
  /** Events that it refused for good since it last took one, and how it answered the last of them; null when there are none. */
  readonly refusals: { readonly count: number; readonly reason: string } | null;
  readonly counts: Readonly<LaneCounts>;
}

/** How the store is doing, for the operator. */
export interface StoreStatus {
  /** Whether it keeps what it is given; while it does not, forwarding goes on from memory. */
  readonly broken: boolean;
  /** Why it is not used at all, null when it is. */
  readonly unusedBecause: string | null;
  /** How long the last flush held the game up; null before the first. */
  readonly lastFlushMs: number | null;
  readonly longestFlushMs: number | null;
  /** Milliseconds between two flushes: 2,000 unless they take long. */
  readonly flushEveryMs: number;
  /** Events and dead letters that only memory is known to hold. */
  readonly eventsInMemory: number;
}

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
  /** The webhook-id that it was sent under last: of a replay the event's and `.r1`, `.r2` … */
  readonly id: string;
  readonly target: string;
  /** Null, as all below, where that cannot be read. */
  readonly type: string | null;
  readonly reason: string | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number | null;
  readonly diedAt: number | null;
  readonly attempts: number | null;
  /** Bytes, as stored. */
  readonly size: number;
}
