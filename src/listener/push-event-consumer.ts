// What the users of the library see of workers that empty a stream. Types only, as those of the listener.
import type { PushEventHandlers } from './push-event-listener.ts';

/** How a worker proves to a broker who it is: one of the pairs. */
export interface BrokerCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A user's seed, `SU…`. */
  readonly nkey?: string | undefined;
  /** The text of a creds file. */
  readonly creds?: string | undefined;
}

export interface PushEventConsumerOptions {
  /** `nats://host:4222`, or several of one cluster. */
  readonly servers: string | readonly string[];
  /** The stream that the resource's target names. */
  readonly stream: string;
  /** The name that workers share which divide the events among them. 1 to 32 letters, digits, `-` or `_`. */
  readonly durable: string;
  /**
   * Which subjects are wanted. In it, `{serverId}`, `{type}` and `{callId}` stand where they stand in the target's `subject`; a
   * number or a type in their place takes only those. Default all of the stream; with an `order` the usual subject of it.
   */
  readonly filter?: string | undefined;
  /**
   * `none`: each worker takes the next event that waits. `server`: the events of one game server are handled one after the other, by
   * whichever worker. `call`: those about one call, where the target's subject ends in `{callId}`. Default `none`.
   */
  readonly order?: 'none' | 'server' | 'call' | undefined;
  /** How many events this worker has in hand at once, 1 to 256; with an order, it is one for each server, or 16. Default 1. */
  readonly concurrency?: number | undefined;
  /** How often an event is tried before it becomes a dead letter, 1 to 100. Default 5. */
  readonly maxDeliver?: number | undefined;
  /** Milliseconds after which the broker gives an event to another worker when it hears nothing of it, 1,000 to 600,000. Default 30,000. */
  readonly ackWaitMs?: number | undefined;
  /** Where events go that were given up on. Default `<stream>.dead.<durable>`; a stream should take it. */
  readonly deadLetterSubject?: string | undefined;
  readonly credentials?: BrokerCredentials | undefined;
  /** PEM texts; `{}` demands TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  /** Needed where the target has `includeKey`: an event with another key is not taken. */
  readonly apiKey?: string | undefined;
  readonly apiKeys?: readonly string[] | undefined;
  /** The target's `secret`: only events that are signed with it are taken, whenever they come out of the stream. */
  readonly secret?: string | readonly string[] | undefined;
  /** Takes one line about what the operator should know: a broker that is away, an event that failed. Default a warning of the process. */
  readonly warn?: ((line: string) => void) | undefined;
}

/**
 * A worker that empties a stream of Sonoran CAD push events, beside others of the same `durable`. Each event is handled by one of
 * them, and acknowledged when its handlers are done. Where one fails or rejects, the event comes again after a while.
 */
export interface PushEventConsumer extends PushEventHandlers<PushEventConsumer> {
  /**
   * Begins to take events. A broker that cannot be reached is waited for.
   *
   * @returns once it is connected; rejects where the operator must mend something first, such as the name of the stream
   */
  start(): Promise<RunningConsumer>;
}

export interface RunningConsumer {
  /** Takes no more events. @returns when those in hand are done, for which they have 5 s, or given back for others */
  close(): Promise<void>;
}

/**
 * Makes a worker. It needs `@nats-io/transport-node` and `@nats-io/jetstream` to be installed beside this package.
 *
 * @throws a TypeError that says which option is not as expected
 */
export type CreatePushEventConsumer = (options: PushEventConsumerOptions) => PushEventConsumer;
