import { randomBytes, timingSafeEqual } from 'node:crypto';
import { credentialsOf, digest, WRONG_KEYS } from '../http/senders.ts';
import { networkOf } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';

const LASTS_MS = 12 * 3_600_000;
const TOKEN_BYTES = 32;

/** Whether a request may be served, or why not. */
export type Admission = 'admitted' | 'no-token' | 'wrong-token' | 'too-many';

/** What a request says of itself. */
export interface Requester {
  /** The header `Authorization`; '' without one. */
  readonly authorization: string;
  readonly address: string;
}

/** Turns networks away that try one wrong token after the other. */
export class WrongTokens {
  readonly #limit: RateLimit;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#limit = new RateLimit(WRONG_KEYS, clock);
  }

  /** Counts a wrong token. @returns how its request is to be answered */
  count(address: string): 'wrong-token' | 'too-many' {
    return this.#limit.take(networkOf(address)) ? 'wrong-token' : 'too-many';
  }
}

/** Who may use the page: the holder of the token of the last link, for 12 hours. The token is in memory only, and that as a digest. */
export class Access {
  readonly #clock: Clock;
  readonly #wrong: WrongTokens;
  readonly #ended: () => void;
  #token: { readonly digest: Buffer; readonly expiresAt: number } | null = null;
  #cancelExpiry = (): void => {};

  /** @param ended called when a token no longer holds */
  constructor(clock: Clock, wrong: WrongTokens, ended: () => void) {
    this.#clock = clock;
    this.#wrong = wrong;
    this.#ended = ended;
  }

  /** When the token in force ends, milliseconds since 1970; null when there is none. */
  get expiresAt(): number | null {
    return this.#token?.expiresAt ?? null;
  }

  /** Makes a token, and ends the one before. @returns the token, for the only time */
  open(): string {
    this.close();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#token = { digest: digest(token), expiresAt: this.#clock.now() + LASTS_MS };
    this.#cancelExpiry = this.#clock.after(LASTS_MS, () => this.close());
    return token;
  }

  /** Ends the token in force. @returns whether there was one */
  close(): boolean {
    const was = this.#token !== null;
    this.#cancelExpiry();
    this.#token = null;
    if (was) this.#ended();
    return was;
  }

  admit({ authorization, address }: Requester): Admission {
    const offered = credentialsOf(authorization, 'Bearer');
    if (offered === null) return 'no-token';
    const isRight = this.#token !== null && timingSafeEqual(digest(offered), this.#token.digest);
    return isRight ? 'admitted' : this.#wrong.count(address);
  }
}
