import { collectApiKeys } from '../events/api-keys.ts';
import { createKeyRing, type KeyRing } from '../events/key-ring.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { nearestKey, quoteText } from '../lib/text.ts';
import type { PushEventListenerOptions } from './push-event-listener.ts';

/** The options with their defaults. Without secrets, signatures are not looked at. */
export type ListenerSettings = Readonly<ReturnType<typeof readOptions>>;

/** What the resource takes, and so the most that it sends on. */
const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const MOST_BODY_BYTES = 16 * 1024 * 1024;
const PATH = /^\/[!-~]*$/;
const MAX_SECRETS = 8;

/** @throws a TypeError that names the option, what is expected, and never a key or secret */
export function readOptions(options: PushEventListenerOptions) {
  requireKnown(options ?? {}, OPTIONS);
  const { path = DOCUMENTED_PATH, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options ?? {};
  if (typeof path !== 'string' || !PATH.test(path) || /[?#]/.test(path)) {
    throw new TypeError(`path: expected a path such as "${DOCUMENTED_PATH}", without a query.`);
  }
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1 || maxBodyBytes > MOST_BODY_BYTES) {
    throw new TypeError(`maxBodyBytes: expected a whole number from 1 to ${MOST_BODY_BYTES}.`);
  }
  return { keys: readKeys(options ?? {}), path, maxBodyBytes, secrets: readSecrets(options?.secret) };
}

const OPTIONS: readonly (keyof PushEventListenerOptions)[] = ['apiKey', 'apiKeys', 'path', 'maxBodyBytes', 'secret'];

/**
 * A misspelt `secret` would silently take unsigned requests.
 *
 * @throws a TypeError that names the first option that is none
 */
function requireKnown(options: object, known: readonly string[]): void {
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  const nearest = nearestKey(other, known);
  const hint = nearest === null ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
  throw new TypeError(`${quoteText(other)}: there is no such option; ${hint}`);
}

function readKeys({ apiKey, apiKeys }: PushEventListenerOptions): KeyRing {
  const collected = collectApiKeys(apiKey, apiKeys);
  const [fault] = collected.faults;
  if (fault !== undefined) throw new TypeError(`${fault.at} ${fault.reason}.`);
  if (collected.apiKeys.length === 0) {
    throw new TypeError('apiKey is missing: without the API key that the CAD sends, every event would be refused.');
  }
  return createKeyRing(collected.apiKeys);
}

export function readSecrets(secret: PushEventListenerOptions['secret']): readonly string[] {
  if (secret === undefined) return [];
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  // An empty list would silently take unsigned requests.
  if (secrets.length === 0 || secrets.length > MAX_SECRETS || !secrets.every(isSigningSecret)) {
    throw new TypeError(
      `secret: expected "whsec_" and 24 to 64 bytes as base64, as the resource's target has it, or a list of 1 to ${MAX_SECRETS}.`,
    );
  }
  return [...secrets];
}
