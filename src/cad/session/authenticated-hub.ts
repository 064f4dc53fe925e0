import { createKeyRing } from '../../events/api-keys.ts';
import type { Clock } from '../../lib/clock.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Hub, OpenHub } from './hub-connection.ts';

/** Where a session is held, and as whom. */
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
  /** The CAD knows us; events follow. @param missed how many came before that and were too many to keep */
  opened(missed: number): void;
  /** Gets what the CAD sends, only once it knows us. */
  received(payload: unknown): void;
  /** The CAD does not take us. @param words its own, without the key */
  refused(words: string): void;
  /** It has ended otherwise. @param reason without the key @param hadStarted whether there was a connection to the hub */
  failed(reason: string, hadStarted: boolean): void;
}

const CONNECT_MS = 15_000;
const AUTHENTICATE_MS = 10_000;
/** The first events may overtake the answer that we are authenticated. */
const MAX_EARLY = 1_000;

/** Two versions of the hub's framework say so in two ways. */
const MISSING_METHOD = /unknown hub method|method does not exist/i;
/** How a hub words its own refusal. Everything else that is thrown is about the connection. */
const REFUSAL = /\bHubException: (.*)/s;

/**
 * A connection to the hub that authenticates itself, from connecting to its end; each step has a deadline. Of `refused` and `failed`
 * one is called, once, unless it is ended before.
 */
export class AuthenticatedHub {
  readonly #options: AuthenticatedHubOptions;
  readonly #early: unknown[] = [];
  #missed = 0;
  #hub: Hub | null = null;
  #hadStarted = false;
  #isOpen = false;
  #lostBecause: string | null = null;
  #ended = false;
  #cancelDeadline: () => void;

  constructor(options: AuthenticatedHubOptions) {
    this.#options = options;
    this.#cancelDeadline = options.clock.after(CONNECT_MS, () => this.#fail('the CAD did not answer within 15 s'));
    this.#run().catch((error: unknown) => this.#fail(this.#lostBecause ?? reasonOf(error)));
  }

  invoke(method: string, ...args: unknown[]): Promise<unknown> {
    return this.#hub === null ? Promise.reject(new Error('not connected')) : this.#hub.invoke(method, ...args);
  }

  /** Closes it at once; none of the callbacks is called afterwards. */
  end(): void {
    this.#ended = true;
    this.#cancelDeadline();
    this.#hub?.close();
  }

  async #run(): Promise<void> {
    const { target, negotiates, loadHub, clock } = this.#options;
    const openHub = await loadHub();
    if (this.#ended) return;
    const hub = openHub({
      url: target.url,
      negotiates,
      received: (payload) => this.#received(payload),
      lost: (reason) => {
        if (this.#isOpen) this.#fail(reason);
        // The answer may have come just before, and events behind it: what waits for it goes on first.
        else this.#lostBecause = reason;
      },
      clock,
    });
    this.#hub = hub;
    await hub.start();
    if (this.#ended) return;
    this.#hadStarted = true;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(AUTHENTICATE_MS, () => {
      // When the game stood still, the answer may lie there unread, and events behind it that the CAD sends only once.
      clock.soon(() => {
        if (!this.#isOpen) this.#fail('the CAD did not confirm the login within 10 s');
      });
    });
    const refusal = await authenticate(hub, target);
    if (this.#ended) return;
    this.#cancelDeadline();
    if (refusal !== null) {
      this.end();
      this.#options.refused(this.#withoutKey(refusal));
      return;
    }
    this.#isOpen = true;
    this.#options.opened(this.#missed);
    for (const payload of this.#early.splice(0)) this.#received(payload);
    if (this.#lostBecause !== null) this.#fail(this.#lostBecause);
  }

  #received(payload: unknown): void {
    if (this.#ended) return;
    if (this.#isOpen) this.#options.received(payload);
    else if (this.#early.length < MAX_EARLY) this.#early.push(payload);
    else this.#missed += 1;
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.end();
    this.#options.failed(this.#withoutKey(reason), this.#hadStarted);
  }

  /** What the CAD says may hold what it was told. */
  #withoutKey(text: string): string {
    return createKeyRing([this.#options.target.key]).mask(text);
  }
}

/**
 * Says to the CAD whose session this is: only then it sends events.
 *
 * @returns null when it takes us, else its own words
 * @throws when the connection is lost meanwhile
 */
async function authenticate(hub: Hub, { communityId, key, serverId }: SessionTarget): Promise<string | null> {
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
    const [, words] = REFUSAL.exec(reasonOf(error)) ?? [];
    if (words === undefined) throw error;
    return words;
  }
}
