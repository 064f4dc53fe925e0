import { isIP, isIPv4, isIPv6 } from 'node:net';

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
