import { isUint8Array } from 'node:util/types';

/** @returns whether Node takes it for a status */
export function isStatus(code: unknown): boolean {
  return Number.isInteger(code) && (code as number) >= 100 && (code as number) <= 999;
}

/** @returns whether Node takes it for a piece of a body */
export function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || isUint8Array(value);
}

/** An error as Node's own streams give it. */
export function streamError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
