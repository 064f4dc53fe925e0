import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AddressRanges, networkOf, plainAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';

/** Says who sent a request, for people who read the console and for the count of wrong keys. No key is believed for it. */
export type PeerLabel = (request: IncomingMessage) => string;

/** Longer chains of proxies do not exist. */
const MAX_HOPS = 20;

/**
 * Labels a request with the address of its TCP peer, or, when that is a trusted reverse proxy, with the address that the proxy
 * saw: `X-Forwarded-For` is read from the right, over further trusted proxies, since everything further left can be made up.
 * The header is ignored when it occurs in two casings, because the game server then cannot tell which came last.
 *
 * @param trustedProxies IP addresses and CIDR ranges
 */
export function createPeerLabel(trustedProxies: readonly string[]): PeerLabel {
  const ranges = new AddressRanges(trustedProxies);
  const isTrusted = (address: string) => trustedProxies.length > 0 && ranges.has(address);

  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    if (!isTrusted(peer)) return peer;
    const header = request.headers['x-forwarded-for'];
    if (typeof header !== 'string' || hasTwoCasings(request.rawHeaders)) return peer;
    const hops = header
      .split(',')
      .slice(-MAX_HOPS)
      .map((hop) => plainAddress(hop.trim()));
    let label = peer;
    for (let hop = hops.pop(); hop !== undefined && isIP(hop) !== 0; hop = hops.pop()) {
      label = hop;
      if (!isTrusted(hop)) break;
    }
    return label;
  };
}

function hasTwoCasings(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-forwarded-for');
  return new Set(names).size > 1;
}

/** @returns what a header `Authorization` offers in a scheme, whose name has no case; null for another scheme */
export function credentialsOf(authorization: string, scheme: 'Bearer' | 'Basic'): string | null {
  // A token of the operator's own may have spaces in it.
  const [, offered, credentials] = /^([A-Za-z]{1,20}) +(\S.{0,1023})$/.exec(authorization.trim()) ?? [];
  return offered?.toLowerCase() === scheme.toLowerCase() ? (credentials ?? null) : null;
}

/** @returns whether a text is the one that was expected, in the same time whichever part of it is wrong */
export function isSameText(offered: string, expected: string): boolean {
  return timingSafeEqual(digest(offered), digest(expected));
}

/** @returns the same for the same text, and always of one length, as a comparison that tells nothing by its time needs it */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Wrong keys that a network may send in a minute before it is answered 429. */
export const WRONG_KEYS = { most: 20, windowMs: 60_000 };
/** How much of a body is searched for the key when its sender has shown none but wrong ones: the CAD has its key in front. */
const SEARCHED_BYTES = 4 * 1024;
const DAY_MS = 24 * 3_600_000;
const MAX_SENDERS = 1_000;

/**
 * Knows who has shown a right key and who only wrong ones: searching 1 MiB for a key takes the game's thread some milliseconds, which
 * is too much for strangers. A sender is an IPv4 address or an IPv6 network of 64 bits.
 */
export class Senders {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #wrongKeys: RateLimit;
  /** When each was last seen with a right key, and with none. */
  readonly #trusted = new Map<string, number>();
  readonly #strangers = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#wrongKeys = new RateLimit(WRONG_KEYS, clock);
  }

  /** @returns how many bytes of a body from that address are searched for the key */
  searchedBytes(address: string): number {
    const sender = networkOf(address);
    const isStranger = this.#isRecent(this.#strangers, sender) && !this.#isRecent(this.#trusted, sender);
    return isStranger ? SEARCHED_BYTES : Number.POSITIVE_INFINITY;
  }

  /** To be told of each right key. */
  trust(address: string): void {
    this.#remember(this.#trusted, networkOf(address));
  }

  /** To be told of each body in which no right key was found. */
  distrust(address: string): void {
    this.#remember(this.#strangers, networkOf(address));
  }

  /** Counts a wrong key. @returns whether the address has sent no more of them than it may */
  takeWrongKey(address: string): boolean {
    return this.#wrongKeys.take(networkOf(address));
  }

  #isRecent(seen: ReadonlyMap<string, number>, sender: string): boolean {
    const at = seen.get(sender);
    return at !== undefined && this.#clock.monotonic() - at < DAY_MS;
  }

  /** In the order in which they were last seen: the first is the next to be forgotten. */
  #remember(seen: Map<string, number>, sender: string): void {
    seen.delete(sender);
    seen.set(sender, this.#clock.monotonic());
    for (const oldest of seen.keys()) {
      if (seen.size <= MAX_SENDERS) return;
      seen.delete(oldest);
    }
  }
}
