import * as v from 'valibot';
import { catalogue } from '../../events/catalogue/catalogue.ts';
import { describeUnknownType, ONLY_WHEN_NAMED, typeNamed } from '../../events/push-event.ts';
import { isPrivateHost, refusedAddress } from '../../lib/addresses.ts';
import type { Problem } from '../../lib/finding.ts';
import type { SettingsOf } from '../../lib/settings.ts';
import type { Target } from '../delivery.ts';
import { type forwardKeys, type TargetSettings, targetSchema } from '../settings.ts';
import { credentialsIn, DEFAULT_SUBJECT, isNatsUrl, type NatsTarget, natsServer } from './nats-settings.ts';
import {
  decodeUserInfo,
  isDiscordWebhook,
  isEventPathHere,
  type OwnAddress,
  shownUrl,
  targetUrl,
} from './target-addresses.ts';

/** Each has a request of its own under way, so that a hung target holds up no other. */
export const MAX_TARGETS = 32;

interface ForwardTargetsConfig extends Omit<SettingsOf<typeof forwardKeys>, 'pushEventForwardRetrySeconds'> {
  /** Shown nowhere, in whichever setting they stand. */
  readonly apiKeys: readonly string[];
  /** What stands for this game server in the subjects of a broker. */
  readonly serverId: number;
}

/** The targets of a configuration, and one line for each that was refused or should be mended. */
export interface ResolvedTargets {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

interface Candidate {
  readonly settings: TargetSettings;
  /** Of several servers of a broker the first. */
  readonly url: URL;
  readonly nats: NatsTarget | undefined;
  /** The address as it may be shown. */
  readonly shown: string;
  /** Words for it in a line. */
  readonly called: string;
}

/**
 * Turns what is configured into targets: completes addresses, moves user info into a header, refuses what cannot work
 * and says what looks wrong.
 *
 * @param own where this server itself receives events, so that a target that leads back here is refused
 * @returns at most 32 targets with unique names, and what was refused or should be mended: one line each, free of
 * secrets
 */
export function resolveTargets(config: ForwardTargetsConfig, own: OwnAddress): ResolvedTargets {
  const problems: Problem[] = [];
  if (!config.enablePushEventForwarding) return { targets: [], problems };
  const candidates: Candidate[] = [];
  for (const candidate of configured(config)) {
    const fault = faultOf(candidate, candidates, own);
    if (fault === null) candidates.push(candidate);
    else problems.push({ level: 'error', line: `${candidate.called} ${fault}: this target is off` });
  }
  const kept = candidates.slice(0, MAX_TARGETS);
  if (candidates.length > MAX_TARGETS) {
    const line = `there are ${candidates.length} forwarding targets, expected at most ${MAX_TARGETS}: those after ${kept.at(-1)?.called} are off`;
    problems.push({ level: 'error', line });
  }
  for (const [index, candidate] of kept.entries()) problems.push(...warnings(candidate, kept.slice(0, index)));
  return { targets: kept.map(toTarget), problems };
}

function configured({
  pushEventForwardUrl,
  pushEventForwardTargets,
  apiKeys,
  serverId,
}: ForwardTargetsConfig): Candidate[] {
  const candidate = (settings: TargetSettings, called: string): Candidate => {
    if (isNatsUrl(settings.url)) {
      const nats = natsTarget(settings, serverId);
      return { settings, url: new URL(nats.servers[0] ?? ''), nats, shown: nats.servers.join(', '), called };
    }
    const url = targetUrl(settings.url);
    return { settings, url, nats: undefined, shown: shownUrl(url, apiKeys), called };
  };
  const listed = pushEventForwardTargets.map((settings) =>
    candidate(settings, `the target ${settings.name} of pushEventForwardTargets`),
  );
  if (pushEventForwardUrl === '') return listed;
  const settings = v.parse(targetSchema, { name: 'default', url: pushEventForwardUrl });
  return [candidate(settings, 'pushEventForwardUrl'), ...listed];
}

function natsTarget({ url, stream = '', subject, credentials, tls, createStream }: TargetSettings, serverId: number) {
  const urls = url.split(',');
  return {
    servers: urls.map(natsServer),
    stream,
    subject: subject ?? DEFAULT_SUBJECT,
    serverId,
    credentials: credentials ?? credentialsIn(urls[0] ?? ''),
    // `tls://` asks for it, as an object without members does.
    tls: tls ?? (urls.some((each) => /^tls:/i.test(each)) ? {} : null),
    createStream: createStream ?? false,
  };
}

function faultOf(
  { settings, url, nats, shown }: Candidate,
  before: readonly Candidate[],
  own: OwnAddress,
): string | null {
  const name = settings.name.toLowerCase();
  const namesake = before.find((other) => other.settings.name.toLowerCase() === name);
  if (namesake?.called === 'pushEventForwardUrl') return 'has the name that the target of pushEventForwardUrl goes by';
  if (namesake !== undefined) return 'has the name of another target';
  if (isEventPathHere(url, own)) {
    return `is ${shown}, the address at which this resource receives events itself, which would never end`;
  }
  // Where that is another resource, its forwarder is or will be where our events come from.
  if (isEventPathHere(url, own, 'sonorancad')) {
    return `is ${shown}, the address of the official resource on this server, whose forwarder leads back here, which would never end`;
  }
  const hosts = nats?.servers.map((server) => new URL(server).hostname) ?? [url.hostname];
  const refused = hosts.map(refusedAddress).find((reason) => reason !== null) ?? null;
  return refused === null ? null : `is ${shown}, which is never sent to (${refused})`;
}

function warnings(candidate: Candidate, before: readonly Candidate[]): Problem[] {
  const { settings, url, nats, shown, called } = candidate;
  const lines: string[] = [];
  const sendsKey = settings.includeKey && settings.format === 'payload';
  if (sendsKey && url.protocol === 'http:' && !isPrivateHost(url.hostname)) {
    lines.push(`gets the API key over plain http (${shown}): everyone on the way can read it, use https`);
  }
  const isPlain = nats?.tls === null && !nats.servers.every((server) => isPrivateHost(new URL(server).hostname));
  if (
    isPlain &&
    (settings.includeKey || Object.keys(nats.credentials).some((kind) => /^(password|token)$/.test(kind)))
  ) {
    const what = settings.includeKey ? 'the API key' : 'its credentials';
    lines.push(`is sent ${what} without TLS (${shown}), unless the broker demands it: set "tls": {}`);
  }
  if (settings.format === 'payload' && isDiscordWebhook(url)) {
    lines.push(
      `is a Discord webhook (${shown}), which refuses push events as they are: ` +
        'list it in pushEventForwardTargets with "format": "discord"',
    );
  }
  for (const other of before) {
    if (placeOf(other) !== placeOf(candidate) || !overlap(other.settings.events, settings.events)) continue;
    lines.push(`has the URL of ${other.called} (${shown}) and shares event types: it gets those twice`);
  }
  for (const pattern of unknownTypes(settings.events)) {
    // Of a pattern with a * no one can say which type was meant.
    const reason = (pattern.includes('*') ? null : describeUnknownType(pattern)) ?? 'no type that is known fits';
    lines.push(`asks for ${JSON.stringify(pattern.slice(0, 60))}: ${reason}`);
  }
  return lines.map((line) => ({ level: 'warn', line: `${called} ${line}` }));
}

/** Two candidates of the same place get the same events there. */
function placeOf({ url, nats }: Candidate): string {
  return nats === undefined ? requestOf(url) : `${nats.servers} ${nats.subject}`;
}

/** Neither credentials nor fragment make it another address. */
function requestOf(url: URL): string {
  return `${url.origin}${url.pathname}${url.search}`;
}

function toTarget({ settings, url, nats, shown }: Candidate): Target {
  const { name, includeKey, secret: secrets, headers, timeoutMs, maxAgeMinutes, requireResponse, format } = settings;
  return {
    ...{ name, includeKey, secrets, timeoutMs, maxAgeMinutes, requireResponse, format, nats },
    url: nats?.servers.join(',') ?? new URL(requestOf(url)).href,
    shownUrl: shown,
    wants: createWants(settings.events),
    // What an operator writes as a header wins over what stands in the address.
    headers: nats === undefined ? { ...authorization(url), ...headers } : headers,
  };
}

function authorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const credentials = Buffer.from(`${decodeUserInfo(url.username)}:${decodeUserInfo(url.password)}`);
  return { authorization: `Basic ${credentials.toString('base64')}` };
}

/**
 * @param patterns upper-case event types, in which `*` stands for any text, even none
 * @returns whether events of a type are wanted
 */
export function createWants(patterns: readonly string[]): (type: string) => boolean {
  const named = new Set(patterns.map(typeNamed));
  const wildcards = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (type) =>
    named.has(type) || (!ONLY_WHEN_NAMED.has(type) && wildcards.some((parts) => hasInOrder(type, parts)));
}

/** No regular expression: one made of many stars takes minutes on a type of forty characters. */
function hasInOrder(type: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!type.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = type.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return type.endsWith(last) && type.length - last.length >= at;
}

/** @returns whether some type would go to both */
export function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [wantsOne, wantsOther] = [createWants(one), createWants(other)];
  const types = [...Object.keys(catalogue), ...one, ...other];
  return types.some((type) => wantsOne(type) && wantsOther(type));
}

/** @returns the patterns that no known type matches: misspelt, or newer than this version */
export function unknownTypes(patterns: readonly string[]): string[] {
  const known = [...Object.keys(catalogue), ...ONLY_WHEN_NAMED];
  return patterns.filter((pattern) => pattern !== '*' && !known.some(createWants([pattern])));
}
