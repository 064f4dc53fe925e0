const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** @returns the IPv4 address of a peer whom a server on `[::]` names `::ffff:1.2.3.4`; any other text as it is */
export function plainAddress(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}
