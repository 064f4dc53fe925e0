import type { PushEventData, PushEventType } from './catalogue/catalogue.ts';

/** How an event came in; `simulated` ones were made by the console command and touch neither state nor targets. */
export type PushEventSource = 'http' | 'websocket' | 'simulated';

interface Received {
  /** Unique for each event: one that the CAD sends again gets a new one, one from a forwarder has the id that it has there. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly source: PushEventSource;
}

/** An event of a known type, with its data in the canonical shape. */
export type KnownPushEvent<Type extends PushEventType = PushEventType> = {
  [Each in Type]: Received & { readonly type: Each; readonly data: PushEventData<Each>; readonly valid: true };
}[Type];

/** An event of a known type whose data could not be understood: as received, with the reasons. */
interface UnreadablePushEvent extends Received {
  readonly type: PushEventType;
  readonly data: unknown;
  readonly valid: false;
  readonly issues: readonly string[];
}

/**
 * Stands for every type outside the catalogue. TypeScript has no "any other string", and with plain `string` here
 * `event.type === 'EVENT_TONE'` would no longer tell which data the event has.
 */
type OtherPushEventType = `a type that is not in the catalogue: ${string}`;

/** An event of a type that the catalogue does not know: data as received, but for a list of one, of which it is the entry. */
interface OtherPushEvent extends Received {
  readonly type: OtherPushEventType;
  readonly data: unknown;
  readonly valid: true;
}

/** One authenticated event from the CAD. `valid` first, then `type`, says what `data` is. */
export type PushEvent = KnownPushEvent | UnreadablePushEvent | OtherPushEvent;

/** What became of a request that another resource is to answer (`POST /pluginevent`); `json` is what the handler returned. */
export type HttpEventOutcome =
  | { readonly status: 'answered'; readonly json: string }
  | { readonly status: 'unhandled' | 'failed' | 'late' };
