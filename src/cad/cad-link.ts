import { reasonOf } from '../lib/text.ts';
import { type CadApi, type CadRequest, createCadApi } from './api/cad-api.ts';
import { type LocalEchoOptions, withLocalEcho } from './local-echo.ts';
import { Registration, type RegistrationOptions } from './registration/registration.ts';
import type { RegistrationReport } from './registration/report.ts';
import { withoutRepeatedCalls } from './repeated-calls.ts';
import { Resync, type Resynced, type ResyncOptions, type ResyncStatus } from './resync.ts';
import { Duplicates } from './session/duplicates.ts';
import { Session, type SessionStatus } from './session/session.ts';
import type { CadSettings } from './settings.ts';

interface CadLinkOptions
  extends Pick<ResyncOptions, 'hasPlayers' | 'beginUnitResync' | 'beginCallResync'>,
    Pick<RegistrationOptions, 'store' | 'clock' | 'log'>,
    Pick<LocalEchoOptions, 'known' | 'echo'> {
  /** The configuration in force. */
  config(): CadSettings;
  /** The beginning of a sentence about why the configuration's file cannot be read; null when it can. */
  configFault(): string | null;
  readonly version: string;
  readonly own: { readonly port: number; readonly resourceName: string };
  /** Whether the official resource runs beside this one: it holds the session and the server's entry itself. */
  isBesideOfficial(): boolean;
}

/** How the parts of the link are doing. */
export interface LinkStatus {
  readonly transport: CadSettings['transport'];
  readonly session: SessionStatus;
  /** null before the first check of the server's entry */
  readonly verdict: RegistrationReport | null;
  readonly api: ReturnType<CadApi['status']>;
  readonly healing: ResyncStatus;
}

/** All that goes from this server to the CAD, and what comes in over the session: API client, registration, session, resync. */
export class CadLink {
  /** Asks the CAD. What that changes there is applied to our state at once. */
  readonly request: CadRequest;
  readonly #options: CadLinkOptions;
  readonly #api: CadApi;
  readonly #registration: Registration;
  readonly #session: Session;
  readonly #resync: Resync;
  /** Finds an event that the CAD sent by both transports. */
  readonly duplicates: Duplicates;
  #receivePayload: (payload: unknown) => void = () => {};

  constructor(options: CadLinkOptions) {
    const { config, configFault, version, own, isBesideOfficial, clock, log, store } = options;
    const random = Math.random;
    const serverId = () => config().serverId;
    this.#options = options;
    this.#api = createCadApi({ config, version, clock, random });
    const echoing = withLocalEcho({ ...options, request: this.#api.request, serverId, now: clock.now });
    this.request = withoutRepeatedCalls(echoing, serverId, options);
    this.#registration = new Registration({
      ...{ config, api: this.#api, gamePort: own.port, resourceName: own.resourceName, isBesideOfficial },
      ...{ store, clock, random, log },
    });
    const receive = (payload: unknown) => this.#receivePayload(payload);
    const mayConnect = () => !isBesideOfficial();
    this.#session = new Session({ config, configFault, mayConnect, receive, clock, random, log });
    this.#resync = new Resync({ ...options, api: this.#api, serverCount: () => this.#registration.serverCount });
    this.duplicates = new Duplicates({ clock, isNeeded: () => this.#session.isWanted() });
    this.#session.onChange((isOpen) => this.#sessionChanged(isOpen));
  }

  /** To be called once, when scripts listen. */
  start(): void {
    this.applyConfig();
    this.#resync.soon();
  }

  /** To be called when the configuration was read again, and when the official resource has started or stopped. */
  applyConfig(): void {
    this.#session.applyConfig();
    void this.#finish(this.#registration.run());
  }

  stop(): void {
    this.#resync.stop();
    this.#session.stop();
    this.#registration.stop();
    this.#api.stop();
  }

  /** Whether anything is asked of the CAD at all. */
  isAsking(): boolean {
    return this.#api.isEnabled();
  }

  /** Sets what receives each push event of the session, as the CAD sent it. Set it before `start`. */
  onPayload(receive: (payload: unknown) => void): void {
    this.#receivePayload = receive;
  }

  /** Compares with the CAD's lists as soon as the budget allows. */
  resync(what: Resynced): void {
    this.#resync.soon(what);
  }

  sendUnitLocations(updates: readonly unknown[]): Promise<boolean> {
    return this.#session.sendUnitLocations(updates);
  }

  /** @returns the community's plan as the CAD's number, -1 while it is not known */
  plan(): number {
    return this.#registration.plan;
  }

  /** Checks key, plan and server entry once more. Writes nothing. */
  check(): Promise<RegistrationReport> {
    return this.#registration.check();
  }

  /** Registers this server on the operator's word that the CAD's list is right as it is. The console says the result. */
  register(): void {
    void this.#finish(this.#registration.confirm());
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
    // An open session means that the CAD answers, and takes the key.
    const { report } = this.#registration;
    const hadNoAnswer = report?.checks.some(({ name, ok }) => (name === 'key' || name === 'api') && ok === false);
    if (hadNoAnswer) void this.#finish(this.#registration.run());
  }

  /** The CAD refuses a session to a server that is not in its list, so a registered one tries again. */
  async #finish(running: Promise<RegistrationReport | null>): Promise<void> {
    try {
      const report = await running;
      if (report !== null && report.url !== null) this.#session.retryRefused();
    } catch (error) {
      const reason = reasonOf(error);
      this.#options.log.error('Internal error in registration. Please report it with this line.', { reason });
    }
  }
}
