import type { ServerResponse } from 'node:http';
import { type CfxBody, toCfxBody } from './citizenfx-http.ts';

/** @returns whether answers of this status have no body */
export function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

/**
 * The length of a body, in bytes, as the head of its answer is to tell it; undefined lets FXServer chunk it.
 *
 * @param bodiless whether nothing of the body is sent, as after HEAD
 * @param length of the whole body, when all of it is at hand
 */
export function lengthToTell(
  response: ServerResponse,
  bodiless: boolean,
  length: number | undefined,
): number | undefined {
  if (response.statusCode < 200 || response.statusCode === 204) return 0;
  if (!bodiless && length !== undefined) return length;
  const header = Number(response.getHeader('content-length') ?? Number.NaN);
  const declared = Number.isSafeInteger(header) && header >= 0 ? header : undefined;
  return bodiless ? (declared ?? length ?? 0) : declared;
}

/**
 * A piece of a body as FXServer takes it, and no longer than the head has told: the rest would be read as the next answer.
 *
 * @param remaining bytes of the told length that are still to come
 * @returns the piece, and what remains after it: less than nothing when the piece had to be cut
 */
export function cutToLength(
  chunk: string | Uint8Array,
  encoding: BufferEncoding | undefined,
  remaining: number,
): { data: CfxBody; remaining: number } {
  const { data, length } = toCfxBody(chunk, encoding);
  if (length <= remaining) return { data, remaining: remaining - length };
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
  return { data: toCfxBody(bytes.subarray(0, remaining)).data, remaining: remaining - length };
}
