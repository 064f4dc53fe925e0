import { lookup as systemLookup } from 'node:dns';
import { isPublicIpv4 } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';

/** @returns this machine's public IPv4 address; null when it could not be found out */
export type AskAddress = () => Promise<string | null>;

export interface PublicAddressOptions {
  /** URLs that answer with the asker's address. */
  services(): readonly string[];
  readonly clock: Clock;
}

const ECHO_DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 1_024;
/** One service alone may be mistaken, or lie. */
const MUST_AGREE = 2;

/**
 * Asks every service at once, and believes the public IPv4 address that most of them give, if it is at least two on different
 * hosts and no other address has as many. Takes 5 s at most.
 */
export function createPublicAddress({ services, clock }: PublicAddressOptions): AskAddress {
  async function ask(url: string): Promise<string | null> {
    const abortion = new AbortController();
    const stopWaiting = clock.after(ECHO_DEADLINE_MS, () => abortion.abort());
    try {
      const response = await fetch(url, { redirect: 'error', signal: abortion.signal });
      return response.ok ? readAddress(await readShort(response, abortion)) : null;
    } catch {
      return null;
    } finally {
      stopWaiting();
      // Frees the connection of an answer that was not read to its end.
      abortion.abort();
    }
  }

  return async () => {
    const hosts = new Map(services().map((url) => [new URL(url).host, url]));
    const votes = new Map<string, number>();
    for (const address of await Promise.all([...hosts.values()].map(ask))) {
      if (address !== null) votes.set(address, (votes.get(address) ?? 0) + 1);
    }
    const [[first, most] = [null, 0], [, second] = ['', 0]] = [...votes].sort(([, a], [, b]) => b - a);
    return most >= MUST_AGREE && most > second ? first : null;
  };
}

/** @returns the text of an answer; empty when it is longer than an address could need */
async function readShort(response: Response, abortion: AbortController): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER_BYTES) {
      abortion.abort();
      return '';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** @param text the bare address, or a JSON object with the address as `ip` */
function readAddress(text: string): string | null {
  const trimmed = text.trim();
  const address = trimmed.startsWith('{') ? (JSON.parse(trimmed) as { ip?: unknown }).ip : trimmed;
  return typeof address === 'string' && isPublicIpv4(address) ? address : null;
}

/** @returns the addresses of a name; null when they could not be found out */
export type AddressesOf = (name: string) => Promise<readonly string[] | null>;

/** Finds the addresses of a name, and may reject. */
export type NameLookup = (name: string) => Promise<readonly string[]>;

const LOOKUP_DEADLINE_MS = 5_000;
/** The list is read, compared and written within seconds: the name is not looked up each time. */
const LOOKUP_LIVES_MS = 60_000;
const NAME = /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/;

/** @param lookup stands in for the system's */
export function createHostAddresses(clock: Clock, lookup: NameLookup = lookUpBySystem): AddressesOf {
  let last: { readonly name: string; readonly addresses: readonly string[] | null; readonly until: number } | null =
    null;

  function lookUp(name: string): Promise<readonly string[] | null> {
    return new Promise((resolve) => {
      const giveUp = clock.after(LOOKUP_DEADLINE_MS, () => resolve(null));
      lookup(name).then(
        (addresses) => {
          giveUp();
          resolve(addresses.map((address) => address.toLowerCase()));
        },
        () => {
          giveUp();
          resolve(null);
        },
      );
    });
  }

  return async (name) => {
    // People type the name into the CAD.
    if (!NAME.test(name)) return null;
    if (last?.name === name && clock.monotonic() < last.until) return last.addresses;
    const addresses = await lookUp(name);
    last = { name, addresses, until: clock.monotonic() + LOOKUP_LIVES_MS };
    return addresses;
  };
}

function lookUpBySystem(name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses.map(({ address }) => address));
      else reject(error);
    });
  });
}
