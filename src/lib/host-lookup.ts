import type { LookupAddress } from 'node:dns';
import * as dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from './clock.ts';

/** `dns.lookup` as it is called here. */
export type SystemLookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

interface HostLookupOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup | undefined;
  /** Whether a name that leads to an address is refused. */
  isRefused?(address: string): boolean;
}

/** Codes of our own, beside Node's. */
const LOOKUP_TIMEOUT = 'LOOKUP_TIMEOUT';
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';

const ANSWER_LIVES_MS = 60_000;
const FAILURE_LIVES_MS = 10_000;
const DEADLINE_MS = 5_000;
/** The engine has four threads for lookups and files together: hung lookups must leave one. */
const MAX_UNDER_WAY = 3;

const NAME = /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/;

type Answer = { readonly error: NodeJS.ErrnoException } | { readonly addresses: readonly LookupAddress[] };
type Waiter = (answer: Answer) => void;

interface Host {
  answer: Answer | null;
  /** Monotonic milliseconds. */
  freshUntil: number;
  isUnderWay: boolean;
  readonly waiters: Set<Waiter>;
}

/**
 * Finds the addresses of hosts: one lookup a host at a time, answers kept for 60 s and failures for 10 s, no wait longer than 5 s.
 * Each answer is checked here, where the connection takes it from, so that a name cannot pass a check with one address and be
 * connected to by another.
 */
export class HostLookup {
  readonly #options: HostLookupOptions;
  readonly #hosts = new Map<string, Host>();
  #underWay = 0;

  constructor(options: HostLookupOptions) {
    this.#options = options;
  }

  /** For the `lookup` of `node:http`. */
  readonly forRequests: LookupFunction = (name, options, callback) => {
    this.#find(name.toLowerCase(), (answer) => {
      if ('error' in answer) return callback(answer.error, '', 0);
      const [first] = answer.addresses;
      if (options.all) callback(null, [...answer.addresses]);
      else callback(null, first?.address ?? '', first?.family);
    });
  };

  /** @returns the addresses of a name, in lower case; null when they could not be found out, or it is no name */
  addressesOf(name: string): Promise<readonly string[] | null> {
    if (!NAME.test(name)) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#find(name.toLowerCase(), (answer) => {
        resolve('error' in answer ? null : answer.addresses.map(({ address }) => address.toLowerCase()));
      });
    });
  }

  #hostOf(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const now = this.#options.clock.monotonic();
    for (const [other, { freshUntil, isUnderWay, waiters }] of this.#hosts) {
      if (freshUntil <= now && !isUnderWay && waiters.size === 0) this.#hosts.delete(other);
    }
    const host: Host = { answer: null, freshUntil: 0, isUnderWay: false, waiters: new Set() };
    this.#hosts.set(name, host);
    return host;
  }

  #ask(name: string, host: Host): void {
    const { clock, lookup = dns.lookup } = this.#options;
    host.isUnderWay = true;
    this.#underWay += 1;
    lookup(name, { all: true }, (error, addresses) => {
      host.isUnderWay = false;
      this.#underWay -= 1;
      host.answer = error === null ? this.#checked(addresses) : { error };
      host.freshUntil = clock.monotonic() + ('error' in host.answer ? FAILURE_LIVES_MS : ANSWER_LIVES_MS);
      const waiters = [...host.waiters];
      host.waiters.clear();
      for (const waiter of waiters) waiter(host.answer);
      this.#askNext();
    });
  }

  #askNext(): void {
    for (const [name, host] of this.#hosts) {
      if (this.#underWay >= MAX_UNDER_WAY) return;
      if (host.waiters.size > 0 && !host.isUnderWay) this.#ask(name, host);
    }
  }

  #find(name: string, callback: Waiter): void {
    const { clock } = this.#options;
    const host = this.#hostOf(name);
    if (host.answer !== null && clock.monotonic() < host.freshUntil) {
      callback(host.answer);
      return;
    }
    const giveUp = clock.after(DEADLINE_MS, () => {
      host.waiters.delete(waiter);
      callback({ error: failure(LOOKUP_TIMEOUT, 'The name was not looked up in time') });
    });
    const waiter: Waiter = (answer) => {
      giveUp();
      callback(answer);
    };
    host.waiters.add(waiter);
    this.#askNext();
  }

  /** One refused address refuses the name: no honest name leads to a metadata service beside a web server. */
  #checked(addresses: readonly LookupAddress[]): Answer {
    if (addresses.length === 0) return { error: failure('ENOTFOUND', 'The name has no address') };
    const isRefused = addresses.some(({ address }) => this.#options.isRefused?.(address));
    return isRefused
      ? { error: failure(ADDRESS_REFUSED, 'The name leads to an address that is refused') }
      : { addresses };
  }
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
