import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { refusedAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';

/** `dns.lookup` as it is called here. */
export type SystemLookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Codes of our own, beside Node's. */
const LOOKUP_TIMEOUT = 'LOOKUP_TIMEOUT';
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';

const ANSWER_LIVES_MS = 60_000;
const FAILURE_LIVES_MS = 10_000;
const DEADLINE_MS = 5_000;
/** The engine has four threads for lookups and files together: hung lookups must leave one. */
const MAX_UNDER_WAY = 3;

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
 * Finds the addresses of hosts for `node:http`: one lookup a host at a time, answers kept for 60 s and failures for 10 s,
 * no request waits longer than 5 s. Each answer is checked here, where the connection takes it from, so that a name cannot
 * pass a check with one address and be connected to by another.
 *
 * @param lookup `dns.lookup`
 */
export function createHostLookup(lookup: SystemLookup, clock: Pick<Clock, 'monotonic' | 'after'>): LookupFunction {
  const hosts = new Map<string, Host>();
  const queue: string[] = [];
  let underWay = 0;

  function hostOf(name: string): Host {
    const known = hosts.get(name);
    if (known !== undefined) return known;
    const now = clock.monotonic();
    for (const [other, { freshUntil, isUnderWay, waiters }] of hosts) {
      if (freshUntil <= now && !isUnderWay && waiters.size === 0) hosts.delete(other);
    }
    const host: Host = { answer: null, freshUntil: 0, isUnderWay: false, waiters: new Set() };
    hosts.set(name, host);
    return host;
  }

  function ask(name: string, host: Host): void {
    host.isUnderWay = true;
    underWay += 1;
    lookup(name, { all: true }, (error, addresses) => {
      host.isUnderWay = false;
      underWay -= 1;
      host.answer = error === null ? checked(addresses) : { error };
      host.freshUntil = clock.monotonic() + ('error' in host.answer ? FAILURE_LIVES_MS : ANSWER_LIVES_MS);
      const waiters = [...host.waiters];
      host.waiters.clear();
      for (const waiter of waiters) waiter(host.answer);
      askNext();
    });
  }

  function askNext(): void {
    while (underWay < MAX_UNDER_WAY) {
      const name = queue.shift();
      if (name === undefined) return;
      const host = hosts.get(name);
      // Those who waited for it may have given up meanwhile.
      if (host !== undefined && host.waiters.size > 0 && !host.isUnderWay) ask(name, host);
    }
  }

  function find(name: string, callback: Waiter): void {
    const host = hostOf(name);
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
    if (!host.isUnderWay && !queue.includes(name)) queue.push(name);
    askNext();
  }

  return (name, options, callback) => {
    find(name.toLowerCase(), (answer) => {
      if ('error' in answer) return callback(answer.error, '', 0);
      const [first] = answer.addresses;
      if (options.all) callback(null, [...answer.addresses]);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** One refused address refuses the name: no honest name leads to a metadata service beside a web server. */
function checked(addresses: readonly LookupAddress[]): Answer {
  if (addresses.length === 0) return { error: failure('ENOTFOUND', 'The name has no address') };
  const isRefused = addresses.some(({ address }) => refusedAddress(address) !== null);
  return isRefused
    ? { error: failure(ADDRESS_REFUSED, 'The name leads to an address that is refused') }
    : { addresses };
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
