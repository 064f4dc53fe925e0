import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads a request's body. The server's request timeout ends a slow one.
 * @returns null when it is over 1 MiB
 */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  return size > MAX_BYTES ? null : Buffer.concat(chunks).toString();
}

/** @returns the parsed JSON, or the fallback when it is not JSON */
export function parseJson(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
