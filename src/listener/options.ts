import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { collectApiKeys, createKeyRing } from '../events/api-keys.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import {
  CALL_SUBJECT,
  credentialsIn,
  DEFAULT_SUBJECT,
  isNatsServer,
  isSubject,
  natsExpectations,
  natsMembers,
  natsServer,
} from '../forward/targets/nats-settings.ts';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { nearestKey, quoteText } from '../lib/text.ts';
import type { PushEventConsumerOptions, PushEventListenerOptions } from './push-event-listener.ts';

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
  const apiKeys = readKeys(options ?? {});
  if (apiKeys.length === 0) {
    throw new TypeError('apiKey is missing: without the API key that the CAD sends, every event would be refused.');
  }
  return { keys: createKeyRing(apiKeys), path, maxBodyBytes, secrets: readSecrets(options?.secret) };
}

const OPTIONS: readonly (keyof PushEventListenerOptions)[] = ['apiKey', 'apiKeys', 'path', 'maxBodyBytes', 'secret'];

/**
 * A misspelt `secret` would silently take unsigned requests.
 *
 * @throws a TypeError that names the first option that is none
 */
function requireKnown(options: object, known: readonly string[]): void {
  if (typeof options !== 'object') throw expected('options', `an object with ${known.join(', ')}`);
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  const nearest = nearestKey(other, known);
  const hint = nearest === null ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
  throw new TypeError(`${quoteText(other)}: there is no such option; ${hint}`);
}

/** @returns none where none is given */
function readKeys({ apiKey, apiKeys }: Pick<PushEventListenerOptions, 'apiKey' | 'apiKeys'>): readonly string[] {
  const collected = collectApiKeys(apiKey, apiKeys);
  const [fault] = collected.faults;
  if (fault !== undefined) throw new TypeError(`${fault.at} ${fault.reason}.`);
  return collected.apiKeys;
}

function readSecrets(secret: PushEventListenerOptions['secret']): readonly string[] {
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

/** The options of a worker, checked and with their defaults. */
export type ConsumerSettings = Readonly<ReturnType<typeof readConsumerOptions>>;

const NAME = /^[A-Za-z0-9_-]{1,32}$/;
const ORDERS = ['none', 'server', 'call'] as const;
const MAX_SERVERS = 16;
const CONSUMER_OPTIONS: readonly (keyof PushEventConsumerOptions)[] = [
  ...(['servers', 'stream', 'durable', 'filter', 'order', 'concurrency', 'maxDeliver', 'ackWaitMs'] as const),
  ...(['deadLetterSubject', 'credentials', 'tls', 'apiKey', 'apiKeys', 'secret', 'warn'] as const),
];

/** @throws a TypeError that names the option, what is expected, and never a key or secret */
export function readConsumerOptions(options: PushEventConsumerOptions) {
  requireKnown(options ?? {}, CONSUMER_OPTIONS);
  const { durable, order = 'none', filter } = options ?? {};
  const stream = options?.stream;
  if (typeof stream !== 'string' || !v.is(natsMembers.stream, stream)) throw expected('stream', wordsFor('stream'));
  if (typeof durable !== 'string' || !NAME.test(durable)) {
    throw expected('durable', '1 to 32 letters, digits, "-" or "_"');
  }
  if (!ORDERS.includes(order)) throw expected('order', '"none", "server" or "call"');
  const { deadLetterSubject = `${stream}.dead.${durable}` } = options;
  if (!isPlainSubject(deadLetterSubject)) throw expected('deadLetterSubject', 'a subject like "sonoran.dead.bot"');
  const servers = readServers(options.servers);
  if (options.warn !== undefined && typeof options.warn !== 'function') throw expected('warn', 'a function');
  const given = readKeys(options);
  // Without a key, a key that no one knows: an event that has one then is not taken.
  const sessionKey = given[0] ?? randomBytes(24).toString('base64url');
  const credentials = readMember('credentials', options.credentials) ?? credentialsIn(servers[0] ?? '');
  return {
    servers: servers.map(natsServer),
    ...{ stream, durable, order, credentials, deadLetterSubject },
    filter: readFilter(filter, order),
    tls: readMember('tls', options.tls) ?? (servers.some((each) => /^tls:/i.test(each)) ? {} : null),
    concurrency: whole('concurrency', options.concurrency ?? 1, 1, 256),
    maxDeliver: whole('maxDeliver', options.maxDeliver ?? 5, 1, 100),
    ackWaitMs: whole('ackWaitMs', options.ackWaitMs ?? 30_000, 1_000, 600_000),
    keys: createKeyRing(given.length > 0 ? given : [sessionKey]),
    /** Stands in the place of the key where an event has none: the broker's accounts have shown whose it is. */
    sessionKey,
    secrets: readSecrets(options.secret),
  };
}

function expected(option: string, what: string): TypeError {
  return new TypeError(`${option}: expected ${what}.`);
}

/** @returns what is expected, without when a target may have it */
const wordsFor = (name: keyof typeof natsExpectations): string => natsExpectations[name].replace(/;.*$/, '');

function readServers(given: unknown): string[] {
  const servers: readonly unknown[] = Array.isArray(given) ? given : [given];
  const trimmed = servers.map((each) => (typeof each === 'string' ? each.trim() : ''));
  if (trimmed.length === 0 || trimmed.length > MAX_SERVERS || !trimmed.every(isNatsServer)) {
    throw expected('servers', `nats://host:4222, or a list of up to ${MAX_SERVERS} such`);
  }
  return trimmed;
}

function readMember<Name extends 'credentials' | 'tls'>(name: Name, given: unknown) {
  const read = v.safeParse(natsMembers[name], given);
  if (!read.success) throw expected(name, wordsFor(name));
  return read.output as v.InferOutput<(typeof natsMembers)[Name]>;
}

/** @returns the filter with its placeholders; null for all of a stream */
function readFilter(given: string | undefined, order: (typeof ORDERS)[number]): string | null {
  const filter = given ?? { none: null, server: DEFAULT_SUBJECT, call: CALL_SUBJECT }[order];
  if (filter === null) return null;
  const needed = { none: '', server: '{serverId}', call: '{callId}' }[order];
  if (typeof filter !== 'string' || !isSubject(filter) || !filter.includes(needed)) {
    const example = order === 'call' ? CALL_SUBJECT : DEFAULT_SUBJECT;
    throw expected('filter', `a subject like "${example}"${needed === '' ? '' : `, with ${needed} in it`}`);
  }
  return filter;
}

function whole(option: string, given: unknown, least: number, most: number): number {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= least && given <= most) return given;
  throw expected(option, `a whole number from ${least} to ${most}`);
}

function isPlainSubject(given: unknown): given is string {
  return typeof given === 'string' && isSubject(given) && !given.includes('{');
}
