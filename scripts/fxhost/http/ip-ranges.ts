import { BlockList, isIP } from 'node:net';

/** What `sv_proxyIPRanges` holds when nobody set it. */
export const DEFAULT_PROXY_RANGES = '10.0.0.0/8 127.0.0.0/8 192.168.0.0/16 172.16.0.0/12';

/**
 * Answers whether an address is in a list of ranges. The text is given each time, because the convar behind it may
 * change at any moment; it is parsed again only when it did.
 */
export function createIpRanges(): (ip: string, ranges: string) => boolean {
  let parsed = '';
  let contains = (_ip: string) => false;

  return (ip, ranges) => {
    if (ranges !== parsed) {
      contains = parseIpRanges(ranges);
      parsed = ranges;
    }
    return contains(ip);
  };
}

/** Entries that are no range are skipped, as FXServer does. */
function parseIpRanges(ranges: string): (ip: string) => boolean {
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
  return (ip) => {
    const family = isIP(ip);
    if (family === 4) return lists[4].check(ip, 'ipv4');
    return family === 6 && lists[6].check(ip, 'ipv6');
  };
}
