import { isDeepStrictEqual } from 'node:util';
import { type Backoff, backoffWait } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { AuthenticatedHub, type SessionTarget } from './authenticated-hub.ts';
import type { OpenHub } from './hub-connection.ts';
import { UnitLocations } from './unit-locations.ts';

/** How the WebSocket session with the CAD stands. Times are milliseconds since 1970. */
export interface SessionStatus {
  /** `off`: no session is wanted. `waiting`: until the next try. */
  readonly state: 'off' | 'connecting' | 'open' | 'waiting';
  /** One sentence about why it is not open; null while it is, or is being opened for the first time. Never holds the key. */
  readonly why: string | null;
  /** Since when it has been in this state. */
  readonly since: number;
  /** When the last session was opened; null before the first. */
  readonly connectedAt: number | null;
  /** When the last event came in over a session; null before the first. */
  readonly lastEventAt: number | null;
  /** Failed tries in a row. */
  readonly attempts: number;
  /** Milliseconds until the next try; null unless waiting. */
  readonly nextAttemptInMs: number | null;
}

/** What of the configuration a session depends on. */
export type SessionConfig = Pick<
  CadSettings,
  'transport' | 'apiSendEnabled' | 'communityID' | 'apiKeys' | 'serverId' | 'mode' | 'apiUrl'
>;

interface SessionOptions {
  /** The configuration in force. */
  config(): SessionConfig;
  /** The beginning of a sentence about why the configuration's file cannot be read; null when it can. */
  configFault?(): string | null;
  /** False while the official resource runs beside this one: the CAD keeps one session a server id. Asked at each try. */
  mayConnect(): boolean;
  /** Gets each event as the CAD sent it, text or an object. */
  receive(payload: unknown): void;
  readonly clock: Clock;
  /** @returns a number from 0 to 1 */
  random(): number;
  readonly log: Log;
  /** Gives what opens the hub; unless given, the real one. */
  readonly loadHub?: () => Promise<OpenHub>;
}

/** After this time, or after its first event, a session counts as working, and the next reconnect starts with the shortest wait. */
const PROVEN_MS = 10_000;

/** A refusal lasts until an operator changes a key, here or in the CAD, so its waits are longer. */
const RECONNECTS: Readonly<Record<'failed' | 'refused', Backoff>> = {
  failed: { waitsMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000], spread: [1, 1.25] },
  refused: { waitsMs: [60_000, 120_000, 240_000, 480_000, 600_000], spread: [1, 1.25] },
};

/** The WebSocket session with the CAD, held whenever one is wanted: events come in over it, units' locations go out. */
export class Session {
  readonly #options: SessionOptions;
  readonly #watchers: ((isOpen: boolean) => void)[] = [];
  readonly #locations: UnitLocations;
  #stopped = false;
  #target: SessionTarget | null = null;
  #hub: AuthenticatedHub | null = null;
  #cancelTimer = (): void => {};
  #nextAttemptAt: number | null = null;
  /** Toggled after each failed connection: some hubs demand a negotiation, others know none. */
  #negotiates = false;
  #inARow = { kind: 'failed' as 'failed' | 'refused', count: 0 };
  #state: SessionStatus['state'] = 'off';
  #why: string | null = 'It has not been asked for yet.';
  #since: number;
  #connectedAt: number | null = null;
  #lastEventAt: number | null = null;

  /** Opens nothing before `applyConfig`. */
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

  /** Opens, closes or reopens the session as the configuration says now. */
  applyConfig(): void {
    if (this.#stopped) return;
    const wanted = wantedSession(this.#options);
    const isSame = wanted.target === null ? wanted.why === this.#why : isDeepStrictEqual(wanted.target, this.#target);
    if (isSame) return;
    this.#proven();
    this.#negotiates = false;
    if (this.#state === 'open') this.#change('connecting', null);
    this.#begin();
  }

  /** Tries at once if the CAD has refused the session, because the reason for that is gone. */
  retryRefused(): void {
    if (!this.#stopped && this.#state === 'waiting' && this.#inARow.kind === 'refused') this.#begin();
  }

  status(): SessionStatus {
    const left = this.#nextAttemptAt === null ? null : this.#nextAttemptAt - this.#options.clock.monotonic();
    return {
      state: this.#state,
      why: this.#why,
      since: this.#since,
      connectedAt: this.#connectedAt,
      lastEventAt: this.#lastEventAt,
      attempts: this.#inARow.count,
      nextAttemptInMs: left === null ? null : Math.max(0, Math.round(left)),
    };
  }

  /** Whether a session is held or tried for. */
  isWanted(): boolean {
    return this.#target !== null;
  }

  /** Adds a function that is called when the session opens, and when it is lost or closed. */
  onChange(watcher: (isOpen: boolean) => void): void {
    this.#watchers.push(watcher);
  }

  /**
   * Sends where units are, in calls of at most 25 and at least 200 ms apart; of one unit only the latest place is sent.
   *
   * @param updates `{ identId | apiId | communityUserId | roblox, location, coordinates? }`, at most 1,000; coordinates are
   *   `{ x, y, z, w? }` or a list of them
   * @returns whether all of them were understood and taken by the CAD; false while there is no session
   */
  sendUnitLocations(updates: readonly unknown[]): Promise<boolean> {
    return this.#state === 'open' ? this.#locations.add(updates) : Promise.resolve(false);
  }

  /** Closes it for good: nothing is delivered afterwards. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#end();
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

  #end(): void {
    this.#hub?.end();
    this.#hub = null;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#nextAttemptAt = null;
  }

  #begin(): void {
    this.#end();
    const { clock, log, loadHub = loadRealHub } = this.#options;
    const wanted = wantedSession(this.#options);
    this.#target = wanted.target;
    if (wanted.target === null) {
      if (wanted.isNews && wanted.why !== this.#why) log.info(wanted.why);
      this.#change('off', wanted.why);
      return;
    }
    this.#change('connecting', this.#state === 'off' ? null : this.#why);
    this.#hub = new AuthenticatedHub({
      target: wanted.target,
      negotiates: this.#negotiates,
      loadHub,
      clock,
      opened: (missed) => this.#opened(missed),
      received: (payload) => this.#received(payload),
      refused: (words) =>
        this.#again(
          'refused',
          'The CAD refused the session: set communityID, apiKey and serverId as they are in the CAD.',
          words,
        ),
      failed: (reason, hadStarted) => this.#failed(reason, hadStarted),
    });
  }

  #opened(missed: number): void {
    const { clock, log } = this.#options;
    this.#connectedAt = clock.now();
    this.#cancelTimer = clock.after(PROVEN_MS, () => this.#proven());
    this.#change('open', null);
    log.info('The session with the CAD is open: push events come in over it too.');
    if (missed > 0)
      log.error('More push events came before the login was done than can be kept; some are lost.', { missed });
  }

  #proven(): void {
    this.#inARow = { kind: 'failed', count: 0 };
  }

  #received(payload: unknown): void {
    const { clock, log, receive } = this.#options;
    this.#lastEventAt = clock.now();
    if (this.#inARow.count > 0) this.#proven();
    try {
      receive(payload);
    } catch (error) {
      // An exception here would end the connection, or the process.
      log.coalesce({ reason: reasonOf(error) }).error('Internal error while processing an event of the session.');
    }
  }

  #failed(reason: string, hadStarted: boolean): void {
    if (!hadStarted) this.#negotiates = !this.#negotiates;
    const sentence =
      this.#state === 'open'
        ? 'The session with the CAD was lost; push events come in by HTTP until it is back.'
        : 'No session with the CAD could be opened; push events come in by HTTP until there is one.';
    this.#again('failed', sentence, reason);
  }

  #again(kind: 'failed' | 'refused', sentence: string, reason: string): void {
    const { clock, log, random } = this.#options;
    this.#end();
    const count = this.#inARow.kind === kind ? this.#inARow.count + 1 : 1;
    this.#inARow = { kind, count };
    const wait = backoffWait(RECONNECTS[kind], count, random);
    this.#nextAttemptAt = clock.monotonic() + wait;
    this.#cancelTimer = clock.after(wait, () => this.#begin());
    // Repeated failures are logged at debug level. The first one after an open session is news.
    const isTold = count > 1 && this.#state !== 'open';
    const level = isTold ? 'debug' : kind === 'refused' ? 'error' : 'warn';
    log[level](sentence, { reason, nextTryInSeconds: Math.round(wait / 1_000) });
    this.#change('waiting', sentence);
  }
}

/** Loads the SignalR client only where a session is wanted. */
async function loadRealHub(): Promise<OpenHub> {
  return (await import('./hub-connection.ts')).openHub;
}

type WantedSession =
  | { readonly target: SessionTarget }
  /** `why`: one sentence. `isNews`: whether the operator is not told of it otherwise. */
  | { readonly target: null; readonly why: string; readonly isNews: boolean };

function wantedSession({ config, configFault, mayConnect }: SessionOptions): WantedSession {
  const { transport, apiSendEnabled, communityID: communityId, apiKeys, serverId, ...host } = config();
  const [key] = apiKeys;
  if (transport === 'http') {
    // A configuration file that could not be read may have asked for a session.
    const why = configFault?.() ?? 'transport is "http"';
    return none(`There is no session with the CAD, because ${why}.`);
  }
  if (!apiSendEnabled) return none('Nothing is sent to the CAD, since apiSendEnabled is false.', false);
  if (communityId === '') return none("Set communityID to your community's id in the CAD to open a session with it.");
  if (key === undefined) return none('Set apiKey to open a session with the CAD.', false);
  if (!mayConnect()) return none('The official resource runs beside this one, and holds the session with the CAD.');
  return { target: { url: `${apiHost(host)}/apiWsHub`, communityId, key, serverId } };
}

function none(why: string, isNews = true): WantedSession {
  return { target: null, why, isNews };
}
