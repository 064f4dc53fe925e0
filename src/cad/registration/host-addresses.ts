import { lookup as systemLookup } from 'node:dns';
import type { Clock } from '../../platform/clock.ts';

/** @returns the addresses of a name; null when they could not be found out */
export type AddressesOf = (name: string) => Promise<readonly string[] | null>;

/** Finds the addresses of a name, and may reject. */
export type NameLookup = (name: string) => Promise<readonly string[]>;

const DEADLINE_MS = 5_000;
/** The list is read, compared and written within seconds: the name is not looked up each time. */
const ANSWER_LIVES_MS = 60_000;
const NAME = /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/;

/** @param lookup stands in for the system's */
export function createHostAddresses(clock: Clock, lookup: NameLookup = lookUpBySystem): AddressesOf {
  let last: { readonly name: string; readonly addresses: readonly string[] | null; readonly until: number } | null =
    null;

  function lookUp(name: string): Promise<readonly string[] | null> {
    return new Promise((resolve) => {
      const giveUp = clock.after(DEADLINE_MS, () => resolve(null));
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
    // The name is what somebody typed into the CAD.
    if (!NAME.test(name)) return null;
    if (last?.name === name && clock.monotonic() < last.until) return last.addresses;
    const addresses = await lookUp(name);
    last = { name, addresses, until: clock.monotonic() + ANSWER_LIVES_MS };
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
