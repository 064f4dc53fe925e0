/** Counts how many forwarders a request has been through, so that a circle of them comes to an end. */
export const HOP_HEADER = 'x-sonorancad-hop';

/**
 * @param value the header as received; undefined when there is none
 * @returns how many forwarders it says, 0 to 100; what is no such number counts as 0
 */
export function parseHops(value: string | undefined): number {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Math.min(Number(value), 100) : 0;
}
