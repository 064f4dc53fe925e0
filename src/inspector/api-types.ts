// What the inspector's API answers: the page is built on these, and docs/inspector.md describes them. Types only, so that the page
// takes no code of the server with it. All text in it is as people typed it, without secrets: to be set as text, never as HTML.

import type { DeadLetterInfo, LaneStatus } from '../forward/forwarding-status.ts';
import type { Finding } from '../lib/finding.ts';

/** Every answer that is no success. */
export interface ApiError {
  readonly error: {
    readonly code: 'no-token' | 'wrong-token' | 'too-many' | 'bad-request' | 'unknown' | 'conflict' | 'busy';
    /** A sentence for the operator, which says what to do. */
    readonly message: string;
  };
}

/** Of everything that was done: what, in a sentence. */
export interface Done {
  /** How many there were. */
  readonly count: number;
  readonly message: string;
}

/** `GET api/about` */
export interface About {
  /** The resource's folder, which is the console's command. */
  readonly resource: string;
  readonly version: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  readonly startedAt: number;
  /** When the link ends. */
  readonly expiresAt: number;
  /** The catalogue's types, for the filter. */
  readonly types: readonly string[];
}

export type EventSource = 'http' | 'websocket' | 'simulated';

/** One event of the list. */
export interface EventSummary {
  /** Its number since the start: ascending, without gaps. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly source: EventSource;
  /** Whether its data was understood. */
  readonly valid: boolean;
  readonly receivedAt: number;
  /** As received. */
  readonly bytes: number;
  /** What happened, in a few words and texts of the event; '' where only its type can be said. */
  readonly title: string;
  /** More about it, in one line, cut; why it was not understood. */
  readonly text: string;
}

/** `GET api/events` */
export interface EventList {
  /** Where to go on: as `since` of the next question or of a stream. */
  readonly cursor: string;
  /** Events after `since` that are not kept any more; -1 when the server was restarted since. */
  readonly missed: number;
  /** Whether `limit` was reached: ask again with `cursor`. */
  readonly more: boolean;
  /** Oldest first. */
  readonly events: readonly EventSummary[];
}

/** A resource that subscribed, and got the event. */
export interface SubscriberCall {
  readonly resource: string;
  /** `body`: a handler of the official resource's way (RegisterPushEvent). */
  readonly form: 'event' | 'body';
  /** How long it held the game's thread. */
  readonly ms: number;
  /** Why it failed; null when it did not, as far as is known. */
  readonly failed: string | null;
}

/** Players who were told at the same time. */
export interface PlayersTold {
  /** `event`: their games got it as a net event. `notification`: they were shown one. */
  readonly by: 'event' | 'notification';
  /** The notification's trigger, `summary` for one that told of a burst, or the net event. */
  readonly what: string;
  /** Milliseconds since 1970: a summary, and further edits of a call, are told some seconds after the event. */
  readonly at: number;
  /** Server ids; -1 for all players. */
  readonly players: readonly number[];
}

/** One request to a target. */
export interface AttemptView {
  /** Milliseconds since 1970, when it ended. */
  readonly at: number;
  readonly outcome: AttemptOutcome;
  /** The HTTP status; null without a whole answer. */
  readonly status: number | null;
  /** `timeout`, or as Node names it (`ECONNREFUSED` …); null with an answer. */
  readonly error: string | null;
  readonly ms: number;
  /** From 1. */
  readonly attempt: number;
  /** What happens to the event now, in a few words. */
  readonly next: string;
  /** The first 1,024 characters of the answer; '' without one. */
  readonly answer: string;
}

/** `answered`: taken or not wanted, or taken in silence. `refused`: another answer. `timeout`: none in time. `failed`: no connection. */
export type AttemptOutcome = 'answered' | 'refused' | 'timeout' | 'failed';

/** `GET api/events/<seq>` */
export interface EventDetail extends EventSummary {
  /** Forwarders that it went through before. */
  readonly hops: number;
  /** Why its data was not understood; empty when it was. */
  readonly issues: readonly string[];
  /** How long the game was busy with it, all steps together; null until it was dispatched. */
  readonly dispatchMs: number | null;
  readonly subscribers: readonly SubscriberCall[];
  readonly players: readonly PlayersTold[];
  /** Of the targets that were tried so far; the newest 20 attempts of each, oldest first. */
  readonly targets: readonly { readonly target: string; readonly attempts: readonly AttemptView[] }[];
  /** Whether `POST api/events/<seq>/again` does anything: not where its data was not understood. */
  readonly canSendAgain: boolean;
}

/** The `data` of a stream's events, by their name. */
export interface StreamEvents {
  /** First of all. As `EventList`, without the events. */
  readonly hello: Pick<EventList, 'cursor' | 'missed'>;
  /** More events came at once than are kept: so many are not in the stream. */
  readonly missed: { readonly missed: number };
  /** With `id: <cursor>`. Oldest first. */
  readonly events: readonly EventSummary[];
  /** Last of all: resume with the last cursor. `over`: the link has ended, there is nothing to resume. */
  readonly end: { readonly reason: 'time' | 'size' | 'over' };
}

/** How a target is doing. */
export interface TargetView
  extends Pick<
    LaneStatus,
    'target' | 'url' | 'advice' | 'queued' | 'setAside' | 'deadLetters' | 'oldestMs' | 'nextAttemptInMs' | 'silent'
  > {
  readonly state: 'starting' | 'ok' | 'refusing' | 'waiting' | 'paused';
  /** The state in words, a sentence. */
  readonly words: string;
  readonly delivered: number;
  readonly lost: number;
  /** The last attempt that was not taken, of the last hour; null when there was none. */
  readonly lastError: (AttemptView & { readonly id: string; readonly type: string }) | null;
}

/** `GET api/delivery` */
export interface Delivery {
  /** Why nothing is forwarded, in a sentence; null when something is. */
  readonly idleBecause: string | null;
  /** Whether the database keeps what it is given, in a sentence; null when it does. */
  readonly storeFault: string | null;
  /** Whether what an earlier run left is still being read; nothing is sent meanwhile. */
  readonly recovering: boolean;
  readonly targets: readonly TargetView[];
  /** Targets that are not configured any more, and have dead letters. */
  readonly removed: readonly { readonly target: string; readonly deadLetters: number }[];
}

/** An event that was given up on, and kept. */
export interface DeadLetterView extends Omit<DeadLetterInfo, 'size'> {
  readonly bytes: number;
}

/** `GET api/dead-letters` */
export interface DeadLetterList {
  /** Newest first, at most `limit`. */
  readonly deadLetters: readonly DeadLetterView[];
  /** How many match the filter, of those that were searched. */
  readonly matching: number;
  /** How many were searched, with those that `skip` passes over: as `skip` of the next question. */
  readonly searched: number;
  /** How many older ones were not searched: a question takes 2 s at most. */
  readonly older: number;
  /** How many there are in all. */
  readonly total: number;
}

/** Sixty numbers, one for each minute of the last hour; the last is of the minute that runs. */
export type Minutes = readonly number[];

/** `GET api/series` */
export interface Series {
  /** When the first of the 60 minutes began, milliseconds since 1970. */
  readonly from: number;
  /** Events by type, most frequent first; types outside the catalogue are `other`. Types without any are left out. */
  readonly events: readonly { readonly type: string; readonly counts: Minutes }[];
  readonly refused: readonly { readonly reason: string; readonly counts: Minutes }[];
  /** Of each target: attempts by outcome, and how long they took. */
  readonly targets: readonly {
    readonly target: string;
    readonly outcomes: Readonly<Record<AttemptOutcome, Minutes>>;
    /** 0 for a minute without attempts. */
    readonly meanMs: Minutes;
    readonly longestMs: Minutes;
  }[];
}

export interface UnitView {
  readonly ident: number;
  readonly callSign: string;
  readonly name: string;
  readonly department: string;
  /** The CAD's number. */
  readonly status: number;
  readonly statusLabel: string;
  readonly isPanic: boolean;
  readonly isDispatch: boolean;
  /** Open dispatch calls. */
  readonly calls: readonly number[];
  /** Server ids. */
  readonly players: readonly number[];
}

export interface DispatchCallView {
  readonly callId: number;
  readonly status: 'pending' | 'active' | 'closed';
  readonly priority: number;
  readonly title: string;
  readonly code: string;
  readonly address: string;
  readonly postal: string;
  readonly description: string;
  /** Call signs of its units, or their numbers. */
  readonly units: readonly string[];
  readonly changedMs: number | null;
}

export interface EmergencyCallView {
  readonly callId: number;
  /** false for a 311 call. */
  readonly isEmergency: boolean;
  readonly caller: string;
  readonly location: string;
  readonly description: string;
  readonly changedMs: number | null;
}

/** `GET api/now`; of each list at most 200, texts of at most 500 characters. */
export interface Now {
  readonly units: readonly UnitView[];
  readonly dispatchCalls: readonly DispatchCallView[];
  readonly emergencyCalls: readonly EmergencyCallView[];
  readonly players: { readonly connected: number; readonly matched: number };
  /** How many there are beyond those that are listed. */
  readonly more: { readonly units: number; readonly dispatchCalls: number; readonly emergencyCalls: number };
}

/** `GET api/health` */
export interface Health {
  /** Whether the checks are still running: ask again in a second. */
  readonly looking: boolean;
  /** When the findings were made, milliseconds since 1970; null before the first look. */
  readonly lookedAt: number | null;
  /** What `doctor` found. */
  readonly findings: readonly Finding[];
  /** What `status` says, a line each. */
  readonly status: readonly string[];
}

/** `GET api/config` */
export interface ConfigView {
  /** The file that was read: `config.json`, `configuration/config.json` or `none`. */
  readonly file: string;
  readonly keys: readonly {
    readonly name: string;
    /** As JSON, cut at 60 characters; `***` for a secret, `""` for one that is not set. */
    readonly value: string;
    readonly from: 'convar' | 'file' | 'default';
    /** In words: `the convar sonoran_serverId`, `config.json`, `default`. */
    readonly place: string;
    readonly description: string;
  }[];
  /** What is wrong with it, a line each. */
  readonly problems: readonly string[];
}
