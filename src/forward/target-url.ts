import { DOCUMENTED_PATH } from './documented-path.ts';

/** `http://host:port` and nothing after it: operators are told to write the address of their listener so. */
const BARE_ORIGIN = /^\s*[a-z]+:\/\/[^/?#]*(?=[?#]|\s*$)/i;

/**
 * @param configured an http or https URL that the config has checked
 * @returns the URL to POST to: a bare origin is completed with `/sonorancad/event`; with any path, even `/`, it stays as written
 */
export function targetUrl(configured: string): URL {
  const url = new URL(configured.trim());
  if (BARE_ORIGIN.test(configured)) url.pathname = DOCUMENTED_PATH;
  return url;
}

/** The addresses under which this server reaches itself. */
export interface OwnAddress {
  /** The game port. */
  readonly port: number;
  readonly resourceName: string;
  /** Addresses of this machine, from its network interfaces. */
  readonly addresses: readonly string[];
}

/** @returns whether a URL is this resource's own event path, so that forwarding to it would never end */
export function isOwnEventPath(url: URL, own: OwnAddress): boolean {
  return isEventPathHere(url, own.resourceName, own);
}

/**
 * @returns whether a URL is the event path of the resource named `sonorancad` on this server. Where that is another one, our
 *   events come from its forwarder, or will once it runs: forwarding to it would never end
 */
export function isOfficialEventPath(url: URL, own: OwnAddress): boolean {
  return isEventPathHere(url, 'sonorancad', own);
}

function isEventPathHere(url: URL, resourceName: string, own: OwnAddress): boolean {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (port !== own.port) return false;
  // The game server finds the resource by its name in any case; the route behind it ends in `/event`.
  const path = url.pathname.toLowerCase();
  const mounted = `/${resourceName.toLowerCase()}/`;
  if (!path.startsWith(mounted) || !/\/event\/?$/.test(path)) return false;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    host === 'localhost' ||
    host === '0.0.0.0' ||
    host === '::' ||
    host === '::1' ||
    /^127\./.test(host) ||
    own.addresses.includes(host)
  );
}
