import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Attempt } from './delivery.ts';

/** Counts how many forwarders a request has been through, so that a circle of them comes to an end. */
export const HOP_HEADER = 'x-sonorancad-hop';

/**
 * @param value the header as received; undefined when there is none
 * @returns how many forwarders it says, 0 to 100; what is no such number counts as 0
 */
export function parseHops(value: string | undefined): number {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Math.min(Number(value), 100) : 0;
}

/** An event has a UUID, and a replay's id `.r1` behind it; programs of others may have taken another id over. */
const WEBHOOK_ID = /^[\w.-]{1,80}$/;

/**
 * What a request says of the forwarders that it came through.
 *
 * @returns `hops` says how many; `id` is the `webhook-id` that they have given the event, undefined when it came from none
 */
export function readHops(headers: IncomingHttpHeaders): { readonly hops: number; readonly id: string | undefined } {
  const hops = parseHops(headers[HOP_HEADER]?.toString());
  const id = headers['webhook-id']?.toString() ?? '';
  return { hops, id: hops > 0 && WEBHOOK_ID.test(id) ? id : undefined };
}

/** Behind the `webhook-id` of a replay. An event itself has a UUID. */
const REPLAY = /\.r([1-9]\d{0,8})$/;

/** @returns the id that the event has in the game: the `webhook-id` of its replays is that and `.r1`, `.r2` … */
export function eventIdOf(webhookId: string): string {
  return webhookId.replace(REPLAY, '');
}

/**
 * A replay is signed under an id of its own. Were it told apart by a header, which is not signed, a recorded request could be
 * made one.
 *
 * @param webhookId of what was sent before: the event, or its last replay
 */
export function nextReplayId(webhookId: string): string {
  return `${eventIdOf(webhookId)}.r${Number(REPLAY.exec(webhookId)?.[1] ?? 0) + 1}`;
}

/** @returns whether an id says that the event was sent again by an operator */
export function isReplayId(webhookId: string): boolean {
  return REPLAY.test(webhookId);
}

/** @returns whether an operator's id, the event's or that of one replay, means what is sent under `webhookId` */
export function isMeant(asked: string, webhookId: string): boolean {
  return asked === webhookId || asked === eventIdOf(webhookId);
}

/** Type of the event that asks whether a listener that never answers is there. */
export const PROBE_TYPE = 'SONORANCAD_PROBE';

const PREFIX = 'whsec_';
const SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/** @returns whether a value is a secret as Standard Webhooks 1.0 writes them: `whsec_` and 24 to 64 bytes as base64 */
export function isSigningSecret(value: unknown): value is string {
  if (typeof value !== 'string' || !SECRET.test(value)) return false;
  const { length } = keyOf(value);
  return length >= 24 && length <= 64;
}

/** @returns the bytes that a secret stands for */
function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

/**
 * Signs a request as Standard Webhooks 1.0 asks (https://github.com/standard-webhooks/standard-webhooks).
 *
 * @param secrets `whsec_` and base64, as the config has checked; several while one is being replaced by another
 * @param timestamp seconds since 1970
 * @returns the value of `webhook-signature`: one signature for each secret, in their order
 */
export function signatureOf(secrets: readonly string[], id: string, timestamp: number, body: Uint8Array): string {
  const signed = (secret: string) =>
    createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return secrets.map((secret) => `v1,${signed(secret)}`).join(' ');
}

/** Other types are free text, which has no place in a header. */
const HEADER_TYPE = /^[A-Z0-9_]{1,64}$/;

/**
 * The headers of one attempt. Timestamp and signature are its own: receivers refuse those older than five minutes.
 *
 * @param body as it will be sent
 * @param now milliseconds since 1970
 */
export function requestHeaders(attempt: Attempt, body: Uint8Array, now: number, version: string) {
  const { target, event } = attempt;
  const timestamp = Math.floor(now / 1_000);
  const headers: Record<string, string> = {
    ...target.headers,
    'content-type': 'application/json',
    'content-length': String(body.byteLength),
    'user-agent': `sonorancad/${version}`,
    'webhook-id': event.id,
    'webhook-timestamp': String(timestamp),
    'x-sonorancad-attempt': String(attempt.attempt),
    [HOP_HEADER]: String(event.hops + 1),
  };
  if (target.secrets.length > 0) {
    headers['webhook-signature'] = signatureOf(target.secrets, event.id, timestamp, body);
  }
  if (HEADER_TYPE.test(event.type)) headers['x-sonorancad-event'] = event.type;
  if (attempt.replay) headers['x-sonorancad-replay'] = 'true';
  return headers;
}
