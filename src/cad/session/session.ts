import { isDeepStrictEqual } from 'node:util';
import { type Backoff, backoffWait } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { AuthenticatedHub, type SessionTarget } from './authenticated-hub.ts';
import type { OpenHub } from './hub-connection.ts';
import { UnitLocations } from './unit-locations.ts';

/** The status of the WebSocket session with the CAD. Times are milliseconds since 1970. */
export interface SessionStatus {
  /** `off`: the configuration wants no session. `waiting`: for the next attempt. */
  readonly state: 'off' | 'connecting' | 'open' | 'waiting';
  /**
   * Why the session is not open, as one sentence without the key; null while it is open or opened for the first time.
   */
  readonly why: string | null;
  /** When `state` last changed. */
  readonly since: number;
  /** When the last session opened; null before the first. */
  readonly connectedAt: number | null;
  /** When the last event arrived over a session; null before the first. */
  readonly lastEventAt: number | null;
  /** Consecutive failed attempts. */
  readonly attempts: number;
  /** Milliseconds until the next attempt; null unless `state` is `waiting`. */
  readonly nextAttemptInMs: number | null;
}

/** The settings that the session depends on. */
export type SessionConfig = Pick<
  CadSettings,
  'transport' | 'apiSendEnabled' | 'communityID' | 'apiKeys' | 'serverId' | 'mode' | 'apiUrl'
>;

interface SessionOptions {
  /** Returns the configuration in force. */
  config(): SessionConfig;
  /** Returns why the configuration file cannot be read, as the beginning of a sentence; null when it can be read. */
  configFault?(): string | null;
  /** False while the official resource runs beside this one, because the CAD keeps one session per server id. */
  mayConnect(): boolean;
  /** Whether registration is running. It may add the server's entry, without which the CAD refuses the session. */
  isRegistering?(): boolean;
  /** Receives each event as the CAD sent it, as text or as an object. */
  receive(payload: unknown): void;
  readonly clock: Clock;
  /** @returns a number from 0 to below 1 */
  random(): number;
  readonly log: Log;
  /** Loads the function that opens a hub connection. Tests replace it. */
  readonly loadHub?: () => Promise<OpenHub>;
}

/** `refused`: the CAD answered that it does not accept this server. `failed`: any other end of a connection. */
type FailureKind = 'failed' | 'refused';

/**
 * After this time, or after its first event, a session counts as stable: the next reconnect starts with the shortest
 * wait.
 */
const STABLE_AFTER_MS = 10_000;

/** Waits after a refusal are longer, because it lasts until an operator changes a setting here or in the CAD. */
const RECONNECTS: Readonly<Record<FailureKind, Backoff>> = {
  failed: { waitsMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000], spread: [1, 1.25] },
  refused: { waitsMs: [60_000, 120_000, 240_000, 480_000, 600_000], spread: [1, 1.25] },
};

const REFUSED = 'The CAD refused the session: set communityID, apiKey and serverId as they are in the CAD.';
const LOST = 'The session with the CAD was lost; push events come in by HTTP until it is back.';
const NOT_OPENED = 'No session with the CAD could be opened; push events come in by HTTP until there is one.';

/** Holds the WebSocket session with the CAD: receives push events, sends unit locations, and reconnects. */
export class Session {
  readonly #options: SessionOptions;
  readonly #watchers: ((isOpen: boolean) => void)[] = [];
  readonly #locations: UnitLocations;
  #isStopped = false;
  #target: SessionTarget | null = null;
  #hub: AuthenticatedHub | null = null;
  #cancelTimer = (): void => {};
  #nextAttemptAt: number | null = null;
  /** Toggled after each failed connection, because some hubs require a negotiation and others do not support one. */
  #negotiates = false;
  /** The kind of the last failed attempts, and the number of consecutive ones. */
  #failures = { kind: 'failed' as FailureKind, count: 0 };
  /** The kind of the failure that the console shows already; null when the next failure is news. */
  #reportedFailure: FailureKind | null = null;
  #state: SessionStatus['state'] = 'off';
  #why: string | null = 'The session has not been started yet.';
  #since: number;
  #connectedAt: number | null = null;
  #lastEventAt: number | null = null;

  /** Opens no connection before the first `applyConfig`. */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#since = clock.now();
    this.#locations = new UnitLocations({
      send: (batch) => (this.#state === 'open' ? (this.#hub?.invoke('unitLocation', batch) ?? null) : null),
      clock,
      log,
    });
  }

  /** Opens, closes or reopens the session according to the configuration. */
  applyConfig(): void {
    if (this.#isStopped) return;
    const wanted = wantedSession(this.#options);
    const isSame = wanted.target === null ? wanted.why === this.#why : isDeepStrictEqual(wanted.target, this.#target);
    if (isSame) return;

    this.#resetFailures();
    this.#negotiates = false;
    if (this.#state === 'open') this.#change('connecting', null);
    this.#connect();
  }

  /**
   * Retries a refused session at the end of a registration run: at once when the server is registered now, or when the
   * refusal was not reported because the run was under way.
   */
  registrationEnded(isRegistered: boolean): void {
    const isRefused = this.#state === 'waiting' && this.#failures.kind === 'refused';
    if (isRefused && (isRegistered || this.#reportedFailure !== 'refused')) this.#connect();
  }

  status(): SessionStatus {
    const left = this.#nextAttemptAt === null ? null : this.#nextAttemptAt - this.#options.clock.monotonic();
    return {
      state: this.#state,
      why: this.#why,
      since: this.#since,
      connectedAt: this.#connectedAt,
      lastEventAt: this.#lastEventAt,
      attempts: this.#failures.count,
      nextAttemptInMs: left === null ? null : Math.max(0, Math.round(left)),
    };
  }

  /** Whether a session is open, or attempted. */
  isWanted(): boolean {
    return this.#target !== null;
  }

  /** Adds a callback for when the session opens, is lost or is closed. */
  onChange(watcher: (isOpen: boolean) => void): void {
    this.#watchers.push(watcher);
  }

  /**
   * Sends unit locations in batches of at most 25, at least 200 ms apart. Of one unit, only the latest location is
   * sent.
   *
   * @param updates `{ identId | apiId | communityUserId | roblox, location, coordinates? }`, at most 1,000; coordinates
   *   are `{ x, y, z, w? }` or a list of them
   * @returns whether all updates were valid and accepted by the CAD; false while there is no session
   */
  sendUnitLocations(updates: readonly unknown[]): Promise<boolean> {
    return this.#state === 'open' ? this.#locations.add(updates) : Promise.resolve(false);
  }

  /** Closes the session permanently. No event is delivered afterwards. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#disconnect();
    this.#target = null;
    this.#change('off', 'The resource is stopping.');
  }

  #change(next: SessionStatus['state'], reason: string | null): void {
    const wasOpen = this.#state === 'open';
    if (next !== this.#state) this.#since = this.#options.clock.now();
    this.#state = next;
    this.#why = reason;
    if ((next === 'open') === wasOpen) return;
    if (wasOpen) this.#locations.clear();
    for (const watcher of this.#watchers) watcher(next === 'open');
  }

  #disconnect(): void {
    this.#hub?.end();
    this.#hub = null;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#nextAttemptAt = null;
  }

  #connect(): void {
    this.#disconnect();
    const { clock, log, loadHub = loadRealHub } = this.#options;
    const wanted = wantedSession(this.#options);
    this.#target = wanted.target;
    if (wanted.target === null) {
      if (wanted.isReportedHere && wanted.why !== this.#why) log.info(wanted.why);
      this.#change('off', wanted.why);
      return;
    }

    this.#change('connecting', this.#state === 'off' ? null : this.#why);
    this.#hub = new AuthenticatedHub({
      target: wanted.target,
      negotiates: this.#negotiates,
      loadHub,
      clock,
      opened: (droppedEvents) => this.#opened(droppedEvents),
      received: (payload) => this.#received(payload),
      refused: (reason) => this.#retryLater('refused', REFUSED, reason),
      failed: (reason, hadStarted) => this.#failed(reason, hadStarted),
    });
  }

  #opened(droppedEvents: number): void {
    const { clock, log } = this.#options;
    this.#connectedAt = clock.now();
    this.#reportedFailure = null;
    this.#cancelTimer = clock.after(STABLE_AFTER_MS, () => this.#resetFailures());
    this.#change('open', null);
    log.info('The session with the CAD is open: push events come in over it too.');
    if (droppedEvents === 0) return;
    log.error('Dropped push events that arrived before login finished (buffer limit 1,000).', {
      missed: droppedEvents,
    });
  }

  #resetFailures(): void {
    this.#failures = { kind: 'failed', count: 0 };
    this.#reportedFailure = null;
  }

  #received(payload: unknown): void {
    const { clock, log, receive } = this.#options;
    this.#lastEventAt = clock.now();
    if (this.#failures.count > 0) this.#resetFailures();
    try {
      receive(payload);
    } catch (error) {
      // An uncaught exception would end the connection, or the process.
      log
        .coalesce({ reason: reasonOf(error) })
        .error('Internal error while processing an event of the session. Please report it with this line.');
    }
  }

  #failed(reason: string, hadStarted: boolean): void {
    if (!hadStarted) this.#negotiates = !this.#negotiates;
    this.#retryLater('failed', this.#state === 'open' ? LOST : NOT_OPENED, reason);
  }

  #retryLater(kind: FailureKind, sentence: string, reason: string): void {
    const { clock, log, random, isRegistering } = this.#options;
    this.#disconnect();
    const count = this.#failures.kind === kind ? this.#failures.count + 1 : 1;
    this.#failures = { kind, count };

    const waitMs = backoffWait(RECONNECTS[kind], count, random);
    this.#nextAttemptAt = clock.monotonic() + waitMs;
    this.#cancelTimer = clock.after(waitMs, () => this.#connect());

    // A running registration may add the missing entry. It ends with another attempt, which is reported.
    const isPostponed = kind === 'refused' && isRegistering?.() === true;
    const isQuiet = isPostponed || this.#reportedFailure === kind;
    const level = kind === 'refused' ? 'error' : 'warn';
    log[isQuiet ? 'debug' : level](sentence, { reason, nextTryInSeconds: Math.round(waitMs / 1_000) });
    if (!isPostponed) this.#reportedFailure = kind;
    this.#change('waiting', sentence);
  }
}

/** Loads the SignalR client only when a session is wanted. */
async function loadRealHub(): Promise<OpenHub> {
  return (await import('./hub-connection.ts')).openHub;
}

type WantedSession =
  | { readonly target: SessionTarget }
  /** `isReportedHere`: whether the session prints `why`. Registration prints the other reasons. */
  | { readonly target: null; readonly why: string; readonly isReportedHere: boolean };

function wantedSession({ config, configFault, mayConnect }: SessionOptions): WantedSession {
  const { transport, apiSendEnabled, communityID: communityId, apiKeys, serverId, ...host } = config();
  const [key] = apiKeys;
  if (transport === 'http') {
    // The unreadable configuration file may ask for a session, so the reason is the file and not `transport`.
    const why = configFault?.() ?? 'transport is "http"';
    return noSession(`There is no session with the CAD, because ${why}.`);
  }
  if (!apiSendEnabled) return noSession('There is no session with the CAD, because apiSendEnabled is false.', false);
  if (communityId === '')
    return noSession("Set communityID to your community's id in the CAD to open a session with it.");
  if (key === undefined) return noSession('Set apiKey to open a session with the CAD.', false);
  if (!mayConnect()) return noSession('The official resource runs beside this one and holds the session with the CAD.');
  return { target: { url: `${apiHost(host)}/apiWsHub`, communityId, key, serverId } };
}

function noSession(why: string, isReportedHere = true): WantedSession {
  return { target: null, why, isReportedHere };
}
