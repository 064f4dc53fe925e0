import * as v from 'valibot';
import { key, listOfLength, membersOf, recordOf, trimmed, wholeFrom } from '../lib/settings.ts';
import { isSigningSecret } from './signed-headers.ts';
import { isNatsServer, isNatsUrl, natsExpectations, natsMembers } from './targets/nats-settings.ts';
import { isForwardUrl, settledForwardUrl } from './targets/target-addresses.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;
const EVENT_PATTERN = /^[A-Z0-9_.:*-]{1,200}$/;
/** A token and a field value of RFC 9110 §5.6.2 and §5.5: anything else makes `node:http` throw at each attempt. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const HEADER_VALUE = /^[\t -~\x80-\xff]{0,4096}$/;
/** Headers that describe the request itself, or that belong to the delivery contract. */
const RESERVED_HEADER = /^(host|connection|keep-alive|proxy-connection|te|trailer|upgrade|expect|user-agent)$/;
const RESERVED_GROUP = /^(content-(length|type|encoding)$|transfer-encoding$|webhook-|x-sonorancad-)/;

function isHeader([name, value]: [string, unknown]): boolean {
  const lower = name.toLowerCase();
  if (!HEADER_NAME.test(name) || RESERVED_HEADER.test(lower) || RESERVED_GROUP.test(lower)) return false;
  return typeof value === 'string' && HEADER_VALUE.test(value);
}

const secret = v.pipe(
  trimmed,
  v.check((given: string) => isSigningSecret(given)),
);
const MAX_HEADERS = 32;

const headers = v.pipe(
  recordOf(v.string(), v.string()),
  v.check((given) => Object.keys(given).length <= MAX_HEADERS && Object.entries(given).every(isHeader)),
  v.transform((given) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value.trim()])),
  ),
);

const natsServer = v.pipe(trimmed, v.check(isNatsServer));
const MAX_SERVERS = 16;
const url = v.union([
  v.pipe(
    trimmed,
    v.check((text) => isNatsServer(text) || (settledForwardUrl(text) !== '' && isForwardUrl(text))),
  ),
  v.pipe(
    listOfLength(natsServer, 1, MAX_SERVERS),
    v.transform((servers) => servers.join(',')),
  ),
]);

/** One entry of `pushEventForwardTargets`. Strict: a misspelt `includeKey: false` must not send the key on. */
const members = membersOf({
  name: v.pipe(trimmed, v.regex(NAME)),
  url,
  events: v.optional(listOfLength(v.pipe(trimmed, v.toUpperCase(), v.regex(EVENT_PATTERN)), 1, 200), () => ['*']),
  includeKey: v.optional(v.boolean()),
  secret: v.optional(
    v.union([
      v.pipe(
        secret,
        v.transform((one) => [one]),
      ),
      listOfLength(secret, 0, 8),
    ]),
    () => [],
  ),
  headers: v.optional(headers, {}),
  timeoutMs: v.optional(wholeFrom(500, 60_000), 10_000),
  maxAgeMinutes: v.optional(wholeFrom(1, 10_080)),
  requireResponse: v.optional(v.boolean(), false),
  format: v.optional(v.picklist(['payload', 'discord']), 'payload'),
  ...natsMembers,
});

type Members = v.InferOutput<typeof members>;

/** A stream's name is needed with a broker's URL; what only a broker's targets have is a mistake anywhere else. */
function misplacedIn(target: Members): (keyof Members)[] {
  const names = Object.keys(natsMembers) as (keyof typeof natsMembers)[];
  if (!isNatsUrl(target.url)) return names.filter((name) => target[name] !== undefined);
  const hasStream = target.stream !== undefined;
  return [...(hasStream ? [] : ['stream' as const]), ...(target.format === 'payload' ? [] : ['format' as const])];
}

/** An outage of a night loses nothing; in a Discord channel, a day-old 911 call only stands in the way. */
const USUAL_MAX_AGE = { payload: 1_440, discord: 60 } as const;

/** As configured, with the defaults filled in. */
export const targetSchema = v.pipe(
  members,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const key of misplacedIn(input)) {
      addIssue({ path: [{ type: 'object', origin: 'value', input: { ...input }, key, value: input[key] }] });
    }
  }),
  v.transform(({ maxAgeMinutes, includeKey, ...target }) => ({
    ...target,
    // Who reads a stream is up to the broker's accounts: none of them needs the key.
    includeKey: includeKey ?? !isNatsUrl(target.url),
    maxAgeMinutes: maxAgeMinutes ?? USUAL_MAX_AGE[target.format],
  })),
);

/** A target as configured, with its defaults filled in. */
export type TargetSettings = v.InferOutput<typeof targetSchema>;

/** What each member must be, as it ends the sentence "expected …". */
const targetExpectations: Readonly<Record<keyof TargetSettings, string>> = {
  name: '1 to 32 letters, digits, "-", "_" or ".", beginning with a letter or digit',
  url: 'a URL like http://203.0.113.5:30150 or https://bot.example/events; nats://host:4222, or a list of up to 16 such, for a stream',
  events: 'a list of event types like ["EVENT_911", "EVENT_DISPATCH_*"], or ["*"] for all',
  includeKey: 'true or false',
  secret: '"whsec_" and 24 to 64 bytes as base64, or a list of up to 8 of them',
  headers:
    'an object of header names and texts; host, content-*, connection, user-agent, webhook-* and the like cannot be set',
  timeoutMs: 'a whole number of milliseconds from 500 to 60000',
  maxAgeMinutes: 'a whole number of minutes from 1 to 10080',
  requireResponse: 'true or false',
  format: '"payload" or "discord"',
  ...natsExpectations,
};

/** @param path where in `pushEventForwardTargets` a fault is. @returns what is expected there */
function expectedInTargets([, member, index]: readonly PropertyKey[]): string | undefined {
  if (member === undefined) return `an object with the members ${Object.keys(targetExpectations).join(', ')}`;
  if (member === 'events' && index !== undefined) return 'an event type like "EVENT_911" or "EVENT_DISPATCH_*"';
  return Object.hasOwn(targetExpectations, member) ? targetExpectations[member as keyof TargetSettings] : undefined;
}

/** Signing secrets, the values of headers, what proves to a broker who sends, and the whole of a text that should have been a list. */
function secretsOfTargets(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.flatMap((target: unknown) => {
    if (typeof target !== 'object' || target === null) return [];
    const { secret, headers, credentials, tls } = target as Readonly<Record<string, unknown>>;
    return [secret, valuesOf(headers), valuesOf(credentials), valuesOf(tls)];
  });
}

/** Of an object its values: the names of its members are no secrets. */
function valuesOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null ? Object.values(given) : given;
}

/** The keys about forwarding. */
export const forwardKeys = {
  enablePushEventForwarding: key({
    form: 'boolean',
    schema: v.boolean(),
    default: false,
    description: 'Forwards each push event to `pushEventForwardUrl` and to the `pushEventForwardTargets`.',
    expected: 'true or false',
    otherwise: 'forwarding is off',
  }),
  pushEventForwardUrl: key({
    form: 'text',
    schema: v.pipe(
      v.string(),
      v.transform(settledForwardUrl),
      v.check((url) => url === '' || isForwardUrl(url)),
    ),
    default: '',
    description: 'Where push events are forwarded to; `/sonorancad/event` is appended to an address without a path.',
    expected: 'a URL like http://203.0.113.5:30150 or https://bot.example/events',
    otherwise: 'forwarding is off',
  }),
  pushEventForwardTargets: key({
    form: 'json',
    schema: v.array(targetSchema),
    default: [],
    description: 'More web servers, or streams of NATS, that push events are forwarded to, each with its own settings.',
    expected: 'a list of targets like [{ "name": "bot", "url": "https://bot.example/events" }]',
    expectedAt: expectedInTargets,
    otherwise: 'none of them is sent to',
    otherwiseItem: 'this target is off',
    secret: secretsOfTargets,
  }),
  pushEventForwardRetrySeconds: key({
    form: 'json',
    schema: listOfLength(v.pipe(v.number(), v.minValue(0.1), v.maxValue(3_600)), 1, 20),
    default: [0.25, 2, 4, 20],
    description:
      'How many seconds to wait after each failure in a row before the next attempt. ' +
      'The last number counts once the failures have gone on for five minutes; until then the one before it is repeated.',
    expected: 'a list of 1 to 20 numbers of seconds from 0.1 to 3600',
    expectedAt: () => 'a number of seconds from 0.1 to 3600',
  }),
};
