import * as v from 'valibot';
import { membersOf, trimmed } from '../../lib/settings.ts';
import { decodeUserInfo } from './target-addresses.ts';

/** How a target proves who it is; empty for a broker that asks nobody. */
export interface NatsCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A user's seed, `SU…`. */
  readonly nkey?: string | undefined;
  /** The text of a creds file. */
  readonly creds?: string | undefined;
}

/** PEM texts. */
export interface NatsTls {
  /** Certificates to trust instead of the usual ones. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What a target that is a stream of a broker has beside what every target has. */
export interface NatsTarget {
  /** `nats://host:port`, without credentials. */
  readonly servers: readonly string[];
  readonly stream: string;
  /** With its placeholders. */
  readonly subject: string;
  /** What stands for this game server in it. */
  readonly serverId: number;
  readonly credentials: NatsCredentials;
  /** Null where the broker decides. */
  readonly tls: NatsTls | null;
  readonly createStream: boolean;
}

const SCHEME = /^(nats|tls):\/\//i;

/** @returns whether a target's URL, or the first of several, leads to a broker */
export function isNatsUrl(url: string): boolean {
  return SCHEME.test(url.trim());
}

/** @returns whether a text is `nats://host:port` or `tls://host:port`, with or without credentials */
export function isNatsServer(text: string): boolean {
  if (!/^(nats|tls):\/\/[^/\\?#\s,]+\/?$/i.test(text) || !URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  return hostname !== '' && !/\p{Cc}/u.test(text);
}

const USUAL_PORT = 4222;

/** @param url of one server. @returns it without credentials, with its port */
export function natsServer(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname.toLowerCase()}:${port || USUAL_PORT}`;
}

/** @returns the credentials in the address of a server: `user:password@` or `token@` */
export function credentialsIn(url: string): NatsCredentials {
  const { username, password } = new URL(url);
  if (username === '') return {};
  const [user, secret] = [decodeUserInfo(username), decodeUserInfo(password)];
  return password === '' ? { token: user } : { user, password: secret };
}

const line = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(/^[ -~]+$/));
const pem = v.pipe(v.string(), v.maxLength(100_000), v.regex(/-----BEGIN [A-Z ]+-----/));
const CREDS = /-----BEGIN NATS USER JWT-----[\s\S]+-----BEGIN USER NKEY SEED-----/;

/** @returns whether there is exactly one kind of credentials */
function isOneKind({ user, password, token, nkey, creds }: NatsCredentials): boolean {
  const isPair = (user === undefined) === (password === undefined);
  return isPair && [user, token, nkey, creds].filter((given) => given !== undefined).length === 1;
}

/** The members of a target's settings that only a broker's has. */
export const natsMembers = {
  stream: v.optional(v.pipe(trimmed, v.regex(/^[A-Za-z0-9_-]{1,64}$/))),
  subject: v.optional(
    v.pipe(
      trimmed,
      v.check((subject) => isSubject(subject)),
    ),
  ),
  credentials: v.optional(
    v.pipe(
      membersOf({
        user: v.optional(line(256)),
        password: v.optional(line(1_024)),
        token: v.optional(line(1_024)),
        nkey: v.optional(v.pipe(trimmed, v.regex(/^SU[A-Z2-7]{56}$/))),
        creds: v.optional(v.pipe(v.string(), v.maxLength(16_384), v.regex(CREDS))),
      }),
      v.check(isOneKind),
    ),
  ),
  tls: v.optional(
    v.pipe(
      membersOf({ ca: v.optional(pem), cert: v.optional(pem), key: v.optional(pem) }),
      v.check(({ cert, key }) => (cert === undefined) === (key === undefined)),
    ),
  ),
  createStream: v.optional(v.boolean()),
};

/** What each must be, as it ends the sentence "expected …". */
export const natsExpectations: Readonly<Record<keyof typeof natsMembers, string>> = {
  stream:
    'the name of a JetStream stream, 1 to 64 letters, digits, "-" or "_"; needed with a nats:// URL, and only there',
  subject: 'a subject like "sonoran.push.{serverId}.{type}", in which {callId} may stand too; only with a nats:// URL',
  credentials:
    'one of { "user", "password" }, { "token" }, { "nkey": "SU…" } or { "creds": the text of a creds file }; only with a nats:// URL',
  tls: 'an object with "ca", or "cert" and "key", each a PEM text, or {}; only with a nats:// URL',
  createStream: 'true or false; only with a nats:// URL',
};

/** Where events go unless a target says otherwise. */
export const DEFAULT_SUBJECT = 'sonoran.push.{serverId}.{type}';
/** The same with the call that an event is about, for workers that keep those in order. */
export const CALL_SUBJECT = `${DEFAULT_SUBJECT}.{callId}`;

const PART = /^([A-Za-z0-9_-]{1,64}|\{(serverId|type|callId)\})$/;
const MAX_PARTS = 16;

/** @returns whether a text is a subject in which some parts may be `{serverId}`, `{type}` or `{callId}` */
export function isSubject(text: string): boolean {
  const parts = text.split('.');
  return parts.length <= MAX_PARTS && parts[0]?.startsWith('{') === false && parts.every((part) => PART.test(part));
}

/** @returns the subjects that a stream must take for a target: all that begins as its subject does */
export function streamSubject(subject: string): string {
  const parts = subject.split('.');
  const open = parts.findIndex((part) => part.startsWith('{'));
  return open < 0 ? subject : [...parts.slice(0, open), '>'].join('.');
}

/** Into so many lanes calls are divided, each of which workers empty in order: no broker's filter could tell them apart otherwise. */
export const CALL_LANES = 16;
const NO_CALL = '_';

/** What fills a subject in. */
interface SubjectValues {
  readonly serverId: number;
  /** As the CAD sends it: foreign text. */
  readonly type: string;
  /** The first call that the event is about; null when it is about none. */
  readonly callId: number | null;
  /** The event's, a UUID: spreads the events that are about no call. */
  readonly id: string;
}

/** @returns the subject of one event: `{callId}` becomes two parts, its lane and the call */
export function fillSubject(subject: string, { serverId, type, callId, id }: SubjectValues): string {
  if (!subject.includes('{')) return subject;
  return subject
    .replace('{serverId}', String(serverId))
    .replace('{type}', () => typePart(type))
    .replace('{callId}', () => `${laneOf(callId, id)}.${callId ?? NO_CALL}`);
}

/** @returns a type as a part of a subject */
export function typePart(type: string): string {
  return type.slice(0, 64).replace(/[^A-Z0-9_-]/g, '_') || '_';
}

function laneOf(callId: number | null, id: string): number {
  if (callId !== null) return Math.abs(callId) % CALL_LANES;
  const digit = /[0-9a-f](?=$|\.r\d+$)/i.exec(id)?.[0];
  return digit === undefined ? 0 : Number.parseInt(digit, 16) % CALL_LANES;
}

/** Of a stream that is made for a target. */
export const STREAM_LIMITS = {
  maxAgeDays: 3,
  maxGigabytes: 1,
  /** In it a repeat is dropped: it must be longer than a broker may be away after it took an event and before it said so. */
  duplicatesMinutes: 60,
} as const;

/** @returns on how many servers a stream is kept that is made for a target */
export function replicasOf({ servers }: NatsTarget): number {
  return servers.length >= 3 ? 3 : 1;
}

/** @returns the command that makes the stream as `createStream` would */
export function streamCommand(target: NatsTarget): string {
  const { maxAgeDays, maxGigabytes, duplicatesMinutes } = STREAM_LIMITS;
  const limits = `--max-age ${maxAgeDays}d --max-bytes ${maxGigabytes}GB --discard old --dupe-window ${duplicatesMinutes}m`;
  const kept = `--storage file --replicas ${replicasOf(target)} --retention limits`;
  return `nats stream add ${target.stream} --subjects "${streamSubject(target.subject)}" ${kept} ${limits} --defaults`;
}
