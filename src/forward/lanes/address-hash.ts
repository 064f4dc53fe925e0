import { createHash } from 'node:crypto';

/** @returns a short text that differs for different addresses and does not give them away */
export function hashAddress(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}
