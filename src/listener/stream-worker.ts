import { clearInterval, setInterval } from 'node:timers';
import type { Clock } from '../lib/clock.ts';
import { quoteText } from '../lib/text.ts';
import { createHandlers, type Handlers, handlerMethods } from './handlers.ts';
import { type ConsumerSettings, readConsumerOptions } from './options.ts';
import type { PushEvent, PushEventConsumer, PushEventConsumerOptions } from './push-event-listener.ts';
import { StreamReceiver } from './receiver.ts';
import {
  fixedLanes,
  type Lane,
  type NextMessage,
  openWorkerConnection,
  type StreamMessage,
  serverLane,
  serversIn,
  subjectsOf,
  type WorkerConnection,
} from './stream-connection.ts';

interface WorkerParts {
  readonly settings: ConsumerSettings;
  readonly handlers: Pick<Handlers, 'run'>;
  readonly clock: Clock;
  readonly timing: typeof USUAL_TIMING;
  /** Takes one line about what the operator should know. */
  warn(line: string): void;
}

/** All in milliseconds. */
const USUAL_TIMING = {
  /** Until an event that failed once, twice … comes again; the last one holds for all later ones. */
  failureWaits: [1_000, 5_000, 30_000, 60_000] as readonly number[],
  /** A worker that stops waits so long for what the broker may just be sending it. */
  pull: 2_000,
  lookForServers: 5_000,
};

/** An event that can neither be handled nor put among the dead letters. */
const STUCK_WAIT_MS = 60_000;
const WAITS_MS: readonly number[] = [500, 1_000, 2_000, 5_000];
const RETRY_PULL_MS = 500;
/** Beside the time that the broker itself has to answer. */
const PULL_GRACE_MS = 8_000;
/** For the handlers of what is in hand when a worker stops. */
const CLOSE_MS = 5_000;

/** Takes events out of a stream, one after the other in each slot of its lanes, and has them handled. */
class StreamWorker {
  readonly #parts: WorkerParts;
  readonly #receiver: StreamReceiver;
  readonly #slots = new Set<Promise<void>>();
  readonly #inHand = new Set<StreamMessage>();
  readonly #lanes = new Set<string>();
  /** By `webhook-id`, what becomes of the events that handlers have now. */
  readonly #outcomes = new Map<string, Promise<string | null>>();
  /** Each ends a wait at once. */
  readonly #waits = new Set<() => void>();
  #connection: WorkerConnection | null = null;
  #isStopping = false;
  /** Why it could not go on when it last said so. */
  #told = '';

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#receiver = new StreamReceiver(parts.settings, parts.clock);
  }

  /**
   * @returns when it takes events, or was closed before it could
   * @throws (as a rejection) what the operator must mend
   */
  async start(): Promise<void> {
    const connection = await this.#connect();
    if (connection === null) return;
    this.#connection = connection;
    await this.#persist('Events cannot be taken yet; the worker retries', () => this.#openAll(connection));
    if (this.#parts.settings.order === 'server') this.#run(this.#lookForServers(connection));
  }

  /** Takes no more. @returns when what is in hand is handled or given back */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const end of this.#waits) end();
    const idle = Promise.all(this.#slots);
    await Promise.race([idle, new Promise<void>((resolve) => this.#parts.clock.after(CLOSE_MS, resolve))]);
    for (const message of this.#inHand) message.giveBack(0);
    this.#inHand.clear();
    await this.#connection?.close();
  }

  /** @returns null when it was closed meanwhile */
  #connect(): Promise<WorkerConnection | null> {
    const { settings, clock } = this.#parts;
    const line = 'The broker cannot be reached; the worker retries';
    const changed = (isConnected: boolean) => this.#changed(isConnected);
    const refused = (error: Error) => this.#tell(line, reasonOfFault(error, settings));
    return this.#persist(line, () => openWorkerConnection({ ...settings, clock, changed, refused }));
  }

  /**
   * Does something that may have to wait for others: a broker that starts, a stream that the first event makes.
   *
   * @param line what is said when it fails, once for each reason
   * @returns null when the worker was closed meanwhile
   * @throws (as a rejection) what the operator must mend here
   */
  async #persist<Result>(line: string, act: () => Promise<Result>): Promise<Result | null> {
    for (let attempt = 0; !this.#isStopping; attempt += 1) {
      try {
        const result = await act();
        this.#told = '';
        return result;
      } catch (error) {
        this.#tell(line, reasonOfFault(error, this.#parts.settings));
        await this.#wait(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 0);
      }
    }
    return null;
  }

  /** Says why it cannot go on, once for each reason. */
  #tell(line: string, reason: string): void {
    if (reason !== this.#told) this.#parts.warn(`${line}: ${reason}.`);
    this.#told = reason;
  }

  #changed(isConnected: boolean): void {
    if (this.#isStopping) return;
    if (isConnected) this.#told = '';
    this.#parts.warn(
      isConnected ? 'The broker is back.' : 'The connection to the broker is lost; the worker reconnects.',
    );
  }

  async #openAll(connection: WorkerConnection): Promise<void> {
    const { settings } = this.#parts;
    for (const lane of fixedLanes(settings)) await this.#open(connection, lane);
    if (settings.order === 'server') await this.#openServers(connection);
  }

  async #open(connection: WorkerConnection, lane: Lane): Promise<void> {
    if (this.#lanes.has(lane.durable)) return;
    const next = await connection.open(lane);
    this.#lanes.add(lane.durable);
    for (let slot = 0; slot < lane.slots; slot += 1) this.#run(this.#empty(connection, lane, next));
  }

  #run(slot: Promise<void>): void {
    this.#slots.add(slot);
    void slot.finally(() => this.#slots.delete(slot));
  }

  async #lookForServers(connection: WorkerConnection): Promise<void> {
    while (!this.#isStopping) {
      await this.#wait(this.#parts.timing.lookForServers);
      if (this.#isStopping) return;
      // What fails now succeeds when the broker is back.
      await this.#openServers(connection).catch(() => {});
    }
  }

  async #openServers(connection: WorkerConnection): Promise<void> {
    const { settings } = this.#parts;
    const subjects = await connection.subjects(subjectsOf(settings.filter ?? ''));
    for (const id of serversIn(settings, subjects)) await this.#open(connection, serverLane(settings, id));
  }

  /** One slot: the next event when the last one is done. */
  async #empty(connection: WorkerConnection, lane: Lane, first: NextMessage): Promise<void> {
    let next = first;
    while (!this.#isStopping) {
      const message = await this.#pull(next).catch(() => undefined);
      if (message === undefined) {
        // The broker is away, or the operator has removed the stream or its consumer, and made them anew.
        await this.#wait(RETRY_PULL_MS);
        next = (await this.#reopen(connection, lane)) ?? next;
      } else if (message !== null && this.#isStopping) message.giveBack(0);
      else if (message !== null) await this.#take(connection, message);
    }
  }

  /** @returns null while that fails: of a connection that is lost there is a line already, of what the broker says there is one here */
  async #reopen(connection: WorkerConnection, lane: Lane): Promise<NextMessage | null> {
    try {
      const next = await connection.open(lane);
      if (this.#told !== '') this.#parts.warn('Events can be taken again.');
      this.#told = '';
      return next;
    } catch (error) {
      const reason = saidByBroker(error, this.#parts.settings);
      if (reason !== undefined) this.#tell('Events cannot be taken any more; the worker retries', reason);
      return null;
    }
  }

  /** The next event; over a connection that was lost meanwhile, the client may never end the question. */
  #pull(next: NextMessage): Promise<StreamMessage | null> {
    const { clock, timing } = this.#parts;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const cancel = clock.after(timing.pull + PULL_GRACE_MS, () => {
        isOver = true;
        reject(new Error('the broker did not answer'));
      });
      next(timing.pull)
        .then((message) => {
          // Another question has taken its place.
          if (isOver) message?.giveBack(0);
          resolve(message);
        }, reject)
        .finally(cancel);
    });
  }

  async #take(connection: WorkerConnection, message: StreamMessage): Promise<void> {
    this.#inHand.add(message);
    const { settings, clock } = this.#parts;
    let stopWorking = () => {};
    const stillWorking = () => {
      message.working();
      stopWorking = clock.after(settings.ackWaitMs / 3, stillWorking);
    };
    stopWorking = clock.after(settings.ackWaitMs / 3, stillWorking);
    try {
      const fault = await this.#handle(message);
      // It was given back when the worker had to stop.
      if (!this.#inHand.delete(message)) return;
      if (fault === null) message.acknowledge();
      else await this.#failed(connection, message, fault);
    } finally {
      stopWorking();
      this.#inHand.delete(message);
    }
  }

  /** @returns why it was not handled, in words that follow "an event"; null when all is well */
  async #handle(message: StreamMessage): Promise<string | null> {
    // A worker that had it so often died over it.
    if (message.deliveries > this.#parts.settings.maxDeliver) {
      return 'was given too often to a worker that did not finish it';
    }
    const received = this.#receiver.receive(message);
    if (received.kind === 'refused') return received.reason;
    const { webhookId } = received;
    // The broker heard nothing of it for too long and gave it out again: whether it may be acknowledged is not known before its end.
    if (received.kind === 'repeat') return this.#outcomes.get(webhookId) ?? null;
    const outcome = this.#runHandlers(received.event, webhookId);
    if (webhookId !== '') this.#outcomes.set(webhookId, outcome);
    return outcome.finally(() => this.#outcomes.delete(webhookId));
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

  async #failed(connection: WorkerConnection, message: StreamMessage, fault: string): Promise<void> {
    const { settings, timing, warn } = this.#parts;
    const id = message.header('webhook-id') ?? '';
    if (message.deliveries < settings.maxDeliver) {
      const { failureWaits: waits } = timing;
      return message.giveBack(waits[Math.min(message.deliveries, waits.length) - 1] ?? 0);
    }
    const { deadLetterSubject: subject, durable } = settings;
    // The stream takes dead letters, too, and this is one: it stays in it as it is.
    if (message.subject === subject) return message.acknowledge();
    try {
      // With the number: what another program has published under the same id must not pass for a repeat.
      await connection.publish(subject, `${id}.${message.sequence}.dead.${durable}`, message.body, {
        ...headersOf(message),
        'x-sonorancad-reason': fault,
      });
      message.acknowledge();
      warn(
        `An event ${fault} and is a dead letter now: id=${quoteText(id)} subject=${subject} attempts=${message.deliveries}`,
      );
    } catch {
      message.giveBack(STUCK_WAIT_MS);
      warn(
        `An event ${fault}, and no stream takes dead letters at ${subject}: it is tried again each minute. id=${quoteText(id)}`,
      );
    }
  }

  /** @returns when the time has passed, or the worker is to stop */
  #wait(milliseconds: number): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#waits.delete(end);
        resolve();
      };
      const cancel = this.#parts.clock.after(milliseconds, end);
      this.#waits.add(end);
    });
  }
}

const KEPT_HEADERS = [
  'content-type',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-sonorancad-event',
  'x-sonorancad-hop',
] as const;

function headersOf({ header }: StreamMessage): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => [[name, header(name) ?? ''] as const]).filter(([, value]) => value !== ''),
  );
}

/**
 * @returns why something with a broker fails, without any of its words
 * @throws what waiting does not mend
 */
function reasonOfFault(error: unknown, settings: ConsumerSettings): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === 'SONORANCAD_WORKER') throw error;
  return saidByBroker(error, settings) ?? (typeof code === 'string' ? code : String(name));
}

/** @returns undefined for what is none of the broker's answers */
function saidByBroker(error: unknown, { stream }: ConsumerSettings): string | undefined {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { name?: unknown } };
  if (name === 'StreamNotFoundError') return `the stream ${stream} does not exist`;
  // The client wraps what the broker says in the failure of its own request.
  const known = [code, name, cause?.name].map(String).find((each) => Object.hasOwn(REASONS, each));
  return known === undefined ? undefined : REASONS[known];
}

/** The client's errors by their names, and codes of our own. */
const REASONS: Readonly<Record<string, string>> = {
  AuthorizationError: 'it refuses the credentials',
  UserAuthenticationExpiredError: 'it refuses the credentials',
  PermissionViolationError: 'the account lacks a right that docs/cluster.md names',
  JetStreamNotEnabled: 'no stream answers there, see that nats-server runs with -js',
  NO_TLS: 'it offers no TLS',
  TLS_NEEDS_NAME: "its certificate can be checked against a name only, write the broker's name instead of its address",
  NO_BROKER: 'what answers there is no NATS server',
};

/** Of the timer that keeps the program running while the broker is waited for. */
const ALIVE_MS = 2 ** 30;

/**
 * Makes a worker over a clock of the caller's.
 *
 * @param warn takes the lines that no option takes
 * @throws a TypeError that says which option is not as expected
 */
export function createConsumer(
  options: PushEventConsumerOptions,
  clock: Clock,
  warn: (line: string) => void,
  timing = USUAL_TIMING,
): PushEventConsumer {
  const settings = readConsumerOptions(options);
  const say = options.warn ?? warn;
  const handlers = createHandlers(clock, say);
  const consumer: PushEventConsumer = {
    ...handlerMethods(handlers, () => consumer),
    async start() {
      const worker = new StreamWorker({ settings, handlers, clock, timing, warn: say });
      const alive = setInterval(() => {}, ALIVE_MS);
      const close = () => worker.close().finally(() => clearInterval(alive));
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
