import { type Answer, LATE, TOO_LARGE } from '../http/answers.ts';
import type { BodyOutcome } from '../lib/body.ts';

/** The whole body, an answer that ends it early, or null when the client went away. */
export type CollectedBody = Uint8Array | Answer | null;

/** @returns what becomes of a body that was read */
export function collected(outcome: BodyOutcome): CollectedBody {
  if (outcome.status === 'whole') return outcome.body;
  if (outcome.status === 'aborted') return null;
  return outcome.status === 'too-large' ? TOO_LARGE : LATE;
}

/** Where body parsers leave what they have read. */
interface ParsedRequest {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

const ADVICE = 'put the listener before the body parser, or have the parser keep the bytes as rawBody';

/**
 * The body of a request that a body parser before the listener has read.
 *
 * @param stream the request as Node gives it
 * @param parsed where the framework's parsers leave the body
 * @param isSigned whether the bytes as they came are needed
 * @returns null when it was not read yet
 * @throws an Error that says what to change, when the body is lost
 */
export function parsedBody(stream: object, parsed: ParsedRequest, isSigned: boolean): Uint8Array | null {
  if (!('readableDidRead' in stream && stream.readableDidRead === true)) return null;
  const { rawBody, body } = parsed;
  const bytes = toBytes(rawBody) ?? toBytes(body);
  if (bytes !== null) return bytes;
  if (typeof body !== 'object' || body === null) {
    throw new Error(`The body of a push event was read before it came to the listener: ${ADVICE}.`);
  }
  if (isSigned) {
    throw new Error(`A signature cannot be checked against a body that was parsed before: ${ADVICE}.`);
  }
  return Buffer.from(JSON.stringify(body));
}

function toBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return Buffer.from(value);
  return value instanceof Uint8Array ? value : null;
}
