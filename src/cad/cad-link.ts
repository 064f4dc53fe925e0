import type { ReceivedEvent } from '../events/receive.ts';
import { reasonOf } from '../lib/text.ts';
import { type CadRequest, createCadApi } from './api/cad-api.ts';
import type { ApiInput, ApiOutput } from './api/endpoints.ts';
import { type LocalEchoOptions, withLocalEcho } from './local-echo.ts';
import { Registration, type RegistrationOptions } from './registration/registration.ts';
import type { RegistrationReport } from './registration/report.ts';
import { Resync, type Resynced, type ResyncOptions } from './resync.ts';
import { Duplicates } from './session/duplicates.ts';
import { Session } from './session/session.ts';
import type { CadSettings } from './settings.ts';

interface CadLinkOptions
  extends Pick<ResyncOptions, 'hasPlayers' | 'askUnits' | 'askCalls'>,
    Pick<RegistrationOptions, 'store' | 'clock' | 'log'>,
    Pick<LocalEchoOptions, 'known' | 'echo'> {
  /** The configuration in force. */
  config(): CadSettings;
  /** The beginning of a sentence about why the configuration's file cannot be read; null when it can. */
  configFault(): string | null;
  readonly version: string;
  readonly own: { readonly port: number; readonly resourceName: string };
  /** Whether the official resource runs beside this one, and sees to session and server entry itself. */
  isBesideOfficial(): boolean;
  /** Gets each event that came in over the session, as the CAD sent it. */
  receive(payload: unknown): void;
}

/** All that goes from this server to the CAD, and what comes in over the session with it. */
type CadLink = ReturnType<typeof createCadLink>;

/** How the parts of the link are doing. */
export type LinkStatus = ReturnType<CadLink['status']>;

/** Puts together API client, registration, session and resync. */
export function createCadLink(options: CadLinkOptions) {
  const { config, version, own, isBesideOfficial, clock, log, store } = options;
  const random = Math.random;
  const api = createCadApi({ config, version, clock, random });
  const serverId = () => config().serverId;
  const echoing = withLocalEcho({ ...options, request: api.request, serverId, now: clock.now });
  const request = withoutRepeatedCalls(echoing, serverId, options);
  const mayActAlone = () => !isBesideOfficial();
  const registration = new Registration({
    ...{ config, api, gamePort: own.port, resourceName: own.resourceName, isBesideOfficial },
    ...{ store, clock, random, log },
  });
  const { configFault, receive } = options;
  const session = new Session({ config, configFault, mayConnect: mayActAlone, receive, clock, random, log });
  const resync = new Resync({ ...options, api, serverCount: () => registration.serverCount });
  const duplicates = new Duplicates({ clock, isNeeded: () => session.isWanted() });
  session.onChange((isOpen) => {
    duplicates.connectionChanged();
    if (!isOpen) return;
    resync.soon();
    // The CAD takes the key now, and answers.
    const hadNoAnswer = registration.report?.checks.some(
      ({ name, ok }) => (name === 'key' || name === 'api') && ok === false,
    );
    if (hadNoAnswer) register(registration.run());
  });

  /** A session is refused to a server that is not in the list yet. */
  function register(running: Promise<RegistrationReport | null>): void {
    running.then(
      (report) => {
        if (report !== null && report.url !== null) session.retryRefused();
      },
      (error: unknown) =>
        log.error("This server's entry in the CAD could not be checked.", { reason: reasonOf(error) }),
    );
  }

  function apply(): void {
    session.apply();
    register(registration.run());
  }

  return {
    /** Asks the CAD; what that changes there is known here at once. */
    request,
    /** Whether anything is asked of the CAD at all. */
    isAsking: api.isEnabled,
    /** To be asked once for each event that came in, by either way, in order: whether it is to be dropped as a repeat. */
    isRepeat: (received: ReceivedEvent) => duplicates.isDuplicate(received),
    /** To be called once, when scripts listen. */
    start() {
      apply();
      resync.soon();
    },
    /** To be called when the configuration was read again, and when the official resource has started or stopped. */
    apply,
    /** Compares with the CAD's lists as soon as the budget allows. */
    resync: (what: Resynced) => resync.soon(what),
    sendUnitLocations: (updates: readonly unknown[]) => session.sendUnitLocations(updates),
    /** @returns the community's plan as the CAD's number, -1 while it is not known */
    plan: () => registration.plan,
    /** Checks key, plan and server entry once more, and writes nothing. */
    check: () => registration.check(),
    /** Registers this server on the operator's word that the CAD's list is right as it is; the console says what came of it. */
    register: () => register(registration.confirm()),
    status: () => ({
      transport: config().transport,
      session: session.status(),
      /** null before the first check of the server's entry */
      verdict: registration.report,
      api: api.status(),
      healing: resync.status(),
    }),
    stop() {
      resync.stop();
      session.stop();
      registration.stop();
      api.stop();
    },
  };
}

/** What is asked for again within it is the same call. */
const SAME_WITHIN_MS = 10_000;
/** Calls remembered; the CAD takes 10 a minute. */
const MAX_REMEMBERED = 200;
/** Of each text so much counts, without the spaces around it: one of the two may have been cut. */
const COMPARED_LENGTH = 200;

interface RecentCall {
  until: number;
  /** Known once the CAD has made it. */
  callId?: number;
  readonly result: ReturnType<CadRequest>;
}

/**
 * A resource may listen to `SonoranScripts::Call911` itself and make the call that is made here too: the same caller, location and
 * description within 10 s are one 911 call, and both get its answer. One that failed, or was removed, may be asked for again at once.
 *
 * @param serverId this server's number, for calls that name none
 * @returns the same way to ask the CAD
 */
export function withoutRepeatedCalls(
  request: CadRequest,
  serverId: () => number,
  { clock, log }: Pick<CadLinkOptions, 'clock' | 'log'>,
): CadRequest {
  const recent = new Map<string, RecentCall>();

  function keyOf({ serverId: server, caller, location, description }: ApiInput<'create911'>): string {
    const texts = [caller, location, description].map((text) => String(text).trim().slice(0, COMPARED_LENGTH));
    return JSON.stringify([server ?? serverId(), ...texts]);
  }

  function forgetOld(now: number): void {
    for (const [key, { until }] of recent) if (until <= now || recent.size >= MAX_REMEMBERED) recent.delete(key);
  }

  return ((name, input) => {
    const { callId } = input as ApiInput<'remove911'>;
    if (name === 'remove911') for (const call of recent.values()) if (call.callId === callId) call.until = 0;
    if (name !== 'create911') return request(name, input);
    const now = clock.monotonic();
    forgetOld(now);
    const key = keyOf(input as ApiInput<'create911'>);
    const earlier = recent.get(key);
    if (earlier !== undefined) {
      log.debug('A 911 call was asked for twice, and is made once.');
      return earlier.result;
    }
    const result = request(name, input);
    // While it waits for its turn it is the same call, however long that takes.
    const call: RecentCall = { until: Number.POSITIVE_INFINITY, result };
    recent.set(key, call);
    void result.then((answer) => {
      call.until = answer.ok ? now + SAME_WITHIN_MS : 0;
      if (answer.ok) call.callId = (answer.data as ApiOutput<'create911'>).callId;
    });
    return result;
  }) as CadRequest;
}
