import { connectTo, type NatsAccess, type NatsClient } from '../forward/targets/nats-client.ts';
import { CALL_LANES } from '../forward/targets/nats-settings.ts';
import type { Clock } from '../lib/clock.ts';
import { errorCodeOf, reasonOf } from '../lib/text.ts';
import type { ConsumerSettings } from './options.ts';
import type { StreamedEvent } from './receiver.ts';

/** A message of a stream, in the hands of this worker. */
export interface StreamMessage extends StreamedEvent {
  readonly subject: string;
  /** Its number in the stream. */
  readonly sequence: number;
  /** From 1: how often the broker has given it to a worker. */
  readonly deliveries: number;
  acknowledge(): void;
  /** @param delayMs how long the broker keeps it from all workers */
  giveBack(delayMs: number): void;
  /** Tells the broker that it is still in hand. */
  working(): void;
}

/** @returns the next message of a lane; null when none came in that time */
export type NextMessage = (expiresMs: number) => Promise<StreamMessage | null>;

interface ConnectionOptions extends NatsAccess {
  readonly stream: string;
  readonly ackWaitMs: number;
  readonly clock: Clock;
  /** Called when the connection is lost, and when there is one again. */
  changed(isConnected: boolean): void;
  /** Called each time that the broker refuses the credentials when there is to be one again. */
  refused(error: Error): void;
}

export type WorkerConnection = Awaited<ReturnType<typeof openWorkerConnection>>;

const CONNECT_MS = 5_000;
const RECONNECT_MS = 500;
/** Not every error is about the credentials: some are about a right. */
const REFUSALS: ReadonlySet<string> = new Set(['AuthorizationError', 'UserAuthenticationExpiredError']);

/** The packages that a program installs beside this one where it needs them. Caught at each: a bundler then does without them. */
export async function loadInstalledClient(): Promise<NatsClient> {
  const transport = await import('@nats-io/transport-node').catch(clientFault);
  return { ...transport, ...(await import('@nats-io/jetstream').catch(clientFault)) };
}

function clientFault(error: unknown): never {
  const install = 'npm install @nats-io/transport-node @nats-io/jetstream';
  if (errorCodeOf(error) === 'ERR_MODULE_NOT_FOUND') throw workerFault(`the client of NATS is missing: ${install}`);
  throw workerFault(`the client of NATS could not be loaded (${reasonOf(error)}): ${install}`);
}

/** An error by whose code it is known that the operator must mend something. @param message a sentence that says what */
export function workerFault(message: string): Error {
  return Object.assign(new Error(message), { code: 'SONORANCAD_WORKER' });
}

/** Connects to a broker to empty a stream. The client mends the connection itself. */
export async function openWorkerConnection(options: ConnectionOptions) {
  const { stream, ackWaitMs, clock, changed, refused, ...access } = options;
  const client = await loadInstalledClient();
  const connection = await reach();
  const manager = await client.jetstreamManager(connection, { checkAPI: false });
  const jetstream = client.jetstream(connection);
  void watch();

  /** The first server that says what it is decides whether there is TLS. */
  async function reach() {
    let fault: unknown;
    for (const server of access.servers) {
      try {
        const reaching = { clock, deadlineMs: CONNECT_MS };
        const options = { maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_MS, ignoreAuthErrorAbort: true };
        return await connectTo(client, server, access, reaching, options);
      } catch (error) {
        fault = error;
      }
    }
    throw fault;
  }

  async function watch(): Promise<void> {
    let isConnected = true;
    for await (const status of connection.status()) {
      if (status.type === 'error' && REFUSALS.has(status.error.name)) refused(status.error);
      // The client says so at each attempt that fails, and so often again when one succeeds.
      if (status.type !== (isConnected ? 'disconnect' : 'reconnect')) continue;
      isConnected = !isConnected;
      changed(isConnected);
    }
  }

  /** @returns the broker's consumer of a lane, made where there is none */
  async function ensure({ durable, filter, maxInHand }: Lane) {
    const found = await manager.consumers.info(stream, durable).catch((error: unknown) => {
      if ((error as { name?: unknown }).name === 'ConsumerNotFoundError') return null;
      throw error;
    });
    const { config } =
      found ??
      (await manager.consumers.add(stream, {
        durable_name: durable,
        ack_policy: 'explicit',
        ack_wait: client.nanos(ackWaitMs),
        max_ack_pending: maxInHand,
        // Workers count for themselves: one that dies over an event cannot make a dead letter of it.
        max_deliver: -1,
        ...(filter !== undefined && { filter_subject: filter }),
      }));
    if (config.max_ack_pending !== maxInHand || (config.filter_subject ?? '') !== (filter ?? '')) {
      throw workerFault(
        `the stream has a consumer ${durable} with another filter or order: give another durable, or delete it with "nats consumer rm ${stream} ${durable}"`,
      );
    }
    return jetstream.consumers.get(stream, durable);
  }

  return {
    /** @throws (as a rejection) a fault when the broker has a consumer of that name for something else */
    async open(lane: Lane): Promise<NextMessage> {
      const consumer = await ensure(lane);
      return async (expiresMs) => {
        const message = await consumer.next({ expires: expiresMs });
        if (message === null) return null;
        const { headers, info, subject } = message;
        return {
          subject,
          body: message.data,
          header: (name) => (headers?.has(name) ? headers.get(name) : undefined),
          sequence: info.streamSequence,
          deliveries: info.deliveryCount,
          storedAt: message.time.getTime(),
          acknowledge: () => message.ack(),
          giveBack: (delayMs) => message.nak(delayMs),
          working: () => message.working(),
        };
      };
    },
    /** @returns the subjects of what is in the stream and matches a filter */
    async subjects(filter: string): Promise<string[]> {
      const { state } = await manager.streams.info(stream, { subjects_filter: filter });
      return Object.keys(state.subjects ?? {});
    },
    /** Publishes to a subject that a stream takes. @param id by which that drops a repeat */
    async publish(
      subject: string,
      id: string,
      body: Uint8Array,
      given: Readonly<Record<string, string>>,
    ): Promise<void> {
      const headers = client.headers();
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
      await jetstream.publish(subject, body, { msgID: id, headers });
    },
    /** Writes out what was acknowledged and given back, and closes it. */
    async close(): Promise<void> {
      const flushed = connection.isClosed() ? Promise.resolve() : connection.flush();
      await Promise.race([flushed.catch(() => {}), new Promise<void>((resolve) => clock.after(1_000, resolve))]);
      await connection.close();
    },
  };
}

/** A consumer of the broker, which workers share: from one that allows one event at a time they get them in order. */
export interface Lane {
  /** The name of the broker's consumer. */
  readonly durable: string;
  /** The subjects in it; undefined for all of the stream. */
  readonly filter: string | undefined;
  /** How many of its events may be in hand at all workers together. */
  readonly maxInHand: number;
  /** How many of them one worker takes at once. */
  readonly slots: number;
}

/** Without an order, so many events may be in hand at all workers together. */
const MAX_IN_HAND = 10_000;

type Placeholders = Readonly<Record<string, string>>;

function fill(filter: string, values: Placeholders): string {
  return filter.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '*');
}

/** @returns the filter with stars for what is open; a call is two parts, its lane and the call */
export function subjectsOf(filter: string): string {
  return fill(filter, { callId: '*.*' });
}

/** @returns the lanes that are there from the beginning: none where there is one for each game server, which are found out */
export function fixedLanes({ durable, filter, order, concurrency }: ConsumerSettings): Lane[] {
  if (order === 'server') return [];
  if (order === 'call') {
    return Array.from({ length: CALL_LANES }, (_, lane) => ({
      durable: `${durable}-call-${lane}`,
      filter: fill(filter ?? '', { callId: `${lane}.*` }),
      ...{ maxInHand: 1, slots: 1 },
    }));
  }
  const subjects = filter === null ? undefined : subjectsOf(filter);
  return [{ durable, filter: subjects, maxInHand: MAX_IN_HAND, slots: concurrency }];
}

/** @returns the lane of one game server */
export function serverLane({ durable, filter }: ConsumerSettings, serverId: string): Lane {
  const subjects = fill(filter ?? '', { serverId, callId: '*.*' });
  return { durable: `${durable}-server-${serverId}`, filter: subjects, maxInHand: 1, slots: 1 };
}

const MAX_SERVERS = 1_000;

/**
 * @param subjects of messages in the stream
 * @returns the game servers whose they are, a thousand at most
 */
export function serversIn({ filter }: ConsumerSettings, subjects: readonly string[]): string[] {
  const parts = (filter ?? '').split('.');
  const before = parts.slice(0, parts.indexOf('{serverId}'));
  const at = before.length + before.filter((part) => part === '{callId}').length;
  const ids = subjects.map((subject) => subject.split('.')[at] ?? '').filter((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id));
  return [...new Set(ids)].slice(0, MAX_SERVERS);
}
