import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { collectApiKeys, createKeyRing, type KeyRing } from '../events/api-keys.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import {
  CALL_SUBJECT,
  credentialsIn,
  DEFAULT_SUBJECT,
  isNatsServer,
  isSubject,
  type NatsCredentials,
  type NatsTls,
  natsExpectations,
  natsMembers,
  natsServer,
} from '../forward/targets/nats-settings.ts';
import { DOCUMENTED_PATH } from '../forward/targets/target-addresses.ts';
import { nearestKey, quoteText } from '../lib/text.ts';
import type { PushEventConsumerOptions, PushEventListenerOptions } from './push-event-listener.ts';

/** The checked options of a listener, with defaults filled in. */
export interface ListenerSettings {
  readonly keys: KeyRing;
  readonly path: string;
  readonly maxBodyBytes: number;
  /** Signing secrets. An empty list accepts unsigned requests. */
  readonly secrets: readonly string[];
}

/** Default limit for a request body. The resource accepts no larger event, so it forwards none. */
const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
/** The largest value that the option `maxBodyBytes` accepts. */
const MAX_BODY_BYTES_LIMIT = 16 * 1024 * 1024;
const PATH_PATTERN = /^\/[!-~]*$/;
/** The most secrets that a list can hold. A larger list is refused. */
const MAX_SECRETS = 8;

const LISTENER_OPTIONS: readonly (keyof PushEventListenerOptions)[] = [
  'apiKey',
  'apiKeys',
  'path',
  'maxBodyBytes',
  'secret',
];

/**
 * Checks the options of a listener and fills in defaults.
 *
 * @throws a TypeError that names the wrong option and the expected value. It never quotes a key or a secret.
 */
export function readOptions(options: PushEventListenerOptions): ListenerSettings {
  requireKnownOptions(options ?? {}, LISTENER_OPTIONS);
  const { path = DOCUMENTED_PATH, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options ?? {};
  if (typeof path !== 'string' || !PATH_PATTERN.test(path) || /[?#]/.test(path)) {
    throw new TypeError(`path: expected a path such as "${DOCUMENTED_PATH}", without a query.`);
  }
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1 || maxBodyBytes > MAX_BODY_BYTES_LIMIT) {
    throw new TypeError(`maxBodyBytes: expected a whole number from 1 to ${MAX_BODY_BYTES_LIMIT}.`);
  }
  const apiKeys = readKeys(options ?? {});
  if (apiKeys.length === 0) {
    throw new TypeError('apiKey is missing: without the API key that the CAD sends, every event would be refused.');
  }
  return { keys: createKeyRing(apiKeys), path, maxBodyBytes, secrets: readSecrets(options?.secret) };
}

/**
 * Refuses unknown options, because a misspelt `secret` would silently accept unsigned requests.
 *
 * @throws a TypeError that names the first unknown option
 */
function requireKnownOptions(options: object, names: readonly string[]): void {
  if (typeof options !== 'object') throw createExpectationError('options', `an object with ${names.join(', ')}`);
  const unknownName = Object.keys(options).find((name) => !names.includes(name));
  if (unknownName === undefined) return;
  const nearest = nearestKey(unknownName, names);
  const hint = nearest === null ? `the options are ${names.join(', ')}` : `did you mean ${nearest}?`;
  throw new TypeError(`${quoteText(unknownName)}: there is no such option; ${hint}`);
}

function readKeys({ apiKey, apiKeys }: Pick<PushEventListenerOptions, 'apiKey' | 'apiKeys'>): readonly string[] {
  const collected = collectApiKeys(apiKey, apiKeys);
  const [fault] = collected.faults;
  if (fault !== undefined) throw new TypeError(`${fault.at} ${fault.reason}.`);
  return collected.apiKeys;
}

function readSecrets(secret: PushEventListenerOptions['secret']): readonly string[] {
  if (secret === undefined) return [];
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  // An empty list is refused as well: it would silently accept unsigned requests.
  if (secrets.length === 0 || secrets.length > MAX_SECRETS || !secrets.every(isSigningSecret)) {
    throw new TypeError(
      'secret: expected "whsec_" and 24 to 64 bytes as base64, as in the target of the resource, ' +
        `or a list of 1 to ${MAX_SECRETS} secrets.`,
    );
  }
  return [...secrets];
}

/** Which events are handled in order: none, those of one game server, or those about one call. */
type Order = NonNullable<PushEventConsumerOptions['order']>;

/** The checked options of a worker, with defaults filled in. */
export interface ConsumerSettings {
  readonly servers: readonly string[];
  readonly stream: string;
  readonly durable: string;
  readonly order: Order;
  readonly credentials: NatsCredentials;
  readonly deadLetterSubject: string;
  /** Subject filter with placeholders such as `{serverId}`, or null for all subjects of the stream. */
  readonly filter: string | null;
  /** TLS certificates. An empty object requires TLS with the system's certificates; null lets the broker decide. */
  readonly tls: NatsTls | null;
  readonly concurrency: number;
  readonly maxDeliver: number;
  readonly ackWaitMs: number;
  readonly keys: KeyRing;
  /** Stands in for the API key of an event without one. The broker's accounts have authenticated its sender. */
  readonly sessionKey: string;
  readonly secrets: readonly string[];
}

const DURABLE_PATTERN = /^[A-Za-z0-9_-]{1,32}$/;
const ORDERS: readonly Order[] = ['none', 'server', 'call'];
/** The most broker addresses that a list can hold. A larger list is refused. */
const MAX_SERVERS = 16;
const CONSUMER_OPTIONS: readonly (keyof PushEventConsumerOptions)[] = [
  ...(['servers', 'stream', 'durable', 'filter', 'order', 'concurrency', 'maxDeliver', 'ackWaitMs'] as const),
  ...(['deadLetterSubject', 'credentials', 'tls', 'apiKey', 'apiKeys', 'secret', 'warn'] as const),
];

/**
 * Checks the options of a worker and fills in defaults.
 *
 * @throws a TypeError that names the wrong option and the expected value. It never quotes a key or a secret.
 */
export function readConsumerOptions(options: PushEventConsumerOptions): ConsumerSettings {
  requireKnownOptions(options ?? {}, CONSUMER_OPTIONS);
  const { durable, order = 'none', filter } = options ?? {};
  const stream = options?.stream;
  if (typeof stream !== 'string' || !v.is(natsMembers.stream, stream)) {
    throw createExpectationError('stream', readExpectation('stream'));
  }
  if (typeof durable !== 'string' || !DURABLE_PATTERN.test(durable)) {
    throw createExpectationError('durable', '1 to 32 letters, digits, "-" or "_"');
  }
  if (!ORDERS.includes(order)) throw createExpectationError('order', '"none", "server" or "call"');

  const { deadLetterSubject = `${stream}.dead.${durable}` } = options;
  if (!isSubjectWithoutPlaceholders(deadLetterSubject)) {
    throw createExpectationError('deadLetterSubject', 'a subject like "sonoran.dead.bot"');
  }
  const servers = readServers(options.servers);
  if (options.warn !== undefined && typeof options.warn !== 'function') {
    throw createExpectationError('warn', 'a function');
  }

  const apiKeys = readKeys(options);
  // Without configured keys, a random session key makes the worker refuse every event that has a key.
  const sessionKey = apiKeys[0] ?? randomBytes(24).toString('base64url');
  const hasTlsServer = servers.some((server) => /^tls:/i.test(server));
  return {
    servers: servers.map(natsServer),
    stream,
    durable,
    order,
    credentials: readMember('credentials', options.credentials) ?? credentialsIn(servers[0] ?? ''),
    deadLetterSubject,
    filter: readFilter(filter, order),
    tls: readMember('tls', options.tls) ?? (hasTlsServer ? {} : null),
    concurrency: readWholeNumber('concurrency', options.concurrency ?? 1, 1, 256),
    maxDeliver: readWholeNumber('maxDeliver', options.maxDeliver ?? 5, 1, 100),
    ackWaitMs: readWholeNumber('ackWaitMs', options.ackWaitMs ?? 30_000, 1_000, 600_000),
    keys: createKeyRing(apiKeys.length > 0 ? apiKeys : [sessionKey]),
    sessionKey,
    secrets: readSecrets(options.secret),
  };
}

function createExpectationError(option: string, expectation: string): TypeError {
  return new TypeError(`${option}: expected ${expectation}.`);
}

/** @returns the expectation of a target's member, without the part after ";" about when a target needs it */
function readExpectation(name: keyof typeof natsExpectations): string {
  return natsExpectations[name].replace(/;.*$/, '');
}

function readServers(given: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const servers = list.map((server) => (typeof server === 'string' ? server.trim() : ''));
  if (servers.length === 0 || servers.length > MAX_SERVERS || !servers.every(isNatsServer)) {
    throw createExpectationError('servers', `nats://host:4222, or a list of up to ${MAX_SERVERS} such addresses`);
  }
  return servers;
}

function readMember<Name extends 'credentials' | 'tls'>(name: Name, given: unknown) {
  const result = v.safeParse(natsMembers[name], given);
  if (!result.success) throw createExpectationError(name, readExpectation(name));
  return result.output as v.InferOutput<(typeof natsMembers)[Name]>;
}

/** The filter that each order uses by default. */
const DEFAULT_FILTERS: Readonly<Record<Order, string | null>> = {
  none: null,
  server: DEFAULT_SUBJECT,
  call: CALL_SUBJECT,
};
/** The placeholder that a filter must contain for each order. */
const REQUIRED_PLACEHOLDERS: Readonly<Record<Order, string>> = { none: '', server: '{serverId}', call: '{callId}' };

/** @returns the filter with its placeholders, or null for all subjects of the stream */
function readFilter(given: string | undefined, order: Order): string | null {
  const filter = given ?? DEFAULT_FILTERS[order];
  if (filter === null) return null;
  const placeholder = REQUIRED_PLACEHOLDERS[order];
  if (typeof filter === 'string' && isSubject(filter) && filter.includes(placeholder)) return filter;

  const example = order === 'call' ? CALL_SUBJECT : DEFAULT_SUBJECT;
  const addition = placeholder === '' ? '' : `, with ${placeholder} in it`;
  throw createExpectationError('filter', `a subject like "${example}"${addition}`);
}

function readWholeNumber(option: string, given: unknown, min: number, max: number): number {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= min && given <= max) return given;
  throw createExpectationError(option, `a whole number from ${min} to ${max}`);
}

function isSubjectWithoutPlaceholders(given: unknown): given is string {
  return typeof given === 'string' && isSubject(given) && !given.includes('{');
}
