import { BlockList, isIPv4 } from 'node:net';

/** Private, shared, link-local, loopback, multicast and reserved (RFC 6890); documentation ranges are no danger to anyone. */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];

/** Whether a text is an IPv4 address that can be reached from everywhere. */
export function isPublicIpv4(text: string): boolean {
  if (!isIPv4(text)) return false;
  const refused = new BlockList();
  for (const [network, prefix] of NOT_PUBLIC) refused.addSubnet(network, prefix);
  return !refused.check(text);
}
