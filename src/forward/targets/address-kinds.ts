import { isIP } from 'node:net';

/** An IPv4 address as 4, an IPv6 address as 16 numbers; null for anything else. A zone (`%eth0`) does not matter. */
function addressBytes(address: string): number[] | null {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/s, '');
  const version = isIP(bare);
  if (version === 4) return bare.split('.').map(Number);
  if (version !== 6) return null;
  const hex = bare.replace(/[^:]*\..*$/, (dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = hex.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back].map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

const isZero = (bytes: readonly number[]): boolean => bytes.every((byte) => byte === 0);
const startsWith = (bytes: readonly number[], prefix: readonly number[]): boolean =>
  prefix.every((byte, index) => bytes[index] === byte);

/** The IPv4 address that an IPv6 address leads to by its form: mapped, compatible, NAT64 (RFC 6052, 8215) or 6to4. */
function embeddedIpv4(bytes: readonly number[]): readonly number[] | null {
  const last = bytes.slice(12);
  if (isZero(bytes.slice(0, 10)) && bytes[10] === 255 && bytes[11] === 255) return last;
  if (isZero(bytes.slice(0, 12)) && !startsWith(last, [0, 0, 0, 1])) return last;
  if (startsWith(bytes, [0, 0x64, 0xff, 0x9b])) return last;
  if (startsWith(bytes, [0x20, 0x02])) return bytes.slice(2, 6);
  return null;
}

const REFUSED_IPV4: readonly (readonly [prefix: readonly number[], why: string])[] = [
  [[0], 'no address of a server'],
  [[169, 254], 'link-local, where clouds serve their metadata'],
  [[100, 100, 100, 200], 'the metadata of a cloud'],
  [[168, 63, 129, 16], 'the metadata of a cloud'],
  [[192, 0, 0, 192], 'the metadata of a cloud'],
];
const EC2_METADATA = [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54];

/**
 * Whether an address must not be sent to: who may write a target's name could otherwise read a cloud's credentials
 * through us. Private and loopback addresses are fine: bots live there.
 *
 * @param address an IP address, with or without brackets; anything else is nothing this can judge
 * @returns why, in a few words, or null when it may be sent to
 */
export function refusedAddress(address: string): string | null {
  const bytes = addressBytes(address);
  if (bytes === null) return null;
  const ipv4 = bytes.length === 4 ? bytes : embeddedIpv4(bytes);
  if (ipv4 !== null) return REFUSED_IPV4.find(([prefix]) => startsWith(ipv4, prefix))?.[1] ?? null;
  if (bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80) return 'link-local';
  return startsWith(bytes, EC2_METADATA) ? 'the metadata of a cloud' : null;
}

const PRIVATE_IPV4: readonly (readonly number[])[] = [[10], [127], [192, 168]];
const PRIVATE_NAME = /(^|\.)(localhost|local|lan|home|internal|intranet|home\.arpa)\.?$/;

function isPrivateIpv4(bytes: readonly number[]): boolean {
  const [first = 0, second = 0] = bytes;
  if (PRIVATE_IPV4.some((prefix) => startsWith(bytes, prefix))) return true;
  return (first === 172 && (second & 0xf0) === 16) || (first === 100 && (second & 0xc0) === 64);
}

/**
 * Whether requests to a host stay on this machine or in its network, as far as the host's text tells.
 *
 * @param hostname as in a URL; a name without a dot, or one that is only given out inside networks, counts as private
 */
export function isPrivateHost(hostname: string): boolean {
  const bytes = addressBytes(hostname);
  if (bytes === null) return !hostname.includes('.') || PRIVATE_NAME.test(hostname.toLowerCase());
  if (bytes.length === 4) return isPrivateIpv4(bytes);
  const ipv4 = embeddedIpv4(bytes);
  if (ipv4 !== null) return isPrivateIpv4(ipv4);
  return ((bytes[0] ?? 0) & 0xfe) === 0xfc || (isZero(bytes.slice(0, 15)) && bytes[15] === 1);
}
