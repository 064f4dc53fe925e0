import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type Attempt, beginAttempt } from './attempt.ts';
import type { OpenHub } from './hub.ts';
import { reconnectWait } from './reconnect-waits.ts';
import type { SessionState, SessionStatus } from './session-status.ts';
import { type SessionConfig, type SessionTarget, wantedSession } from './session-target.ts';
import { createUnitLocations } from './unit-locations.ts';

/** The WebSocket session with the CAD: events come in over it, units' locations go out. */
export interface Session {
  /** Takes what is configured now: opens, closes or opens anew. */
  apply(): void;
  /** Tries at once when the CAD has refused the session: what it was refused for has been put right. */
  retryRefused(): void;
  status(): SessionStatus;
  /** Whether a session is held or tried for. */
  isWanted(): boolean;
  /** Calls whenever the session has come (back) up, and when it is lost or closed. */
  onChange(watcher: (isOpen: boolean) => void): void;
  /**
   * Sends where units are, in calls of at most 25 and at least 200 ms apart; of one unit only the latest place is sent.
   *
   * @param updates `{ identId | apiId | communityUserId | roblox, location, coordinates? }`, at most 1,000; coordinates are
   *   `{ x, y, z, w? }` or a list of them
   * @returns whether all of them were understood and taken by the CAD; false while there is no session
   */
  sendUnitLocations(updates: readonly unknown[]): Promise<boolean>;
  /** Closes it for good: nothing is delivered afterwards. */
  stop(): void;
}

export interface SessionOptions {
  /** The configuration in force. */
  config(): SessionConfig;
  /** False while the official resource runs beside this one: the CAD keeps one session a server id. Asked at each try. */
  mayConnect(): boolean;
  /** Gets each event as the CAD sent it, text or an object; to be judged by `receivePayload`. */
  receive(payload: unknown): void;
  readonly clock: Clock;
  /** @returns a number from 0 to 1 */
  random(): number;
  readonly log: Log;
  /** Gives what opens the hub; unless given, Microsoft's client. */
  readonly loadHub?: () => Promise<OpenHub>;
}

/** A session that has held for so long, or has brought an event, has worked: the next trouble is a new one. */
const PROVEN_MS = 10_000;

/** Holds a session whenever one is wanted; the first is opened by `apply`. */
export function createSession(options: SessionOptions): Session {
  const { clock, log, random } = options;
  const loadHub = options.loadHub ?? (async () => (await import('./open-hub.ts')).openHub);
  const watchers: ((isOpen: boolean) => void)[] = [];
  let stopped = false;
  let target: SessionTarget | null = null;
  let attempt: Attempt | null = null;
  let cancelTimer = () => {};
  let nextAttemptAt: number | null = null;
  /** A hub that refuses to be connected to without negotiating is asked; one that does not know how is not. */
  let negotiates = false;
  let inARow = { kind: 'failed' as 'failed' | 'refused', count: 0 };
  let state: SessionState = 'off';
  let why: string | null = 'It has not been asked for yet.';
  let since = clock.now();
  let connectedAt: number | null = null;
  let lastEventAt: number | null = null;

  const locations = createUnitLocations({
    send: (batch) => (state === 'open' && attempt !== null ? attempt.invoke('unitLocation', batch) : null),
    clock,
    log,
  });

  function change(next: SessionState, reason: string | null): void {
    const wasOpen = state === 'open';
    if (next !== state) since = clock.now();
    state = next;
    why = reason;
    if ((next === 'open') === wasOpen) return;
    if (wasOpen) locations.clear();
    for (const watcher of watchers) watcher(next === 'open');
  }

  function end(): void {
    attempt?.end();
    attempt = null;
    cancelTimer();
    cancelTimer = () => {};
    nextAttemptAt = null;
  }

  function begin(): void {
    end();
    const wanted = wantedSession(options.config(), options.mayConnect());
    target = wanted.target;
    if (wanted.target === null) {
      if (wanted.isNews && wanted.why !== why) log.info(wanted.why);
      change('off', wanted.why);
      return;
    }
    change('connecting', why === null || state === 'off' ? null : why);
    attempt = beginAttempt({
      target: wanted.target,
      negotiates,
      loadHub,
      clock,
      opened,
      received,
      refused,
      failed,
      trace: (line) => log.debug('The hub client said something.', { line }),
    });
  }

  function opened(missed: number): void {
    connectedAt = clock.now();
    cancelTimer = clock.after(PROVEN_MS, proven);
    change('open', null);
    log.info('The session with the CAD is open: push events come in over it too.');
    if (missed > 0)
      log.error('Push events came before the CAD had let us in, more than can be kept; some are lost.', { missed });
  }

  function proven(): void {
    inARow = { kind: 'failed', count: 0 };
  }

  function received(payload: unknown): void {
    lastEventAt = clock.now();
    if (inARow.count > 0) proven();
    options.receive(payload);
  }

  function refused(words: string): void {
    again(
      'refused',
      'The CAD refused the session: set communityID, apiKey and serverId as they are in the CAD.',
      words,
    );
  }

  function failed(reason: string, hadStarted: boolean): void {
    if (!hadStarted) negotiates = !negotiates;
    const sentence =
      state === 'open'
        ? 'The session with the CAD was lost; push events come in by HTTP until it is back.'
        : 'No session with the CAD could be opened; push events come in by HTTP until there is one.';
    again('failed', sentence, reason);
  }

  function again(kind: 'failed' | 'refused', sentence: string, reason: string): void {
    end();
    inARow = { kind, count: inARow.kind === kind ? inARow.count + 1 : 1 };
    const wait = reconnectWait(kind, inARow.count, random);
    nextAttemptAt = clock.monotonic() + wait;
    cancelTimer = clock.after(wait, begin);
    const level = inARow.count > 1 ? 'debug' : kind === 'refused' ? 'error' : 'warn';
    log[level](sentence, { reason, nextTryInSeconds: Math.round(wait / 1_000) });
    change('waiting', sentence);
  }

  return {
    apply() {
      if (stopped) return;
      const wanted = wantedSession(options.config(), options.mayConnect());
      const isSame = wanted.target === null ? wanted.why === why : target !== null && same(target, wanted.target);
      if (isSame) return;
      proven();
      negotiates = false;
      if (state === 'open') change('connecting', null);
      begin();
    },
    retryRefused() {
      if (!stopped && state === 'waiting' && inARow.kind === 'refused') begin();
    },
    status: () => ({
      state,
      why,
      since,
      connectedAt,
      lastEventAt,
      attempts: inARow.count,
      nextAttemptInMs: nextAttemptAt === null ? null : Math.max(0, Math.round(nextAttemptAt - clock.monotonic())),
    }),
    isWanted: () => target !== null,
    onChange(watcher) {
      watchers.push(watcher);
    },
    sendUnitLocations: (updates) => (state === 'open' ? locations.add(updates) : Promise.resolve(false)),
    stop() {
      if (stopped) return;
      stopped = true;
      end();
      target = null;
      change('off', 'The resource is stopping.');
    },
  };
}

function same(one: SessionTarget, other: SessionTarget): boolean {
  return (
    one.url === other.url &&
    one.communityId === other.communityId &&
    one.key === other.key &&
    one.serverId === other.serverId
  );
}
