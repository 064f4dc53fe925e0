import { isIP } from 'node:net';

/**
 * Whether a text is an IPv4 or IPv6 address, or a range of them in CIDR form (`10.0.0.0/8`, `2001:db8::/32`).
 * Zones (`fe80::1%eth0`) are refused: a forwarded header never carries one.
 */
export function isIpOrRange(text: string): boolean {
  const [, address = '', prefix] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}
