import { networkInterfaces } from 'node:os';

/** @returns the addresses of this machine, in lower case */
export function readOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address.toLowerCase()),
  );
}
