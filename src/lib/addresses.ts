import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Addresses in CIDR form (`10.0.0.0/8`, `2001:db8::/32`), and single ones. */
export class AddressRanges {
  readonly #ranges: readonly string[];
  /** Made when it is needed: the first of them takes the start of the resource some milliseconds. */
  #list: BlockList | null = null;

  /** @param ranges each as `isIpOrRange` wants it */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges;
  }

  /** @param address an IP address; nothing else is in any range */
  has(address: string): boolean {
    if (isIP(address) === 0) return false;
    this.#list ??= listOf(this.#ranges);
    return this.#list.check(address, familyOf(address));
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/**
 * Whether a text is an IPv4 or IPv6 address, or a range of them in CIDR form (`10.0.0.0/8`, `2001:db8::/32`).
 * Zones (`fe80::1%eth0`) are refused: a forwarded header never carries one.
 */
export function isIpOrRange(text: string): boolean {
  const [, address = '', prefix] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** @returns the IPv4 address of a peer whom a server on `[::]` names `::ffff:1.2.3.4`; any other text as it is */
export function plainAddress(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}

/** @returns a host as it stands in a URL or in the CAD, without brackets */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** @returns a host as it stands in a URL: what looks like an IPv6 address gets brackets */
export function hostInUrl(host: string): string {
  return /^[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host;
}

/** @returns an IPv4 address as it is, and of an IPv6 address its first 64 bits: each customer of a host has those alone */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  const plain = plainAddress(withoutZone(address).toLowerCase());
  if (!isIPv6(plain)) return plain;
  const network = groupsOf(plain).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/s, '');
}

/** @returns the 8 numbers of an IPv6 address */
function groupsOf(ipv6: string): number[] {
  const hex = ipv6.replace(/[^:]*\..*$/, (dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [front = [], back = []] = hex.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].map((group) => Number.parseInt(group, 16));
}

/** Where the IPv4 address begins, in groups, inside the IPv6 addresses of a range. RFC 4291 (mapped, compatible), 6052, 8215, 3056. */
const EMBEDDING: readonly (readonly [ranges: AddressRanges, from: number])[] = [
  [new AddressRanges(['::ffff:0:0/96', '::/96', '64:ff9b::/32']), 6],
  [new AddressRanges(['2002::/16']), 1],
];
const IPV6_LOOPBACK = new AddressRanges(['::1']);

/**
 * @param host a host, with or without brackets and zone
 * @returns the IP address that it leads to: the IPv4 address where an IPv6 address is only a form of it (mapped, compatible, NAT64,
 *   6to4); null when it is no IP address
 */
function reachedAddress(host: string): string | null {
  const address = withoutZone(withoutBrackets(host));
  if (isIP(address) === 0) return null;
  if (isIPv4(address) || IPV6_LOOPBACK.has(address)) return address;
  const groups = groupsOf(address);
  const [, from] = EMBEDDING.find(([ranges]) => ranges.has(address)) ?? [];
  if (from === undefined) return address;
  return groups
    .slice(from, from + 2)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

const CLOUD_METADATA = ['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'];
const REFUSED: readonly (readonly [ranges: AddressRanges, why: string])[] = [
  [new AddressRanges(['0.0.0.0/8']), 'no address of a server'],
  [new AddressRanges(['169.254.0.0/16']), 'link-local, where clouds serve their metadata'],
  [new AddressRanges(['fe80::/10']), 'link-local'],
  [new AddressRanges(CLOUD_METADATA), 'the metadata of a cloud'],
];

/**
 * Whether an address must not be sent to: who may write a target's name could otherwise read a cloud's credentials
 * through us. Private and loopback addresses are fine: bots live there.
 *
 * @param address an IP address, with or without brackets; of anything else nothing is known
 * @returns why, in a few words, or null when it may be sent to
 */
export function refusedAddress(address: string): string | null {
  const reached = reachedAddress(address);
  if (reached === null) return null;
  return REFUSED.find(([ranges]) => ranges.has(reached))?.[1] ?? null;
}

const PRIVATE_IPV4 = ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const PRIVATE = new AddressRanges([...PRIVATE_IPV4, 'fc00::/7', '::1']);
const PRIVATE_NAME = /(^|\.)(localhost|local|lan|home|internal|intranet|home\.arpa)\.?$/;

/**
 * Whether requests to a host stay on this machine or in its network, as far as the host's text tells.
 *
 * @param hostname as in a URL; a name without a dot, or one that is only given out inside networks, counts as private
 */
export function isPrivateHost(hostname: string): boolean {
  const reached = reachedAddress(hostname);
  return reached === null ? !hostname.includes('.') || PRIVATE_NAME.test(hostname.toLowerCase()) : PRIVATE.has(reached);
}

const LOOPBACK = new AddressRanges(['127.0.0.0/8', '::1']);
const ANY_ADDRESS = new AddressRanges(['0.0.0.0', '::']);

/** @param hostname as in a URL. @returns whether what is sent there does not leave this machine */
export function isLoopbackHost(hostname: string): boolean {
  // Not unwrapped: what is sent to an address of NAT64 or 6to4 leaves the machine, whatever is in it.
  return hostname.toLowerCase() === 'localhost' || LOOPBACK.has(withoutBrackets(hostname));
}

/**
 * @param hostname as in a URL
 * @param addresses of this machine, from its network interfaces
 * @returns whether a host is this machine, as far as its text tells
 */
export function isOwnHost(hostname: string, addresses: readonly string[]): boolean {
  const host = reachedAddress(hostname) ?? hostname.toLowerCase();
  return isLoopbackHost(host) || ANY_ADDRESS.has(host) || addresses.includes(host);
}

/** @returns the addresses of this machine, in lower case */
export function readOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address.toLowerCase()),
  );
}

/** Private, shared, link-local, loopback, multicast and reserved (RFC 6890); documentation ranges do no harm. */
const RESERVED_IPV4 = ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '198.18.0.0/15', '224.0.0.0/3'];
const NOT_PUBLIC = new AddressRanges([...PRIVATE_IPV4, ...RESERVED_IPV4]);

/** Whether a text is an IPv4 address that can be reached from everywhere. */
export function isPublicIpv4(text: string): boolean {
  return isIPv4(text) && !NOT_PUBLIC.has(text);
}
