import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AddressRanges, plainAddress } from '../lib/addresses.ts';

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
