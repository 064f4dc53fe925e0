import type { Outcome, Target } from '../delivery.ts';
import { failureFor, refused } from '../queues/outcomes.ts';
import { isCertificateCode } from './http-sending.ts';
import { type NatsTarget, streamCommand, streamSubject } from './nats-settings.ts';

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
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** @returns what an error of the client means, without any of its words: they may be about credentials */
export function failureOf(error: unknown, { nats }: Target) {
  const { name, code, cause } = (error ?? {}) as Thrown;
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
