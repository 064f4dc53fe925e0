import { findEntry } from '../../events/catalogue/catalogue.ts';
import { refusedAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { HostLookup } from '../../lib/host-lookup.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Attempt, AttemptResult, Outcome, OutgoingEvent, Send, Target } from '../delivery.ts';
import { failureFor, refused } from '../queues/outcomes.ts';
import { requestHeaders } from '../signed-headers.ts';
import { isCertificateCode } from './http-sending.ts';
import { type LoadNatsClient, type NatsClient, openStream, type StreamConnection } from './nats-client.ts';
import { fillSubject, type NatsTarget, streamCommand, streamSubject } from './nats-settings.ts';
import { readEvent } from './read-event.ts';

interface NatsSendingOptions {
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Clock;
  readonly load: LoadNatsClient;
}

/**
 * Publishes to streams of NATS JetStream, over one connection a target. An attempt has ended when the stream has
 * acknowledged the event, or says that it had it already. Nothing of the client is loaded before the first one.
 */
export class NatsSending {
  readonly #options: NatsSendingOptions;
  readonly #hosts: HostLookup;
  readonly #links = new Map<string, StreamLink>();

  constructor(options: NatsSendingOptions) {
    this.#options = options;
    this.#hosts = new HostLookup({ clock: options.clock, isRefused: (address) => refusedAddress(address) !== null });
  }

  readonly send: Send = (attempt, deadlineMs, watcher) => {
    const { clock, version } = this.#options;
    const startedAt = clock.monotonic();
    const link = this.#linkTo(attempt.target);
    let isOver = false;
    let isSent = false;
    const elapsedMs = () => Math.round(clock.monotonic() - startedAt);
    const end = (result: AttemptResult) => {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      watcher.ended(result);
    };
    const stopWaiting = clock.after(deadlineMs, () => {
      // A connection that is silent for this long may be frozen, or gone without a word.
      link.drop();
      end({ kind: 'timeout', requestSent: isSent, ms: elapsedMs() });
    });
    const published = link.use(deadlineMs, (connection) => {
      if (isOver) return undefined;
      isSent = true;
      return publish(connection, attempt, version, clock.now(), deadlineMs);
    });
    published.then(
      () => end({ kind: 'answered', status: 200, body: '', retryAfterMs: null, ms: elapsedMs() }),
      (error: unknown) => end({ kind: 'failed', ...failureOf(error, attempt.target), ms: elapsedMs() }),
    );
    return () => {
      isOver = true;
      stopWaiting();
    };
  };

  /** Closes the connections to all targets but these. */
  keep(targets: readonly Target[]): void {
    const names = new Set(targets.filter(({ nats }) => nats !== undefined).map(({ name }) => name));
    for (const [name, link] of this.#links) {
      if (names.has(name)) continue;
      link.drop();
      this.#links.delete(name);
    }
  }

  #linkTo({ name, nats }: Target): StreamLink {
    const { clock, load } = this.#options;
    const settings = JSON.stringify(nats);
    const known = this.#links.get(name);
    if (known?.settings === settings) return known;
    known?.drop();
    const link = new StreamLink(nats as NatsTarget, settings, { lookup: this.#hosts.forRequests, clock, load });
    this.#links.set(name, link);
    return link;
  }
}

function publish(connection: StreamConnection, attempt: Attempt, version: string, now: number, deadlineMs: number) {
  const { target, event } = attempt;
  const { 'content-length': _, ...headers } = requestHeaders(attempt, event.body, now, version);
  const { subject, serverId } = target.nats as NatsTarget;
  const callId = subject.includes('{callId}') ? firstCallOf(event) : null;
  const filled = fillSubject(subject, { serverId, type: event.type, callId, id: event.id });
  return connection.publish(filled, event.id, event.body, headers, deadlineMs);
}

/**
 * @returns the first call, or else 911 call, that an event is about; null when there is none, or its data was not
 * understood
 */
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

/**
 * The connection to one target. It is opened by the first attempt that needs it, and after it is lost by the next
 * one.
 */
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

  /**
   * Acts over the connection: at once where there is one, so that events go out in the order in which they are given.
   */
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
    return openStream(await loadClient(load), server, this.#nats, { ...reaching, deadlineMs });
  }
}

const CLIENT_NOT_LOADED = 'CLIENT_NOT_LOADED';

async function loadClient(load: LoadNatsClient): Promise<NatsClient> {
  try {
    return await load();
  } catch (error) {
    throw Object.assign(new Error(reasonOf(error)), { code: CLIENT_NOT_LOADED });
  }
}

/** What is known of a failure by its code, and what it means. */
interface KnownFailure {
  /** In words, for the log and the status. */
  readonly reason: string;
  outcome(reason: string, target: NatsTarget): Outcome;
}

const CREDENTIALS: KnownFailure = {
  reason: 'it refuses the credentials',
  outcome: (reason) => refused(reason, 'correct the credentials of the target, or the account at the broker'),
};

/** The broker's errors by their numbers, the client's by their names, and codes of our own. */
const KNOWN: Readonly<Record<string, KnownFailure>> = {
  AuthorizationError: CREDENTIALS,
  UserAuthenticationExpiredError: CREDENTIALS,
  PermissionViolationError: {
    reason: 'its account may not publish there',
    outcome: (reason, { subject, serverId }) =>
      refused(
        reason,
        `allow the account of the target to publish to ${streamSubject(subject.replace('{serverId}', String(serverId)))} and to subscribe to _INBOX.>`,
      ),
  },
  StreamNotFoundError: {
    reason: 'the stream does not exist',
    outcome: (reason, target) =>
      refused(reason, `create the stream with  ${streamCommand(target)}  or set "createStream": true`),
  },
  // While a cluster chooses who leads the stream it is the same: no refusal, then.
  JetStreamNotEnabled: {
    reason: 'no stream takes the subject',
    outcome: (reason, target) =>
      failureFor(
        reason,
        `see that nats-server runs with -js, and that the stream ${target.stream} takes ${streamSubject(target.subject)} (nats stream info ${target.stream})`,
      ),
  },
  '10060': {
    reason: 'another stream takes the subject',
    outcome: (reason, { stream, subject }) =>
      refused(
        reason,
        `give the target the name of the stream that takes ${streamSubject(subject)}, which is not ${stream}`,
      ),
  },
  '10054': {
    reason: 'larger than the stream takes',
    outcome: (reason) => ({ kind: 'final', reason }),
  },
  InvalidArgumentError: {
    reason: 'larger than the broker takes',
    outcome: (reason) => ({ kind: 'final', reason }),
  },
  '10077': {
    reason: 'the stream is full',
    outcome: (reason, { stream }) =>
      failureFor(reason, `see that its workers keep up, or give it more room (nats stream edit ${stream})`),
  },
  NO_TLS: {
    reason: 'it offers no TLS',
    outcome: (reason) => refused(reason, 'switch TLS on at the broker, or leave "tls" out'),
  },
  TLS_NEEDS_NAME: {
    reason: 'its certificate can be checked against a name only',
    outcome: (reason) => refused(reason, "write the broker's name in the URL instead of its address"),
  },
  NO_BROKER: {
    reason: 'what answers there is no NATS server',
    outcome: (reason) => refused(reason, 'correct the URL: the port for clients is 4222 unless set otherwise'),
  },
};

/** A permission of the account, a certificate: what the client says only in words is known by them. */
interface Thrown {
  readonly message?: unknown;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** @returns what an error of the client means, without any of its words: they may be about credentials */
function failureOf(error: unknown, { nats }: Target) {
  const { message, name, code, cause } = (error ?? {}) as Thrown;
  if (code === CLIENT_NOT_LOADED) {
    const reason = String(message);
    const advice = 'the NATS client could not be loaded; install this resource again and restart it';
    return { code: reason, certificate: false, outcome: refused(reason, advice, Number.POSITIVE_INFINITY) };
  }
  const inner = (cause ?? {}) as Thrown;
  const candidates = [code, name, inner.code, inner.name].map((each) => (each === undefined ? '' : String(each)));
  const known = candidates.find((each) => Object.hasOwn(KNOWN, each));
  if (known !== undefined && nats !== undefined) {
    const { reason, outcome } = KNOWN[known] as KnownFailure;
    return { code: reason, certificate: false, outcome: outcome(reason, nats) };
  }
  const system = candidates.find((each) => /^[A-Z][A-Z0-9_]+$/.test(each));
  if (system !== undefined) return { code: system, certificate: isCertificateCode(system) };
  const number = candidates.find((each) => /^\d{3,6}$/.test(each));
  return { code: number === undefined ? 'the connection was lost' : `JetStream error ${number}`, certificate: false };
}
