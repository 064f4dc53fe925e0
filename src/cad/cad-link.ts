import type { KnownPushEvent } from '../events/push-event.ts';
import type { ReceivedEvent } from '../events/receive.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import { type ApiStatus, type CadRequest, createCadApi } from './api/cad-api.ts';
import { Registration, type RegistrationOptions } from './registration/registration.ts';
import type { RegistrationReport } from './registration/report.ts';
import type { RegistrationApi } from './registration/server-list.ts';
import { applyWrites, type KnownBefore } from './resync/local-echo.ts';
import { createHealing, type Healed, type Healing, type HealingOptions } from './resync/resync.ts';
import { Duplicates } from './session/duplicates.ts';
import { Session, type SessionStatus } from './session/session.ts';
import type { CadSettings } from './settings.ts';

export interface CadLinkOptions extends Pick<HealingOptions, 'hasPlayers' | 'askUnits' | 'askCalls'> {
  /** The configuration in force. */
  config(): CadSettings;
  readonly version: string;
  readonly own: { readonly port: number; readonly resourceName: string };
  /** Whether the official resource runs beside this one, and looks after session and server entry itself. */
  isBesideOfficial(): boolean;
  /** Gets each event that came in over the session, as the CAD sent it. */
  receive(payload: unknown): void;
  /** What is known before a write of ours. */
  readonly known: KnownBefore;
  /** Takes what a write of ours has changed in the CAD. */
  amend(event: KnownPushEvent): void;
  readonly quote: RegistrationOptions['quote'];
  /** Keeps the CAD's list of servers over restarts. */
  readonly store: RegistrationOptions['store'];
  readonly clock: Clock;
  readonly log: Log;
}

/** How the parts of the link are doing. */
export interface LinkStatus {
  readonly transport: CadSettings['transport'];
  readonly session: SessionStatus;
  /** null before the first look at the server's entry */
  readonly verdict: RegistrationReport | null;
  readonly api: ApiStatus;
  readonly healing: ReturnType<Healing['status']>;
}

/** All that goes from this server to the CAD, and what comes in over the session with it. */
export interface CadLink {
  /** Asks the CAD; what that changes there is known here at once. */
  readonly request: CadRequest;
  /** To be asked once for each event that came in, by either way, in order: whether it is to be dropped as a repeat. */
  isRepeat(received: ReceivedEvent): boolean;
  /** To be called once, when scripts listen. */
  start(): void;
  /** To be called when the configuration was read again, and when the official resource has started or stopped. */
  settle(): void;
  /** Asks the CAD for what it knows as soon as the budget allows. */
  heal(what: Healed): void;
  sendUnitLocations: Session['sendUnitLocations'];
  /** @returns the community's plan as the CAD's number, -1 while it is not known */
  plan(): number;
  /** Looks at key, plan and server entry once more, and writes nothing. */
  examine(): Promise<RegistrationReport>;
  /** Registers this server on the operator's word that the CAD's list is right as it is; the console says what came of it. */
  register(): void;
  status(): LinkStatus;
  stop(): void;
}

/** Puts together API client, registration, session and healing. */
export function createCadLink(options: CadLinkOptions): CadLink {
  const { config, version, own, isBesideOfficial, clock, log } = options;
  const random = Math.random;
  const api = createCadApi({ config, version, clock, random });
  const request = applyWrites({
    request: api.request,
    serverId: () => config().serverId,
    known: options.known,
    amend: options.amend,
    now: clock.now,
  });
  const registrationApi: RegistrationApi = {
    isEnabled: api.isEnabled,
    getVersion: () => api.request('getVersion', {}),
    getCommunity: () => api.request('getCommunity', {}),
    getServers: (page) => api.request('getServers', page),
    setServers: (servers) => api.request('setServers', { servers }),
  };
  const registration = new Registration({
    config,
    api: registrationApi,
    gamePort: own.port,
    resourceName: own.resourceName,
    mayRegister: () => !isBesideOfficial(),
    quote: options.quote,
    store: options.store,
    clock,
    random,
    log,
  });
  const session = new Session({
    config,
    mayConnect: () => !isBesideOfficial(),
    receive: options.receive,
    clock,
    random,
    log,
  });
  const healing = createHealing({
    api: {
      isEnabled: api.isEnabled,
      getUnits: (page) => api.request('getUnits', { ...page, includeOffline: false, onlyUnits: false }),
      getCalls: () => api.request('getCalls', {}),
    },
    serverCount: () => registration.serverCount,
    hasPlayers: options.hasPlayers,
    askUnits: options.askUnits,
    askCalls: options.askCalls,
    clock,
    log,
  });
  const duplicates = new Duplicates({ clock, isNeeded: () => session.isWanted() });
  session.onChange((isOpen) => {
    duplicates.connectionChanged();
    if (!isOpen) return;
    healing.soon();
    if (wasRefused(registration.report)) register(registration.run());
  });

  /** A session is refused to a server that is not in the list yet. */
  function register(running: Promise<RegistrationReport>): void {
    running.then(
      ({ url }) => {
        if (url !== null) session.retryRefused();
      },
      (error: unknown) =>
        log.error("This server's entry in the CAD could not be seen to.", { reason: reasonOf(error) }),
    );
  }

  function settle(): void {
    session.apply();
    register(registration.run());
  }

  return {
    request,
    isRepeat: (received) => duplicates.isDuplicate(received),
    start() {
      settle();
      healing.start();
    },
    settle,
    heal: healing.soon,
    sendUnitLocations: (updates) => session.sendUnitLocations(updates),
    plan: () => registration.plan,
    examine: () => registration.run({ mayWrite: false, quiet: true }),
    register: () => register(registration.confirm()),
    status: () => ({
      transport: config().transport,
      session: session.status(),
      verdict: registration.report,
      api: api.status(),
      healing: healing.status(),
    }),
    stop() {
      healing.stop();
      session.stop();
      registration.stop();
      api.stop();
    },
  };
}

/** A refused key is tried again by nobody but the session: it may have become a good one in the CAD. */
function wasRefused(report: RegistrationReport | null): boolean {
  return report?.checks.some(({ name, ok }) => name === 'key' && !ok) ?? false;
}
