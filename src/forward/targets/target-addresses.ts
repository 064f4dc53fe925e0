import { createHash } from 'node:crypto';
import { URL } from 'node:url';
import { createKeyRing } from '../../events/api-keys.ts';
import { isOwnHost } from '../../lib/addresses.ts';

/** To which the CAD sends push events, and where the documented listener answers: there and nowhere else. */
export const DOCUMENTED_PATH = '/sonorancad/event';

// `https://host` is what config.json is shipped with in official installations.
const SHIPPED_PLACEHOLDER = /^https:\/\/host\/?$/i;

/**
 * The forward URL as configured, '' when none is set.
 * @param text what config.json or the convar holds
 */
export function settledForwardUrl(text: string): string {
  const url = text.trim();
  return SHIPPED_PLACEHOLDER.test(url) ? '' : url;
}

/**
 * Whether a text is an http or https URL with a host. `new URL` alone would take `https:host` and drop tabs and line
 * breaks out of the middle, so that another address is called than the one the operator reads.
 */
export function isForwardUrl(text: string): boolean {
  return /^https?:\/\/[^/\\?#\s]/i.test(text) && !/[\s\p{Cc}]/u.test(text) && URL.canParse(text);
}

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

/** @returns the user or the password of an address as it was meant */
export function decodeUserInfo(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A percent sign that begins no escape was meant as it stands: `pass%word`.
    return part;
  }
}

/** The addresses under which this server reaches itself. */
export interface OwnAddress {
  /** The game port. */
  readonly port: number;
  readonly resourceName: string;
  /** Addresses of this machine, from its network interfaces. */
  readonly addresses: readonly string[];
}

/** @returns whether a URL is the event path of a resource on this server, this one unless named, so that forwarding to it would never end */
export function isEventPathHere(url: URL, own: OwnAddress, resourceName = own.resourceName): boolean {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (port !== own.port) return false;
  // The game server finds the resource by its name in any case; the route behind it ends in `/event`.
  const path = url.pathname.toLowerCase();
  const mounted = `/${resourceName.toLowerCase()}/`;
  if (!path.startsWith(mounted) || !/\/event\/?$/.test(path)) return false;
  return isOwnHost(url.hostname, own.addresses);
}

const HOST = /^((ptb|canary)\.)?discord(app)?\.com$/;
const PATH = /^\/api\/(v\d+\/)?webhooks\/\d+\//i;

/** @returns whether an address is a webhook of Discord, which takes messages of its own form only */
export function isDiscordWebhook({ hostname, pathname }: URL): boolean {
  return HOST.test(hostname) && PATH.test(pathname);
}

/** The last part of a Discord webhook's path is a secret: it lets anyone write into that channel. */
const WEBHOOK_TOKEN = /(\/webhooks\/+[^/?#]+\/+)[^/?#\s"]+/gi;

/**
 * @param text a URL, a path, or what should have been one
 * @returns the same, with `***` where a webhook's token stands
 */
export function maskWebhookToken(text: string): string {
  return text.replace(WEBHOOK_TOKEN, '$1***');
}

/**
 * @param secrets what is masked wherever it stands in the path, in any case and encoding
 * @returns the URL as it may be shown: without credentials, query, fragment, webhook token and those secrets
 */
export function shownUrl(url: URL, secrets: readonly string[] = []): string {
  const path = createKeyRing(secrets).mask(url.pathname, '***');
  // A caret would be read as a colour code by the console.
  return maskWebhookToken(`${url.protocol}//${url.host}${path}`).replaceAll('^', '%5E');
}

/** @returns a short text that differs for different addresses and does not give them away */
export function hashAddress(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}
