import { connectTo, type NatsAccess, type NatsClient, type NatsConnection } from '../forward/targets/nats-client.ts';
import { CALL_LANES } from '../forward/targets/nats-settings.ts';
import type { Clock } from '../lib/clock.ts';
import { errorCodeOf, reasonOf } from '../lib/text.ts';
import type { ConsumerSettings } from './options.ts';
import type { StreamedEvent } from './receiver.ts';

/** A message of a stream that the broker has delivered to this worker. */
export interface StreamMessage extends StreamedEvent {
  readonly subject: string;
  /** The message's sequence number in the stream. */
  readonly sequence: number;
  /** How often the broker has delivered the message to any worker, from 1. */
  readonly deliveries: number;
  acknowledge(): void;
  /** Returns the message to the broker. @param delayMs time until the broker delivers the message again */
  giveBack(delayMs: number): void;
  /** Restarts the broker's acknowledgement timeout, because the message is still being handled. */
  extendDeadline(): void;
}

/** Fetches the next message of a lane, or null if none arrives within the given time. */
export type FetchMessage = (timeoutMs: number) => Promise<StreamMessage | null>;

interface WorkerConnectionOptions extends NatsAccess {
  readonly stream: string;
  readonly ackWaitMs: number;
  readonly clock: Clock;
  /** Called when the connection is lost, and when it is restored. */
  onConnectionChange(isConnected: boolean): void;
  /** Called each time the broker refuses the credentials while the client reconnects. */
  onRefusal(error: Error): void;
}

/** Maximum time for connecting to one server of the broker. After it, the next server is tried. */
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_INTERVAL_MS = 500;
/** Maximum time for sending the last acknowledgements when a connection closes. The broker redelivers the rest. */
const FLUSH_TIMEOUT_MS = 1_000;
/** The client's errors that mean refused credentials. Others concern a single right. */
const CREDENTIAL_ERRORS: ReadonlySet<string> = new Set(['AuthorizationError', 'UserAuthenticationExpiredError']);

/**
 * Loads the NATS client, which programs install beside this package if they use it. Each import has its own `catch`,
 * so that bundlers treat both packages as optional.
 */
export async function loadInstalledClient(): Promise<NatsClient> {
  const transport = await import('@nats-io/transport-node').catch(throwClientFault);
  return { ...transport, ...(await import('@nats-io/jetstream').catch(throwClientFault)) };
}

const INSTALL_COMMAND = 'npm install @nats-io/transport-node @nats-io/jetstream';

function throwClientFault(error: unknown): never {
  if (errorCodeOf(error) === 'ERR_MODULE_NOT_FOUND') {
    throw createWorkerFault(`The NATS client is not installed. Type "${INSTALL_COMMAND}".`);
  }
  throw createWorkerFault(
    `The NATS client could not be loaded (${reasonOf(error)}). Install it again: "${INSTALL_COMMAND}".`,
  );
}

/**
 * Creates an error that the operator has to repair, so that the worker gives up instead of retrying.
 *
 * @param message a sentence that says what is wrong and what to do
 */
export function createWorkerFault(message: string): Error {
  return Object.assign(new Error(message), { code: 'SONORANCAD_WORKER' });
}

/** Connects to the first server of a broker that answers. The client then reconnects by itself for any time. */
async function connectToBroker(
  client: NatsClient,
  access: NatsAccess,
  clock: Pick<Clock, 'after'>,
): Promise<NatsConnection> {
  const reaching = { clock, deadlineMs: CONNECT_TIMEOUT_MS };
  const options = { maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_INTERVAL_MS, ignoreAuthErrorAbort: true };
  let lastError: unknown;
  for (const server of access.servers) {
    try {
      return await connectTo(client, server, access, reaching, options);
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

/** A worker's connection to a NATS broker: opens lanes of one stream, and publishes dead letters. */
export class WorkerConnection {
  readonly #client: NatsClient;
  readonly #connection: NatsConnection;
  readonly #manager: Awaited<ReturnType<NatsClient['jetstreamManager']>>;
  readonly #jetstream: ReturnType<NatsClient['jetstream']>;
  readonly #options: WorkerConnectionOptions;

  private constructor(
    client: NatsClient,
    connection: NatsConnection,
    manager: Awaited<ReturnType<NatsClient['jetstreamManager']>>,
    options: WorkerConnectionOptions,
  ) {
    this.#client = client;
    this.#connection = connection;
    this.#manager = manager;
    this.#jetstream = client.jetstream(connection);
    this.#options = options;
  }

  /** Connects to the broker. @throws (as a rejection) the last server's error if no server can be reached */
  static async open(options: WorkerConnectionOptions): Promise<WorkerConnection> {
    const client = await loadInstalledClient();
    const { servers, credentials, tls } = options;
    const connection = await connectToBroker(client, { servers, credentials, tls }, options.clock);
    const manager = await client.jetstreamManager(connection, { checkAPI: false });
    const opened = new WorkerConnection(client, connection, manager, options);
    void opened.#watchStatus();
    return opened;
  }

  async #watchStatus(): Promise<void> {
    let isConnected = true;
    for await (const status of this.#connection.status()) {
      if (status.type === 'error' && CREDENTIAL_ERRORS.has(status.error.name)) this.#options.onRefusal(status.error);
      // The client repeats `disconnect` for each failed attempt and `reconnect` as often: only changes are reported.
      if (status.type !== (isConnected ? 'disconnect' : 'reconnect')) continue;
      isConnected = !isConnected;
      this.#options.onConnectionChange(isConnected);
    }
  }

  /**
   * Opens a lane.
   *
   * @returns a function that fetches the lane's next message
   * @throws (as a rejection) a worker fault if the lane's consumer exists with other settings
   */
  async openLane(lane: Lane): Promise<FetchMessage> {
    const consumer = await this.#findOrAddConsumer(lane);
    return async (timeoutMs) => {
      const message = await consumer.next({ expires: timeoutMs });
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
        extendDeadline: () => message.working(),
      };
    };
  }

  async #findOrAddConsumer({ durable, filter, maxInFlight }: Lane) {
    const { stream, ackWaitMs } = this.#options;
    const consumers = this.#manager.consumers;
    const found = await consumers.info(stream, durable).catch((error: unknown) => {
      if ((error as { name?: unknown }).name === 'ConsumerNotFoundError') return null;
      throw error;
    });
    const { config } =
      found ??
      (await consumers.add(stream, {
        durable_name: durable,
        ack_policy: 'explicit',
        ack_wait: this.#client.nanos(ackWaitMs),
        max_ack_pending: maxInFlight,
        // Unlimited: beyond a limit the broker stops delivering, and no worker could publish the dead letter.
        max_deliver: -1,
        ...(filter !== undefined && { filter_subject: filter }),
      }));
    if (config.max_ack_pending !== maxInFlight || (config.filter_subject ?? '') !== (filter ?? '')) {
      throw createWorkerFault(
        `The stream already has a consumer ${durable} with another filter or order. ` +
          `Give another durable, or delete that consumer with "nats consumer rm ${stream} ${durable}".`,
      );
    }
    return this.#jetstream.consumers.get(stream, durable);
  }

  /** Lists the subjects of the stream's messages that match a filter. */
  async listSubjects(filter: string): Promise<string[]> {
    const { state } = await this.#manager.streams.info(this.#options.stream, { subjects_filter: filter });
    return Object.keys(state.subjects ?? {});
  }

  /**
   * Publishes a message to a subject of a stream.
   *
   * @param id the message id by which the stream drops repeats
   */
  async publish(
    subject: string,
    id: string,
    body: Uint8Array,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    const headers = this.#client.headers();
    for (const [name, value] of Object.entries(fields)) headers.set(name, value);
    await this.#jetstream.publish(subject, body, { msgID: id, headers });
  }

  /** Sends the last acknowledgements, then closes the connection. */
  async close(): Promise<void> {
    const connection = this.#connection;
    const flushed = connection.isClosed() ? Promise.resolve() : connection.flush();
    const timeout = new Promise<void>((resolve) => this.#options.clock.after(FLUSH_TIMEOUT_MS, resolve));
    await Promise.race([flushed.catch(() => {}), timeout]);
    await connection.close();
  }
}

/**
 * A consumer of the broker that workers share. A lane with one message in flight delivers in order, no matter how many
 * workers take part.
 */
export interface Lane {
  /** The durable name of the broker's consumer. */
  readonly durable: string;
  /** The subjects of the lane, or undefined for all subjects of the stream. */
  readonly filter: string | undefined;
  /** How many messages of the lane can be in flight at all workers together. */
  readonly maxInFlight: number;
  /** How many messages of the lane one worker handles at once. */
  readonly slots: number;
}

/** Upper bound for messages in flight at all workers of a lane without an order. The broker holds further ones back. */
const MAX_IN_FLIGHT = 10_000;

type PlaceholderValues = Readonly<Record<string, string>>;

function fillPlaceholders(filter: string, values: PlaceholderValues): string {
  return filter.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '*');
}

/** Turns a filter into a NATS subject with wildcards. `{callId}` is two tokens of a subject: its lane and the call. */
export function toWildcardSubject(filter: string): string {
  return fillPlaceholders(filter, { callId: '*.*' });
}

/**
 * Lists the lanes that are known at the start. With the order `server` it is empty, since servers are discovered later.
 */
export function listFixedLanes({ durable, filter, order, concurrency }: ConsumerSettings): Lane[] {
  if (order === 'server') return [];
  if (order === 'call') {
    return Array.from({ length: CALL_LANES }, (_, lane) => ({
      durable: `${durable}-call-${lane}`,
      filter: fillPlaceholders(filter ?? '', { callId: `${lane}.*` }),
      maxInFlight: 1,
      slots: 1,
    }));
  }
  const subject = filter === null ? undefined : toWildcardSubject(filter);
  return [{ durable, filter: subject, maxInFlight: MAX_IN_FLIGHT, slots: concurrency }];
}

/** Describes the lane of one game server. */
export function createServerLane({ durable, filter }: ConsumerSettings, serverId: string): Lane {
  const subject = fillPlaceholders(filter ?? '', { serverId, callId: '*.*' });
  return { durable: `${durable}-server-${serverId}`, filter: subject, maxInFlight: 1, slots: 1 };
}

/** Upper bound for game servers that a worker serves. Further ones are ignored. */
const MAX_GAME_SERVERS = 1_000;

/**
 * Finds the ids of game servers in the subjects of a stream's messages.
 *
 * @returns at most 1,000 distinct ids
 */
export function findServerIds({ filter }: ConsumerSettings, subjects: readonly string[]): string[] {
  const filterTokens = (filter ?? '').split('.');
  const tokensBefore = filterTokens.slice(0, filterTokens.indexOf('{serverId}'));
  // Each `{callId}` in front stands for two tokens of a subject.
  const index = tokensBefore.length + tokensBefore.filter((token) => token === '{callId}').length;
  const ids = subjects.map((subject) => subject.split('.')[index] ?? '');
  const validIds = ids.filter((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id));
  return [...new Set(validIds)].slice(0, MAX_GAME_SERVERS);
}
