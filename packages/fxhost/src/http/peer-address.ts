import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { RequestHead } from './request-head.ts';

export interface PeerAddress {
  readonly ip: string;
  readonly port: number;
}

/** `1.2.3.4:5` or `[::1]:5`, as scripts see it. */
export function formatPeerAddress({ ip, port }: PeerAddress): string {
  return isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The inverse of {@link formatPeerAddress}; null when the text is no such address. */
export function parsePeerAddress(text: string): PeerAddress | null {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const ip = bracketed ?? plain ?? '';
  const family = bracketed === undefined ? 4 : 6;
  return isIP(ip) === family && Number(port) <= 65_535 ? { ip, port: Number(port) } : null;
}

/** Loopback as FXServer's connection limit sees it: an IPv4 address mapped into IPv6 is not. */
export function isLoopback(ip: string): boolean {
  return ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}

const NAME = 'x-fxhost-peer';

/**
 * Takes the header out of a request by which a test says whom it comes from.
 * @returns the request without it, and the address, null when there is none
 */
export function takePeerHeader(
  request: RequestHead,
  fatal: (message: string) => never,
): { request: RequestHead; peer: PeerAddress | null } {
  const value = request.headers.find(([name]) => name.toLowerCase() === NAME)?.[1];
  if (value === undefined) return { request, peer: null };
  const peer = parsePeerAddress(value);
  if (peer === null) fatal(`${NAME}: ${value} is no address; expected 198.51.100.7:5555 or [2001:db8::7]:5555.`);
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== NAME);
  return { request: { ...request, headers }, peer };
}

/** What `sv_proxyIPRanges` holds until it is set. */
export const DEFAULT_PROXY_RANGES = '10.0.0.0/8 127.0.0.0/8 192.168.0.0/16 172.16.0.0/12';

/**
 * Answers whether an address is in a list of ranges. The text is given each time, because the convar behind it may
 * change at any moment; it is parsed again only when it did.
 */
export function createIpRanges(): (ip: string, ranges: string) => boolean {
  let parsed = '';
  let lists = parseIpRanges(parsed);
  return (ip, ranges) => {
    if (ranges !== parsed) lists = parseIpRanges(ranges);
    parsed = ranges;
    const family = isIP(ip);
    if (family === 4) return lists[4].check(ip, 'ipv4');
    return family === 6 && lists[6].check(ip, 'ipv6');
  };
}

/** Entries that are no range are skipped, as FXServer does. */
function parseIpRanges(ranges: string) {
  // Two lists: one list would find ::ffff:10.0.0.1 in 10.0.0.0/8, which FXServer does not.
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const range of ranges.split(/\s+/)) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address);
    if (family !== 4 && family !== 6) continue;
    const widest = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? widest : Number(bits);
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > widest) continue;
    lists[family].addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return lists;
}
