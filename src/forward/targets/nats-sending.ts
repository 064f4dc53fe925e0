import { findEntry } from '../../events/catalogue/catalogue.ts';
import { refusedAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import type { Attempt, AttemptResult, OutgoingEvent, Send, Target } from '../delivery.ts';
import { requestHeaders } from '../signed-headers.ts';
import { readEvent } from './describe-event.ts';
import { type LoadNatsClient, openStream, type StreamConnection } from './nats-client.ts';
import { failureOf } from './nats-failures.ts';
import { fillSubject, type NatsTarget } from './nats-settings.ts';

interface NatsSendingOptions {
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Clock;
  readonly load: LoadNatsClient;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup;
}

/**
 * Publishes to streams of NATS JetStream, over one connection a target. An attempt has ended when the stream has acknowledged the
 * event, or says that it had it already. Nothing of the client is loaded before the first one.
 */
export function createNatsSending({ version, clock, load, lookup }: NatsSendingOptions) {
  const hosts = new HostLookup({ clock, lookup, isRefused: (address) => refusedAddress(address) !== null });
  const links = new Map<string, StreamLink>();

  function linkOf({ name, nats }: Target): StreamLink {
    const settings = JSON.stringify(nats);
    const known = links.get(name);
    if (known?.settings === settings) return known;
    known?.drop();
    const link = new StreamLink(nats as NatsTarget, settings, { lookup: hosts.forRequests, clock, load });
    links.set(name, link);
    return link;
  }

  const send: Send = (attempt, deadlineMs, watcher) => {
    const began = clock.monotonic();
    const link = linkOf(attempt.target);
    let isOver = false;
    let isSent = false;
    const elapsed = () => Math.round(clock.monotonic() - began);
    const end = (result: AttemptResult) => {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      watcher.ended(result);
    };
    const stopWaiting = clock.after(deadlineMs, () => {
      // What is silent for so long may be frozen, or gone without a word.
      link.drop();
      end({ kind: 'timeout', requestSent: isSent, ms: elapsed() });
    });
    const published = link.use(deadlineMs, (connection) => {
      if (isOver) return undefined;
      isSent = true;
      return publish(connection, attempt, version, clock.now(), deadlineMs);
    });
    published.then(
      () => end({ kind: 'answered', status: 200, body: '', retryAfterMs: null, ms: elapsed() }),
      (error: unknown) => end({ kind: 'failed', ...failureOf(error, attempt.target), ms: elapsed() }),
    );
    return () => {
      isOver = true;
      stopWaiting();
    };
  };

  return {
    send,
    /** Closes the connections to all targets but these. */
    keep(targets: readonly Target[]): void {
      const names = new Set(targets.filter(({ nats }) => nats !== undefined).map(({ name }) => name));
      for (const [name, link] of links) {
        if (names.has(name)) continue;
        link.drop();
        links.delete(name);
      }
    },
  };
}

function publish(connection: StreamConnection, attempt: Attempt, version: string, now: number, deadlineMs: number) {
  const { target, event } = attempt;
  const { 'content-length': _, ...headers } = requestHeaders(attempt, event.body, now, version);
  const { subject, serverId } = target.nats as NatsTarget;
  const callId = subject.includes('{callId}') ? firstCallOf(event) : null;
  const filled = fillSubject(subject, { serverId, type: event.type, callId, id: event.id });
  return connection.publish(filled, event.id, event.body, headers, deadlineMs);
}

/** @returns the first call, or else 911 call, that an event is about; null when there is none, or its data was not understood */
function firstCallOf(outgoing: OutgoingEvent): number | null {
  const event = readEvent(outgoing);
  const concerns = event.valid ? findEntry(event.type)?.concerns : undefined;
  const [first] = [...(concerns?.calls?.(event.data) ?? []), ...(concerns?.emergencyCalls?.(event.data) ?? [])];
  return first ?? null;
}

interface LinkParts {
  readonly load: LoadNatsClient;
  readonly lookup: HostLookup['forRequests'];
  readonly clock: Clock;
}

/** The connection to one target. It is opened by the first attempt that needs it, and after it is lost by the next one. */
class StreamLink {
  /** Whose connection it is: with other settings it is another one. */
  readonly settings: string;
  readonly #nats: NatsTarget;
  readonly #parts: LinkParts;
  #connecting: Promise<StreamConnection> | null = null;
  #connection: StreamConnection | null = null;
  /** Of the server that is next to be tried. */
  #turn = 0;

  constructor(nats: NatsTarget, settings: string, parts: LinkParts) {
    this.#nats = nats;
    this.settings = settings;
    this.#parts = parts;
  }

  /** Acts over the connection: at once where there is one, so that events go out in the order in which they are given. */
  async use(deadlineMs: number, act: (connection: StreamConnection) => Promise<void> | undefined): Promise<void> {
    if (this.#connection !== null) return act(this.#connection);
    this.#connecting ??= this.#connect(deadlineMs);
    return act(await this.#connecting);
  }

  /** Closes it: what is under way fails. */
  drop(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#connecting = null;
  }

  #connect(deadlineMs: number): Promise<StreamConnection> {
    const { servers } = this.#nats;
    const server = servers[this.#turn % servers.length] ?? '';
    this.#turn += 1;
    const connecting = this.#open(server, deadlineMs);
    const isCurrent = () => this.#connecting === connecting;
    connecting.then(
      (connection) => {
        if (!isCurrent()) return connection.close();
        this.#connection = connection;
        // Whatever ended it: the next attempt opens another one.
        return connection.closed.then(() => {
          if (this.#connection === connection) this.drop();
        });
      },
      () => {
        if (isCurrent()) this.#connecting = null;
      },
    );
    return connecting;
  }

  async #open(server: string, deadlineMs: number): Promise<StreamConnection> {
    const { load, ...reaching } = this.#parts;
    return openStream(await load(), server, this.#nats, { ...reaching, deadlineMs });
  }
}
