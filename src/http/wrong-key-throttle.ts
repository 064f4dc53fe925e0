import { isIPv6 } from 'node:net';
import { plainAddress } from './peer-label.ts';

/** Counts the wrong keys of each peer. */
export interface WrongKeyThrottle {
  /**
   * Counts one wrong key.
   *
   * @param address the peer's IP address
   * @returns whether the peer has had its share, and is to be turned away without a word in the console
   */
  isExcessive(address: string): boolean;
}

const MAX_WRONG_KEYS = 20;
const WINDOW_MS = 60_000;
/** Beyond it the peer that was counted from first is forgotten: a botnet must not fill the memory. */
const MAX_PEERS = 1_000;

/**
 * More than 20 wrong keys a minute from one peer are excessive. A peer is an IPv4 address (also when it came mapped into
 * IPv6) or an IPv6 network of 64 bits, of which every customer of a host has one to itself.
 *
 * @param monotonic milliseconds that never run backwards
 */
export function createWrongKeyThrottle(monotonic: () => number): WrongKeyThrottle {
  const peers = new Map<string, { since: number; wrong: number }>();

  function count(peer: string): number {
    const now = monotonic();
    const known = peers.get(peer);
    if (known !== undefined && now - known.since < WINDOW_MS) {
      known.wrong += 1;
      return known.wrong;
    }
    peers.delete(peer);
    peers.set(peer, { since: now, wrong: 1 });
    // In the order of their windows: the first is the next to end.
    for (const [name, { since }] of peers) {
      if (now - since < WINDOW_MS && peers.size <= MAX_PEERS) break;
      peers.delete(name);
    }
    return 1;
  }

  return { isExcessive: (address) => count(networkOf(address)) > MAX_WRONG_KEYS };
}

/** @returns an IPv4 address as it is, and the first 64 bits of an IPv6 address */
export function networkOf(address: string): string {
  const plain = plainAddress(address.replace(/%.*$/, '').toLowerCase());
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length + after < 8) groups.push('0');
    if (tail !== '') groups.push(...tail.split(':'));
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
