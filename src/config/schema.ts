import { URL } from 'node:url';
import * as v from 'valibot';
import { cadKeys } from '../cad/settings.ts';
import { isProtectionMark } from '../events/api-keys.ts';
import { catalogue } from '../events/catalogue/catalogue.ts';
import { netEventScopes } from '../events/catalogue/entry.ts';
import { forwardKeys } from '../forward/settings.ts';
import { netEventsSchema, noNetEvents } from '../game/dispatch/net-events.ts';
import { inspectorKeys } from '../inspector/settings.ts';
import { isIpOrRange } from '../lib/addresses.ts';
import {
  type ConfigKey,
  key,
  listOfLength,
  type SettingsOf,
  textsIn,
  trimmed,
  wholeFrom,
  word,
} from '../lib/settings.ts';
import { notificationKeys } from '../notify/settings.ts';

const KEY_WORDS = '16 to 256 printable ASCII characters';
const IDENTIFIERS = ['license', 'license2', 'steam', 'discord', 'fivem', 'ip', 'xbl', 'live'] as const;

/** Every key, in the order of the table in docs/configuration.md. A new key is one entry here, or in the settings of the feature it belongs to. */
export const configKeys = {
  communityID: key({
    form: 'text',
    schema: v.pipe(trimmed, v.regex(/^[ -~]{0,100}$/)),
    default: '',
    description: "Your community's id in the CAD.",
    expected: 'up to 100 printable ASCII characters',
  }),
  apiKey: key({
    form: 'text',
    schema: v.string(),
    default: '',
    description: 'The API key that the CAD sends with each push event; without one every event is refused.',
    expected: KEY_WORDS,
    secret: true,
  }),
  apiKeys: key({
    form: 'json',
    schema: v.array(v.string()),
    default: [],
    description: 'More API keys that are accepted beside `apiKey`, so that a key can be changed without losing events.',
    expected: `a list of keys, each ${KEY_WORDS}`,
    secret: true,
  }),
  serverId: key({
    form: 'number',
    schema: wholeFrom(1, 1_000_000),
    default: 1,
    description: "This game server's number in the CAD's server list.",
    expected: 'a whole number from 1 to 1000000',
    otherwise: 'using 1, and the entry is only checked',
  }),
  mode: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['production', 'development'])),
    default: 'production',
    description: "Which of the CAD's systems this server belongs to.",
    expected: '"production" or "development"',
  }),
  debugMode: key({
    form: 'boolean',
    schema: v.boolean(),
    default: false,
    description: 'Prints each event and each delivery to the console.',
    expected: 'true or false',
  }),
  primaryIdentifier: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(IDENTIFIERS)),
    default: 'license',
    description: 'The kind of identifier by which the CAD knows players.',
    expected: `one of ${IDENTIFIERS.join(', ')}`,
  }),
  ...notificationKeys,
  netEvents: key({
    form: 'json',
    schema: netEventsSchema,
    default: {},
    description:
      "Which players' games get each type of push event, as `sonorancad:pushEvent`; see docs/scripting.md for the defaults.",
    expected: `an object of known types and one of ${netEventScopes.join(', ')} like { "EVENT_TONE": "all" }`,
    expectedAt: () => `one of ${netEventScopes.join(', ')}`,
    members: () => Object.keys(catalogue),
    otherwise: 'no net events are sent',
    whenRefused: noNetEvents,
  }),
  statusLabels: key({
    form: 'json',
    schema: listOfLength(v.pipe(trimmed, v.minLength(1), v.maxLength(50)), 1, 20),
    default: ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE'],
    description: "The names of the unit statuses, in the order of the CAD's numbers, from 0.",
    expected: 'a list of 1 to 20 texts, each of 1 to 50 characters',
    expectedAt: () => 'a text of 1 to 50 characters',
  }),
  ...forwardKeys,
  healthToken: key({
    form: 'text',
    schema: v.string(),
    default: '',
    description:
      'A token for `GET /metrics` and for the details of `GET /health`, sent as `Authorization: Bearer`; never an API key.',
    expected: `${KEY_WORDS}, none of the API keys`,
    otherwise: 'the details of /health stay hidden',
    secret: true,
  }),
  trustedProxies: key({
    form: 'json',
    schema: listOfLength(v.pipe(trimmed, v.check(isIpOrRange)), 0, 1_000),
    default: [],
    description:
      'Reverse proxies whose `X-Forwarded-For` names the sender, in log lines and where wrong keys are counted.',
    expected: 'a list of IP addresses or ranges like ["203.0.113.7", "2001:db8::/32"]',
    expectedAt: () => 'an IP address or a range like "203.0.113.7" or "2001:db8::/32"',
    otherwise: 'no proxy is trusted',
  }),
  ...inspectorKeys,
  ...cadKeys,
};

export type ConfigKeyName = keyof typeof configKeys;
export const configKeyNames = Object.keys(configKeys) as readonly ConfigKeyName[];

/** The whole configuration, valid throughout. */
export type Config = SettingsOf<typeof configKeys>;

/** The convar that overrides a key. */
export const convarOf = (name: string): string => `sonoran_${name}`;

/** The convar that says who wrote {@link convarOf}: `framework` when a resource did. */
export const setterConvarOf = (name: string): string => `${convarOf(name)}_setter`;

/** @returns what of a configuration must not be shown: secret values, and of addresses their credentials, queries and webhooks' tokens */
export function secretsIn(config: Config): string[] {
  const secrets = Object.entries<ConfigKey>(configKeys).flatMap(([name, { secret }]) => {
    const value = config[name as ConfigKeyName];
    if (secret === true) return [value];
    return secret === undefined ? [] : secret(value);
  });
  return [...textsIn(secrets), ...textsIn(Object.values(config)).flatMap(secretsOfUrl)];
}

function secretsOfUrl(text: string): string[] {
  if (!text.includes('://') || !URL.canParse(text)) return [];
  const { username, password, searchParams, pathname } = new URL(text);
  const token = /\/webhooks\/+[^/]+\/+([^/]+)/i.exec(pathname)?.[1];
  // A token without a name stands where names do.
  return [password || username, ...searchParams.values(), ...(token === undefined ? [] : [token])].map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a convar; null when it is not set. */
export type ReadConvar = (name: string) => string | null;

// What the official resource makes of a list when it writes its config back into convars.
const LUA_TABLE = /^\s*table: (0x)?[0-9a-f]+\s*$/i;

/**
 * What the operator set a key's convar to.
 * @returns null when the operator did not: not set, blank (as hosting panels leave an empty field),
 *   marked `protection_initialized`, or written by a resource, as the `_setter` companion tells
 */
export function operatorConvar(convar: ReadConvar, key: ConfigKeyName): string | null {
  const text = convar(convarOf(key));
  if (text === null || text.trim() === '' || isProtectionMark(text) || LUA_TABLE.test(text)) return null;
  const setter = convar(setterConvarOf(key));
  return setter?.trim().toLowerCase() === 'framework' ? null : text;
}
