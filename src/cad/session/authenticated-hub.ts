import { createKeyRing } from '../../events/api-keys.ts';
import type { Clock } from '../../lib/clock.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Hub, OpenHub } from './hub-connection.ts';

/** The hub's address, and the identity to log in with. */
export interface SessionTarget {
  readonly url: string;
  readonly communityId: string;
  readonly key: string;
  readonly serverId: number;
}

interface AuthenticatedHubOptions {
  readonly target: SessionTarget;
  readonly negotiates: boolean;
  readonly loadHub: () => Promise<OpenHub>;
  readonly clock: Clock;
  /** Called after a successful login. @param droppedEvents events before the login beyond the buffer's limit */
  opened(droppedEvents: number): void;
  /** Receives the payload of each event, after `opened`. */
  received(payload: unknown): void;
  /** Called when the CAD refuses the login. @param reason the CAD's own text, without the key */
  refused(reason: string): void;
  /**
   * Called when the connection ends otherwise.
   *
   * @param reason without the key
   * @param hadStarted whether the hub was connected
   */
  failed(reason: string, hadStarted: boolean): void;
}

const CONNECT_TIMEOUT_MS = 15_000;
const LOGIN_TIMEOUT_MS = 10_000;
/** Upper bound of buffered events that arrive before the login's answer. Further ones are dropped and counted. */
const MAX_EARLY_EVENTS = 1_000;

/** Matches the error for a missing hub method, which two versions of SignalR word differently. */
const MISSING_METHOD = /unknown hub method|method does not exist/i;
/** Matches an error that the hub itself raised. Errors without this name are about the connection. */
const REFUSAL = /\bHubException: (.*)/s;

/**
 * Connects to the hub and logs in, with a deadline for each step. When the connection ends, `refused` or `failed` is
 * called once, unless `end` was called before.
 */
export class AuthenticatedHub {
  readonly #options: AuthenticatedHubOptions;
  readonly #earlyEvents: unknown[] = [];
  #droppedEvents = 0;
  #hub: Hub | null = null;
  #hadStarted = false;
  #isOpen = false;
  /** Why the connection was lost during the login; null while it holds. */
  #lossReason: string | null = null;
  #isEnded = false;
  #cancelDeadline: () => void;

  constructor(options: AuthenticatedHubOptions) {
    this.#options = options;
    const connectTimedOut = () => this.#fail('the CAD did not answer within 15 s');
    this.#cancelDeadline = options.clock.after(CONNECT_TIMEOUT_MS, connectTimedOut);
    this.#run().catch((error: unknown) => this.#fail(this.#lossReason ?? reasonOf(error)));
  }

  invoke(method: string, ...args: unknown[]): Promise<unknown> {
    if (this.#hub === null) return Promise.reject(new Error('The hub is not connected.'));
    return this.#hub.invoke(method, ...args);
  }

  /** Closes the connection at once. No callback is called afterwards. */
  end(): void {
    this.#isEnded = true;
    this.#cancelDeadline();
    this.#hub?.close();
  }

  async #run(): Promise<void> {
    const { target, negotiates, loadHub, clock } = this.#options;
    const openHub = await loadHub();
    if (this.#isEnded) return;

    const hub = openHub({
      url: target.url,
      negotiates,
      received: (payload) => this.#received(payload),
      lost: (reason) => {
        // The login's answer and events after it may have arrived before the loss, so they are processed first.
        if (this.#isOpen) this.#fail(reason);
        else this.#lossReason = reason;
      },
      clock,
    });
    this.#hub = hub;
    await hub.start();
    if (this.#isEnded) return;

    this.#hadStarted = true;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(LOGIN_TIMEOUT_MS, () => this.#loginTimedOut());
    const refusal = await logIn(hub, target);
    if (this.#isEnded) return;

    this.#cancelDeadline();
    if (refusal !== null) {
      this.end();
      this.#options.refused(this.#withoutKey(refusal));
      return;
    }
    this.#isOpen = true;
    this.#options.opened(this.#droppedEvents);
    for (const payload of this.#earlyEvents.splice(0)) this.#received(payload);
    if (this.#lossReason !== null) this.#fail(this.#lossReason);
  }

  /**
   * Fails in the next pass, because after a hitch of the game the socket may hold an unread answer and events behind
   * it.
   */
  #loginTimedOut(): void {
    this.#options.clock.soon(() => {
      if (!this.#isOpen) this.#fail('the CAD did not confirm the login within 10 s');
    });
  }

  #received(payload: unknown): void {
    if (this.#isEnded) return;
    if (this.#isOpen) this.#options.received(payload);
    else if (this.#earlyEvents.length < MAX_EARLY_EVENTS) this.#earlyEvents.push(payload);
    else this.#droppedEvents += 1;
  }

  #fail(reason: string): void {
    if (this.#isEnded) return;
    this.end();
    this.#options.failed(this.#withoutKey(reason), this.#hadStarted);
  }

  /** Masks the key, because the CAD's error may quote the login. */
  #withoutKey(text: string): string {
    return createKeyRing([this.#options.target.key]).mask(text);
  }
}

/**
 * Logs in to the hub. The CAD sends events only after a login.
 *
 * @returns the CAD's reason for refusing the login; null after a successful one
 * @throws when the connection is lost
 */
async function logIn(hub: Hub, { communityId, key, serverId }: SessionTarget): Promise<string | null> {
  const call = (method: string) => hub.invoke(method, communityId, key, serverId);
  try {
    const answer = await call('authenticatev2').catch((error: unknown) => {
      if (!MISSING_METHOD.test(reasonOf(error))) throw error;
      return call('authenticate');
    });
    const { success, error } = (answer ?? {}) as { readonly success?: unknown; readonly error?: unknown };
    if (success === true) return null;
    return typeof error === 'string' && error !== '' ? error : 'no reason was given';
  } catch (error) {
    const [, reason] = REFUSAL.exec(reasonOf(error)) ?? [];
    if (reason === undefined) throw error;
    return reason;
  }
}
