import { type ApiStatus, CadApi, type CadRequest } from './api/cad-api.ts';
import { type LocalEchoOptions, withLocalEcho } from './local-echo.ts';
import { Registration, type RegistrationOptions } from './registration/registration.ts';
import type { RegistrationReport } from './registration/report.ts';
import { withoutRepeatedCalls } from './repeated-calls.ts';
import { Resync, type ResyncedList, type ResyncOptions, type ResyncStatus } from './resync.ts';
import { Duplicates } from './session/duplicates.ts';
import { Session, type SessionStatus } from './session/session.ts';
import type { CadSettings } from './settings.ts';

interface CadLinkOptions
  extends Pick<ResyncOptions, 'hasPlayers' | 'beginUnitResync' | 'beginCallResync'>,
    Pick<RegistrationOptions, 'store' | 'clock' | 'log'>,
    Pick<LocalEchoOptions, 'known' | 'echo'> {
  /** Returns the configuration in force. */
  config(): CadSettings;
  /** Returns why the configuration file cannot be read, as the beginning of a sentence; null when it can be read. */
  configFault(): string | null;
  readonly version: string;
  readonly own: { readonly port: number; readonly resourceName: string };
  /** Whether the official resource runs beside this one. It then holds the session and manages the server's entry. */
  isBesideOfficial(): boolean;
}

/** The status of the API client, the session, the registration and the resync. */
export interface LinkStatus {
  readonly transport: CadSettings['transport'];
  readonly session: SessionStatus;
  /** The last report about the server's entry; null before the first check. */
  readonly verdict: RegistrationReport | null;
  readonly api: ApiStatus;
  readonly healing: ResyncStatus;
}

/**
 * Connects this server with the CAD: API client, registration, session, resync, and deduplication across transports.
 */
export class CadLink {
  /** Sends a request to the CAD, and applies a successful change to this server's state at once. */
  readonly request: CadRequest;
  readonly #options: CadLinkOptions;
  readonly #api: CadApi;
  readonly #registration: Registration;
  readonly #session: Session;
  readonly #resync: Resync;
  /** Recognises events that the CAD sent over both transports. */
  readonly duplicates: Duplicates;
  #receivePayload: (payload: unknown) => void = () => {};

  constructor(options: CadLinkOptions) {
    const { config, configFault, version, own, isBesideOfficial, clock, log, store } = options;
    const random = Math.random;
    const serverId = () => config().serverId;

    this.#options = options;
    this.#api = new CadApi({ config, version, clock, random });
    const echoing = withLocalEcho({ ...options, request: this.#api.request, serverId, now: clock.now });
    this.request = withoutRepeatedCalls(echoing, serverId, options);

    this.#registration = new Registration({
      config,
      api: this.#api,
      gamePort: own.port,
      resourceName: own.resourceName,
      isBesideOfficial,
      store,
      clock,
      random,
      log,
      ended: ({ url }) => this.#session.registrationEnded(url !== null),
    });
    this.#session = new Session({
      config,
      configFault,
      mayConnect: () => !isBesideOfficial(),
      isRegistering: () => this.#registration.isRunning,
      receive: (payload) => this.#receivePayload(payload),
      clock,
      random,
      log,
    });
    this.#session.onChange((isOpen) => this.#sessionChanged(isOpen));

    this.#resync = new Resync({ ...options, api: this.#api, serverCount: () => this.#registration.serverCount });
    this.duplicates = new Duplicates({ clock, isNeeded: () => this.#session.isWanted() });
  }

  /** Opens the session, registers the server and starts the resync. Call once, when the scripts are listening. */
  start(): void {
    this.applyConfig();
    this.#resync.soon();
  }

  /** Applies the configuration. Call after a reload, and when the official resource has started or stopped. */
  applyConfig(): void {
    this.#session.applyConfig();
    void this.#registration.run();
  }

  stop(): void {
    this.#resync.stop();
    this.#session.stop();
    this.#registration.stop();
    this.#api.stop();
  }

  /** Whether requests to the CAD are switched on and possible. */
  isAsking(): boolean {
    return this.#api.isEnabled();
  }

  /** Sets the receiver of the session's push events, which gets each one as the CAD sent it. Call before `start`. */
  onPayload(receive: (payload: unknown) => void): void {
    this.#receivePayload = receive;
  }

  /** Requests a list of the CAD and applies it, as soon as the rate limit allows. */
  resync(list: ResyncedList): void {
    this.#resync.soon(list);
  }

  sendUnitLocations(updates: readonly unknown[]): Promise<boolean> {
    return this.#session.sendUnitLocations(updates);
  }

  /** @returns the CAD's number for the community's plan; -1 while it is unknown */
  plan(): number {
    return this.#registration.plan;
  }

  /** Checks the key, the plan and the server's entry. Writes nothing to the CAD. */
  check(): Promise<RegistrationReport> {
    return this.#registration.check();
  }

  /** Registers this server after the operator has confirmed that the CAD's list is right. Prints the result. */
  register(): void {
    void this.#registration.confirm();
  }

  status(): LinkStatus {
    return {
      transport: this.#options.config().transport,
      session: this.#session.status(),
      verdict: this.#registration.report,
      api: this.#api.status(),
      healing: this.#resync.status(),
    };
  }

  #sessionChanged(isOpen: boolean): void {
    this.duplicates.connectionChanged();
    if (!isOpen) return;

    this.#resync.soon();
    // An open session proves that the CAD answers and accepts the key, so a failed check may succeed now.
    const checks = this.#registration.report?.checks ?? [];
    const hadNoAnswer = checks.some(({ name, ok }) => (name === 'key' || name === 'api') && ok === false);
    if (hadNoAnswer) void this.#registration.run();
  }
}
