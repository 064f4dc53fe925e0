// The one file that imports the broker's client. It is itself imported only when a target or a worker needs it: esbuild bundles such a
// module so that nothing of it runs before.
import * as net from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  headers,
  type NatsConnection,
  nanos,
  nkeyAuthenticator,
} from '@nats-io/transport-node';
import type { Clock } from '../../lib/clock.ts';
import {
  type NatsCredentials,
  type NatsTarget,
  type NatsTls,
  replicasOf,
  STREAM_LIMITS,
  streamSubject,
} from './nats-settings.ts';

/** What a broker says of itself before anything else, as far as it is used here. */
interface ServerInfo {
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
}

/** An error with a name of our own for what went wrong. */
export function natsFault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Codes of our own: it offers no TLS; its certificate could be checked against a name only; what answers is no broker. */
export const NO_TLS = 'NO_TLS';
export const TLS_NEEDS_NAME = 'TLS_NEEDS_NAME';
export const NO_BROKER = 'NO_BROKER';

const CLIENT_NAME = 'sonorancad';
/** A connection that is gone without a word is noticed after two of them without an answer. */
const PING_MS = 20_000;
const MAX_INFO_BYTES = 64 * 1024;

/**
 * @param server `nats://host:port`
 * @returns the options of the client that say where and as whom to connect
 */
export function clientOptions(server: string, credentials: NatsCredentials, tls: NatsTls | null, info: ServerInfo) {
  const { hostname, host } = new URL(server);
  const isAddress = net.isIP(hostname.replace(/[[\]]/g, '')) !== 0;
  const wantsTls = tls !== null || info.tls_required === true;
  if (wantsTls && !info.tls_required && !info.tls_available) throw natsFault(NO_TLS);
  // The client would compare the certificate with the name `localhost`.
  if (wantsTls && isAddress) throw natsFault(TLS_NEEDS_NAME);
  return {
    servers: host,
    name: CLIENT_NAME,
    ...loginOptions(credentials),
    ...(wantsTls ? { tls: definedOf(tls ?? {}) } : {}),
    pingInterval: PING_MS,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
  } satisfies ConnectionOptions;
}

function loginOptions({ user, password, token, nkey, creds }: NatsCredentials): ConnectionOptions {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (creds !== undefined) return { authenticator: credsAuthenticator(bytes(creds)) };
  if (nkey !== undefined) return { authenticator: nkeyAuthenticator(bytes(nkey)) };
  if (token !== undefined) return { token };
  return user === undefined ? {} : { user, pass: password ?? '' };
}

function definedOf({ ca, cert, key }: NatsTls): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ca, cert, key }).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

interface Reaching {
  readonly lookup: net.LookupFunction;
  readonly clock: Pick<Clock, 'after'>;
  readonly deadlineMs: number;
}

/**
 * Asks a server what it is, over a connection of its own that is closed again. The client leaves a connection open that never comes
 * about, as with a frozen server, and its errors do not say what the system said.
 */
export function reachServer(server: string, { lookup, clock, deadlineMs }: Reaching): Promise<ServerInfo> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server);
    const socket = net.connect({ host: hostname.replace(/[[\]]/g, ''), port: Number(port), lookup });
    const stop = clock.after(deadlineMs, () => socket.destroy(natsFault('ETIMEDOUT')));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\r\n');
      if (end < 0 && text.length < MAX_INFO_BYTES) return;
      const info = end < 0 ? null : infoIn(text.slice(0, end));
      if (info !== null) resolve(info);
      socket.destroy(info === null ? natsFault(NO_BROKER) : undefined);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      stop();
      reject(natsFault(text === '' ? 'ECONNRESET' : NO_BROKER));
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

export type StreamConnection = Awaited<ReturnType<typeof openStream>>;

/**
 * Connects to a broker to publish to a stream, and makes the stream where it is to be made. The connection is not mended: whoever sends
 * opens another one when the time has come.
 *
 * @throws (as a rejection) an error by whose `code` or `name` the reason is known
 */
export async function openStream(server: string, target: NatsTarget, reaching: Reaching) {
  const info = await reachServer(server, reaching);
  const connection = await connect({
    ...clientOptions(server, target.credentials, target.tls, info),
    reconnect: false,
    timeout: reaching.deadlineMs,
  });
  try {
    await ensureStream(connection, target);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const client = jetstream(connection);
  return {
    /** Settles when the connection is over. */
    closed: connection.closed(),
    close: () => void connection.close(),
    /** @returns when the stream has it, be it from before */
    async publish(subject: string, id: string, body: Uint8Array, given: Record<string, string>, deadlineMs: number) {
      const all = headers();
      for (const [name, value] of Object.entries(given)) all.set(name, value);
      await client.publish(subject, body, {
        msgID: id,
        headers: all,
        timeout: deadlineMs,
        expect: { streamName: target.stream },
      });
    },
  };
}

/** @throws (as a rejection) a StreamNotFoundError when there is none and none is to be made */
async function ensureStream(connection: NatsConnection, target: NatsTarget) {
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
