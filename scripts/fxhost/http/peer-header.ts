import { type PeerAddress, parsePeerAddress } from './peer-address.ts';
import type { RequestHead } from './request-head.ts';

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
