import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isUint8Array } from 'node:util/types';

/** Headers as `writeHead` takes them: by name, or names and values by turns. */
export type HeaderArgument = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** @returns whether Node takes it for a status */
export function isStatus(code: unknown): boolean {
  return Number.isInteger(code) && (code as number) >= 100 && (code as number) <= 999;
}

/** @returns whether Node takes it for a piece of a body */
export function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || isUint8Array(value);
}

/** Puts headers given to `writeHead` where those from `setHeader` are. */
export function keepHeaders(response: ServerResponse, headers: HeaderArgument): void {
  if (!Array.isArray(headers)) {
    for (const name of Object.keys(headers)) response.setHeader(name, headers[name] as string);
    return;
  }
  const pairs = headers.flatMap((name, index) =>
    index % 2 === 0 ? [[String(name), headers[index + 1]] as const] : [],
  );
  for (const [name] of pairs) response.removeHeader(name);
  for (const [name, value] of pairs) response.appendHeader(name, value as string);
}

/** An error as Node's own streams give it. */
export function streamError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
