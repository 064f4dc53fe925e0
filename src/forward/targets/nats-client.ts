import * as net from 'node:net';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '../../lib/clock.ts';
import {
  type NatsCredentials,
  type NatsTarget,
  type NatsTls,
  replicasOf,
  STREAM_LIMITS,
  streamSubject,
} from './nats-settings.ts';

export type { NatsConnection };

type JetStream = typeof import('@nats-io/jetstream');
type Transport = typeof import('@nats-io/transport-node');

/** What is used of the client of NATS, as `scripts/build/bundle.ts` names it. */
export type NatsClient = Pick<JetStream, 'jetstream' | 'jetstreamManager'> &
  Pick<Transport, 'connect' | 'credsAuthenticator' | 'headers' | 'nanos' | 'nkeyAuthenticator'>;

/** Loads the client, the first time that something needs it. */
export type LoadNatsClient = () => NatsClient | Promise<NatsClient>;

/** What a broker says of itself before anything else, as far as it is used here. */
interface ServerInfo {
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const CLIENT_NAME = 'sonorancad';
/** A connection that is gone without a word is noticed after two of them without an answer. */
const PING_MS = 20_000;
const MAX_INFO_BYTES = 64 * 1024;

/** Where to connect and as whom. */
export interface NatsAccess {
  /** `nats://host:port` */
  readonly servers: readonly string[];
  readonly credentials: NatsCredentials;
  readonly tls: NatsTls | null;
}

export interface Reaching {
  readonly clock: Pick<Clock, 'after'>;
  readonly deadlineMs: number;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: net.LookupFunction | undefined;
}

/**
 * Connects to one of the servers of a broker.
 *
 * @param server the one that is asked first what it offers
 * @param options of the client, such as what it does when the connection is lost
 * @throws (as a rejection) an error by whose `code` or `name` the reason is known
 */
export async function connectTo(
  client: NatsClient,
  server: string,
  access: NatsAccess,
  reaching: Reaching,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  const info = await reachServer(server, reaching);
  const wantsTls = access.tls !== null || info.tls_required === true;
  if (wantsTls && !info.tls_required && !info.tls_available) throw fault('NO_TLS');
  // The client would compare the certificate of an address with the name `localhost`.
  if (wantsTls && access.servers.some((each) => net.isIP(hostOf(each)) !== 0)) throw fault('TLS_NEEDS_NAME');
  return client.connect({
    servers: access.servers.map((each) => new URL(each).host),
    name: CLIENT_NAME,
    ...loginOptions(client, access.credentials),
    ...(wantsTls ? { tls: definedOf(access.tls ?? {}) } : {}),
    pingInterval: PING_MS,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    timeout: reaching.deadlineMs,
    ...options,
  });
}

const hostOf = (server: string): string => new URL(server).hostname.replace(/[[\]]/g, '');

function loginOptions(client: NatsClient, { user, password, token, nkey, creds }: NatsCredentials): ConnectionOptions {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (creds !== undefined) return { authenticator: client.credsAuthenticator(bytes(creds)) };
  if (nkey !== undefined) return { authenticator: client.nkeyAuthenticator(bytes(nkey)) };
  if (token !== undefined) return { token };
  return user === undefined ? {} : { user, pass: password ?? '' };
}

function definedOf({ ca, cert, key }: NatsTls): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ca, cert, key }).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/**
 * Asks a server what it is, over a connection of its own that is closed again. The client leaves a connection open
 * that never comes about, as with a frozen server, and its errors do not say what the system said.
 */
function reachServer(server: string, { lookup, clock, deadlineMs }: Reaching): Promise<ServerInfo> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(server).port);
    const socket = net.connect({ host: hostOf(server), port, ...(lookup && { lookup }) });
    const stop = clock.after(deadlineMs, () => socket.destroy(fault('ETIMEDOUT')));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\r\n');
      if (end < 0 && text.length < MAX_INFO_BYTES) return;
      const info = end < 0 ? null : infoIn(text.slice(0, end));
      if (info !== null) resolve(info);
      socket.destroy(info === null ? fault('NO_BROKER') : undefined);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      stop();
      reject(fault(text === '' ? 'ECONNRESET' : 'NO_BROKER'));
    });
  });
}

function infoIn(text: string): ServerInfo | null {
  const json = /^INFO (\{.*\})\s*$/i.exec(text)?.[1];
  try {
    return json === undefined ? null : (JSON.parse(json) as ServerInfo);
  } catch {
    return null;
  }
}

/** A connection to a broker that events are published over to one stream. */
export class StreamConnection {
  /** Settles when the connection is over. */
  readonly closed: Promise<unknown>;
  readonly #client: NatsClient;
  readonly #connection: NatsConnection;
  readonly #publisher: JetStreamClient;
  readonly #streamName: string;

  constructor(client: NatsClient, connection: NatsConnection, streamName: string) {
    this.#client = client;
    this.#connection = connection;
    this.#publisher = client.jetstream(connection);
    this.#streamName = streamName;
    this.closed = connection.closed();
  }

  /** @returns when the stream has the event, also if it had it before */
  async publish(
    subject: string,
    id: string,
    body: Uint8Array,
    given: Readonly<Record<string, string>>,
    deadlineMs: number,
  ): Promise<void> {
    const headers = this.#client.headers();
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    const expect = { streamName: this.#streamName };
    await this.#publisher.publish(subject, body, { msgID: id, headers, timeout: deadlineMs, expect });
  }

  close(): void {
    void this.#connection.close();
  }
}

/**
 * Connects to a broker to publish to a stream, and makes the stream where it is to be made. The connection is not
 * mended: the sender opens another one when the time has come, since the client's own timers follow the game's ticks
 * and do not say why it waits.
 *
 * @param server the one of the target's servers to connect to
 * @throws (as a rejection) an error by whose `code` or `name` the reason is known
 */
export async function openStream(
  client: NatsClient,
  server: string,
  target: NatsTarget,
  reaching: Reaching,
): Promise<StreamConnection> {
  const connection = await connectTo(client, server, { ...target, servers: [server] }, reaching, { reconnect: false });
  try {
    await ensureStream(client, connection, target);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new StreamConnection(client, connection, target.stream);
}

/** @throws (as a rejection) a StreamNotFoundError when there is none and none is to be made */
async function ensureStream({ jetstreamManager, nanos }: NatsClient, connection: NatsConnection, target: NatsTarget) {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  try {
    await manager.streams.info(target.stream);
    return;
  } catch (error) {
    const { name } = error as { name?: unknown };
    // An account that may only publish may not ask. Whether there is a stream, the first event tells.
    if (name !== 'StreamNotFoundError') return;
    if (!target.createStream) throw error;
  }
  await manager.streams.add({
    name: target.stream,
    subjects: [streamSubject(target.subject)],
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    num_replicas: replicasOf(target),
    max_age: nanos(STREAM_LIMITS.maxAgeDays * 24 * 3_600_000),
    max_bytes: STREAM_LIMITS.maxGigabytes * 1024 ** 3,
    duplicate_window: nanos(STREAM_LIMITS.duplicatesMinutes * 60_000),
  });
}
