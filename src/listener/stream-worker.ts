import { clearInterval, setInterval } from 'node:timers';
import type { Clock } from '../lib/clock.ts';
import { quoteText } from '../lib/text.ts';
import { createHandlerMethods, EventHandlers } from './handlers.ts';
import { type ConsumerSettings, readConsumerOptions } from './options.ts';
import type { PushEvent, PushEventConsumer, PushEventConsumerOptions } from './push-event-listener.ts';
import { StreamReceiver } from './receiver.ts';
import {
  createServerLane,
  type FetchMessage,
  findServerIds,
  type Lane,
  listFixedLanes,
  type StreamMessage,
  toWildcardSubject,
  WorkerConnection,
} from './stream-connection.ts';

/**
 * Interval of an empty timer that keeps the program running while the broker is away. It is 12 days; above 24 days,
 * `setInterval` would fire at once.
 */
const KEEP_ALIVE_INTERVAL_MS = 2 ** 30;

/**
 * Creates a worker with a given clock and timing, so that tests control the time.
 *
 * @param warn prints one line for the operator, unless the option `warn` is set
 * @throws a TypeError that names the wrong option
 */
export function createConsumer(
  options: PushEventConsumerOptions,
  clock: Clock,
  warn: (line: string) => void,
  timing: WorkerTiming = DEFAULT_TIMING,
): PushEventConsumer {
  const settings = readConsumerOptions(options);
  const warnOperator = options.warn ?? warn;
  const handlers = new EventHandlers(clock, warnOperator);
  const consumer: PushEventConsumer = {
    ...createHandlerMethods(handlers, () => consumer),
    async start() {
      const worker = new StreamWorker({ settings, handlers, clock, timing, warn: warnOperator });
      const keepAlive = setInterval(() => {}, KEEP_ALIVE_INTERVAL_MS);
      const close = () => worker.close().finally(() => clearInterval(keepAlive));
      try {
        await worker.start();
      } catch (error) {
        await close();
        throw error;
      }
      let closed: Promise<void> | null = null;
      return {
        close() {
          closed ??= close();
          return closed;
        },
      };
    },
  };
  return consumer;
}

interface WorkerParts {
  readonly settings: ConsumerSettings;
  readonly handlers: Pick<EventHandlers, 'run'>;
  readonly clock: Clock;
  readonly timing: WorkerTiming;
  warn(line: string): void;
}

interface WorkerTiming {
  /** Waits before an event is delivered again after its first, second, … failure. The last wait also holds later. */
  readonly failureWaitsMs: readonly number[];
  /** How long one request for the next message waits at the broker. A worker that stops waits for it to end. */
  readonly fetchMs: number;
  readonly serverSearchMs: number;
}

const DEFAULT_TIMING: WorkerTiming = {
  failureWaitsMs: [1_000, 5_000, 30_000, 60_000],
  fetchMs: 2_000,
  serverSearchMs: 5_000,
};

/** Wait before the next attempt of an event that has failed for good, while no stream stores its dead letter. */
const STUCK_EVENT_WAIT_MS = 60_000;
/** Waits between attempts to connect and to open lanes. The last wait also holds for later attempts. */
const START_RETRY_WAITS_MS: readonly number[] = [500, 1_000, 2_000, 5_000];
const FETCH_RETRY_WAIT_MS = 500;
/** Time beyond `fetchMs` after which a request for a message is considered lost. */
const FETCH_GRACE_MS = 8_000;
/** Maximum time for handlers to finish when a worker stops. Unfinished events then go back to the broker. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Fetches events from a stream and runs their handlers: in each slot of its lanes, one event after the other. */
class StreamWorker {
  readonly #parts: WorkerParts;
  readonly #receiver: StreamReceiver;
  /** The loops that run until the worker stops: one for each slot, and one that looks for new game servers. */
  readonly #loops = new Set<Promise<void>>();
  readonly #messagesInFlight = new Set<StreamMessage>();
  /** The durable names of the lanes that are open. */
  readonly #openLanes = new Set<string>();
  /** Handler results of events that are being handled, by `webhook-id`: null, or why the event failed. */
  readonly #pendingOutcomes = new Map<string, Promise<string | null>>();
  /** Functions that end a wait early, because the worker stops. */
  readonly #endWaits = new Set<() => void>();
  #connection: WorkerConnection | null = null;
  #isStopping = false;
  /** The problem that was printed last, or '' if there is none. Each problem is printed once. */
  #lastProblem = '';

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#receiver = new StreamReceiver(parts.settings, parts.clock);
  }

  /**
   * Connects to the broker and opens the lanes. Waits for a broker or a stream that is not there yet.
   *
   * @throws (as a rejection) an error that the operator has to repair
   */
  async start(): Promise<void> {
    const connection = await this.#connect();
    if (connection === null) return;
    this.#connection = connection;
    await this.#retryUntilDone('The worker cannot receive events yet and keeps trying.', () =>
      this.#openAllLanes(connection),
    );
    if (this.#parts.settings.order === 'server') this.#startLoop(this.#watchForServers(connection));
  }

  /** Stops fetching, waits for running handlers, gives unfinished events back and closes the connection. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const endWait of this.#endWaits) endWait();
    const allEnded = Promise.all(this.#loops);
    const timeout = new Promise<void>((resolve) => this.#parts.clock.after(CLOSE_TIMEOUT_MS, resolve));
    await Promise.race([allEnded, timeout]);
    for (const message of this.#messagesInFlight) message.giveBack(0);
    this.#messagesInFlight.clear();
    await this.#connection?.close();
  }

  /** @returns the connection, or null if the worker was closed before it succeeded */
  #connect(): Promise<WorkerConnection | null> {
    const { settings, clock } = this.#parts;
    const line = 'The worker cannot reach the broker and keeps trying.';
    return this.#retryUntilDone(line, () =>
      WorkerConnection.open({
        ...settings,
        clock,
        onConnectionChange: (isConnected) => this.#reportConnectionChange(isConnected),
        onRefusal: (error) => this.#warnOnce(line, describeFailure(error, settings)),
      }),
    );
  }

  /**
   * Repeats an action until it succeeds, for example until the broker runs or the stream exists.
   *
   * @param line the warning for a failure, printed once for each reason
   * @returns the action's result, or null if the worker was closed before it succeeded
   * @throws (as a rejection) an error that the operator has to repair
   */
  async #retryUntilDone<Result>(line: string, act: () => Promise<Result>): Promise<Result | null> {
    for (let failures = 0; !this.#isStopping; failures += 1) {
      try {
        const result = await act();
        this.#lastProblem = '';
        return result;
      } catch (error) {
        this.#warnOnce(line, describeFailure(error, this.#parts.settings));
        const waitIndex = Math.min(failures, START_RETRY_WAITS_MS.length - 1);
        await this.#wait(START_RETRY_WAITS_MS[waitIndex] ?? 0);
      }
    }
    return null;
  }

  /** Prints a warning and its reason, unless the reason is the one that was printed last. */
  #warnOnce(line: string, reason: string): void {
    if (reason !== this.#lastProblem) this.#parts.warn(`${line} ${reason}`);
    this.#lastProblem = reason;
  }

  #reportConnectionChange(isConnected: boolean): void {
    if (this.#isStopping) return;
    if (isConnected) {
      this.#lastProblem = '';
      this.#parts.warn('Broker connection restored.');
    } else {
      this.#parts.warn('Broker connection lost; the worker reconnects by itself.');
    }
  }

  async #openAllLanes(connection: WorkerConnection): Promise<void> {
    const { settings } = this.#parts;
    for (const lane of listFixedLanes(settings)) await this.#openLane(connection, lane);
    if (settings.order === 'server') await this.#openServerLanes(connection);
  }

  async #openServerLanes(connection: WorkerConnection): Promise<void> {
    const { settings } = this.#parts;
    const subjects = await connection.listSubjects(toWildcardSubject(settings.filter ?? ''));
    for (const id of findServerIds(settings, subjects)) {
      await this.#openLane(connection, createServerLane(settings, id));
    }
  }

  async #openLane(connection: WorkerConnection, lane: Lane): Promise<void> {
    if (this.#openLanes.has(lane.durable)) return;
    const fetchMessage = await connection.openLane(lane);
    this.#openLanes.add(lane.durable);
    for (let slot = 0; slot < lane.slots; slot += 1) this.#startLoop(this.#runSlot(connection, lane, fetchMessage));
  }

  #startLoop(loop: Promise<void>): void {
    this.#loops.add(loop);
    void loop.finally(() => this.#loops.delete(loop));
  }

  async #watchForServers(connection: WorkerConnection): Promise<void> {
    while (!this.#isStopping) {
      await this.#wait(this.#parts.timing.serverSearchMs);
      if (this.#isStopping) return;
      // A search that fails while the broker is away succeeds at a later turn.
      await this.#openServerLanes(connection).catch(() => {});
    }
  }

  /** Handles the messages of one slot, one after the other, until the worker stops. */
  async #runSlot(connection: WorkerConnection, lane: Lane, firstFetch: FetchMessage): Promise<void> {
    let fetchMessage = firstFetch;
    while (!this.#isStopping) {
      const message = await this.#fetchWithTimeout(fetchMessage).catch(() => undefined);
      if (message === undefined) {
        // The broker is away, or an operator deleted the stream or the consumer: a new consumer is needed.
        await this.#wait(FETCH_RETRY_WAIT_MS);
        fetchMessage = (await this.#reopenLane(connection, lane)) ?? fetchMessage;
        continue;
      }
      if (message === null) continue;
      if (this.#isStopping) message.giveBack(0);
      else await this.#process(connection, message);
    }
  }

  /** @returns a function that fetches from the lane, or null if the lane cannot be opened now */
  async #reopenLane(connection: WorkerConnection, lane: Lane): Promise<FetchMessage | null> {
    try {
      const fetchMessage = await connection.openLane(lane);
      if (this.#lastProblem !== '') this.#parts.warn('The worker receives events again.');
      this.#lastProblem = '';
      return fetchMessage;
    } catch (error) {
      // A lost connection was reported already; only the broker's own answers are reported here.
      const reason = describeBrokerAnswer(error, this.#parts.settings);
      if (reason !== undefined) {
        this.#warnOnce('The worker cannot receive events any more and keeps trying.', reason);
      }
      return null;
    }
  }

  /** Fetches the next message. Rejects if the client never answers, as happens when a connection breaks meanwhile. */
  #fetchWithTimeout(fetchMessage: FetchMessage): Promise<StreamMessage | null> {
    const { clock, timing } = this.#parts;
    return new Promise((resolve, reject) => {
      let isTimedOut = false;
      const cancelTimeout = clock.after(timing.fetchMs + FETCH_GRACE_MS, () => {
        isTimedOut = true;
        reject(new Error('The broker did not answer a request for the next message.'));
      });
      fetchMessage(timing.fetchMs)
        .then((message) => {
          // The slot has given this request up, so no one would handle its message.
          if (isTimedOut) message?.giveBack(0);
          resolve(message);
        }, reject)
        .finally(cancelTimeout);
    });
  }

  /** Handles one message, extends its deadline meanwhile, and acknowledges or returns it. */
  async #process(connection: WorkerConnection, message: StreamMessage): Promise<void> {
    const { settings, clock } = this.#parts;
    this.#messagesInFlight.add(message);
    let cancelExtension = () => {};
    const extendRegularly = () => {
      cancelExtension = clock.after(settings.ackWaitMs / 3, () => {
        message.extendDeadline();
        extendRegularly();
      });
    };
    extendRegularly();
    try {
      const fault = await this.#handle(message);
      // `close` has given the message back already.
      if (!this.#messagesInFlight.delete(message)) return;
      if (fault === null) message.acknowledge();
      else await this.#retryOrDeadLetter(connection, message, fault);
    } finally {
      cancelExtension();
      this.#messagesInFlight.delete(message);
    }
  }

  /** @returns null if all handlers succeeded, otherwise the reason for the header `x-sonorancad-reason` */
  async #handle(message: StreamMessage): Promise<string | null> {
    // An event that was delivered this often has crashed its workers.
    if (message.deliveries > this.#parts.settings.maxDeliver) {
      return 'was given too often to a worker that did not finish it';
    }
    const received = this.#receiver.receive(message);
    if (received.kind === 'refused') return received.fault;

    const { webhookId } = received;
    // The broker delivers an event again if its deadline passed. Its outcome is that of the first delivery.
    if (received.kind === 'repeat') return this.#pendingOutcomes.get(webhookId) ?? null;

    const outcome = this.#runHandlers(received.event, webhookId);
    if (webhookId !== '') this.#pendingOutcomes.set(webhookId, outcome);
    return outcome.finally(() => this.#pendingOutcomes.delete(webhookId));
  }

  async #runHandlers(event: PushEvent, webhookId: string): Promise<string | null> {
    let hasFailed = false;
    await this.#parts.handlers.run(event, () => {
      hasFailed = true;
    });
    if (!hasFailed) return null;
    this.#receiver.forget(webhookId);
    return 'failed in a handler';
  }

  async #retryOrDeadLetter(connection: WorkerConnection, message: StreamMessage, fault: string): Promise<void> {
    const { settings, timing, warn } = this.#parts;
    if (message.deliveries < settings.maxDeliver) {
      const waits = timing.failureWaitsMs;
      const waitIndex = Math.min(message.deliveries, waits.length) - 1;
      return message.giveBack(waits[waitIndex] ?? 0);
    }

    const { deadLetterSubject: subject, durable } = settings;
    // The stream also takes the dead letters' subject, and this message is a dead letter already: it stays as it is.
    if (message.subject === subject) return message.acknowledge();

    const id = message.header('webhook-id') ?? '';
    const details = `id=${quoteText(id)} subject=${subject} attempts=${message.deliveries} reason=${quoteText(fault)}`;
    // The sequence number makes the id unique: another program may have published under the same webhook-id.
    const deadLetterId = `${id}.${message.sequence}.dead.${durable}`;
    try {
      await connection.publish(subject, deadLetterId, message.body, {
        ...copyHeaders(message),
        'x-sonorancad-reason': fault,
      });
      message.acknowledge();
      warn(`Moved an event to the dead letters after its last attempt. ${details}`);
    } catch {
      message.giveBack(STUCK_EVENT_WAIT_MS);
      warn(`Retrying an event every minute, because no stream stores its dead letter. ${details}`);
    }
  }

  /** Waits for a time, or until the worker stops. */
  #wait(milliseconds: number): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const endWait = () => {
        cancelTimer();
        this.#endWaits.delete(endWait);
        resolve();
      };
      const cancelTimer = this.#parts.clock.after(milliseconds, endWait);
      this.#endWaits.add(endWait);
    });
  }
}

const DEAD_LETTER_HEADERS = [
  'content-type',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-sonorancad-event',
  'x-sonorancad-hop',
] as const;

function copyHeaders({ header }: StreamMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of DEAD_LETTER_HEADERS) {
    const value = header(name) ?? '';
    if (value !== '') headers[name] = value;
  }
  return headers;
}

/**
 * Describes why a request to the broker failed, without the text of the error, which can hold credentials.
 *
 * @throws the error itself if the operator has to repair its cause
 */
function describeFailure(error: unknown, settings: ConsumerSettings): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === 'SONORANCAD_WORKER') throw error;
  const answer = describeBrokerAnswer(error, settings);
  if (answer !== undefined) return answer;
  return `The error is ${typeof code === 'string' ? code : String(name)}.`;
}

/** @returns a sentence for an error that the broker has sent, or undefined for any other error */
function describeBrokerAnswer(error: unknown, { stream }: ConsumerSettings): string | undefined {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { name?: unknown } };
  if (name === 'StreamNotFoundError') return `The stream ${stream} does not exist.`;
  // The client wraps the broker's answer in an error of its own request.
  const candidates = [code, name, cause?.name].map(String);
  const knownName = candidates.find((candidate) => Object.hasOwn(BROKER_ANSWERS, candidate));
  return knownName === undefined ? undefined : BROKER_ANSWERS[knownName];
}

/** Sentences for the client's error names, and for the error codes of `nats-client.ts`. */
const BROKER_ANSWERS: Readonly<Record<string, string>> = {
  AuthorizationError: 'The broker refuses the credentials.',
  UserAuthenticationExpiredError: 'The broker refuses the credentials.',
  PermissionViolationError: 'The account lacks a right that docs/cluster.md names.',
  JetStreamNotEnabled: 'The broker has no streams: start nats-server with -js.',
  NO_TLS: 'The broker offers no TLS.',
  TLS_NEEDS_NAME: "TLS checks the broker's name: write its name instead of its IP address.",
  NO_BROKER: 'The server at this address is not a NATS server.',
};
