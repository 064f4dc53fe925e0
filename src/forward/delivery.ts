import type { NatsTarget } from './targets/nats-settings.ts';

// What the delivery queues, which decide what is sent when, and the HTTP sending say to each other. Callbacks and not
// promises: under FXServer code after an `await` can run up to 50 ms late, and an attempt can be called off.

/** What events are forwarded to, a web server or a broker's stream: configured, completed and checked. */
export interface Target {
  /** Unique among the targets, and what their queues are kept under. */
  readonly name: string;
  /**
   * The whole address to POST to; a secret where it holds credentials or a webhook's token. Of a broker, its servers
   * with commas between.
   */
  readonly url: string;
  /** The address as it may be shown: without credentials, query and webhook token. */
  readonly shownUrl: string;
  /** @returns whether events of that (upper-case) type go to this target */
  wants(type: string): boolean;
  /** Whether the `key` members of the body go along. */
  readonly includeKey: boolean;
  /** `whsec_…`, one or several during a rotation; empty for no signature. */
  readonly secrets: readonly string[];
  /** Headers of the operator's, added to each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one attempt, from the lookup of the name to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Minutes after which an event that could not be delivered becomes a dead letter. */
  readonly maxAgeMinutes: number;
  /** Whether only an answer counts as a delivery, whatever the target did before. */
  readonly requireResponse: boolean;
  readonly format: 'payload' | 'discord';
  /** Set where it is a stream of a broker, to which many events may be under way. */
  readonly nats?: NatsTarget | undefined;
}

/** An event on its way to one target. */
export interface OutgoingEvent {
  /** The `webhook-id`: the same for every attempt; a replay has one of its own. */
  readonly id: string;
  /** Upper-case, as the CAD meant it: not necessarily harmless as a header's value. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The received bytes with the current key in their `key` members, or without those members. */
  readonly body: Buffer;
  /** How many forwarders it went through before this one, 0 for what the CAD sent. */
  readonly hops: number;
}

/** One HTTP request to be made, or one event to be published. */
export interface Attempt {
  readonly target: Target;
  readonly event: OutgoingEvent;
  /** From 1; goes on counting over a restart where the store remembers it. */
  readonly attempt: number;
  /** Whether the operator asked for the event to be sent again. */
  readonly replay: boolean;
  /** Whether it only asks if the target is there: type `SONORANCAD_PROBE`, sent as payload whatever the format. */
  readonly probe: boolean;
}

/** How an attempt ended. `ms` is how long it took. */
export type AttemptResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** At most the first 4 KiB. */
      readonly body: string;
      /** From `Retry-After` or `X-RateLimit-Reset-After`, 1,000 to 600,000; null when there is neither. */
      readonly retryAfterMs: number | null;
      readonly ms: number;
    }
  | {
      /** No whole answer within the deadline. */
      readonly kind: 'timeout';
      /** Whether every byte of the request had been handed to the system: only then can the target have taken it. */
      readonly requestSent: boolean;
      readonly ms: number;
    }
  | {
      readonly kind: 'failed';
      /** As Node names it (`ECONNREFUSED`, `ENOTFOUND` …), or our own name for a refusal. */
      readonly code: string;
      /** Whether it is the certificate, which waiting does not mend. */
      readonly certificate: boolean;
      /** What it means, where the way of sending knows more than the code says. */
      readonly outcome?: Outcome | undefined;
      readonly ms: number;
    };

/** An attempt that failed, and what that says about the target. */
export interface Failure {
  readonly kind: 'failure';
  /** In words, for the log. */
  readonly reason: string;
  /** What may help; null when that is not known. */
  readonly advice: string | null;
  /** Whether it is one of the failures in a row after which sending is paused. */
  readonly counts: boolean;
  /** False when the event was not looked at, as when a Discord webhook asks for patience. */
  readonly isAttempt: boolean;
  /** Whether it may be the event's own fault. */
  readonly serverError: boolean;
  /** How long the target asks to be left alone. */
  readonly retryAfterMs: number | null;
}

/** The target takes no event until the operator mends something. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly advice: string;
  /** Milliseconds until it is tried again; infinite when only the operator ends the wait. */
  readonly retryAfterMs: number;
}

/** What the result of an attempt means for its event and its target. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** The target is well, and does not want events of this type. */
  | { readonly kind: 'unwanted' }
  /** It will never take this event. */
  | { readonly kind: 'final'; readonly reason: string }
  | Failure
  | Refusal;

/** What hears about an attempt. Nothing is called before `Send` has returned, and nothing after it was called off. */
export interface AttemptWatcher {
  /** Every byte of the request has been handed to the system; at most once, and before `ended`. */
  written(): void;
  /** Exactly once. */
  ended(result: AttemptResult): void;
}

/**
 * Makes one HTTP request; never throws.
 *
 * @param deadlineMs for everything, from the lookup of the name to the last byte of the answer
 * @returns a function that calls the attempt off; without effect once it has ended
 */
export type Send = (attempt: Attempt, deadlineMs: number, watcher: AttemptWatcher) => () => void;
