import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import type { KeyRing } from '../events/key-ring.ts';
import type { HttpEventOutcome } from '../events/push-event.ts';
import { type EnvelopeRefusal, isNestedTooDeep, readEnvelope } from '../events/read-envelope.ts';
import { logReceived, type ReceivedEvent, receiveEvent } from '../events/receive.ts';
import type { Refusal } from '../events/traffic.ts';
import { networkOf } from '../lib/addresses.ts';
import { type Deadline, readBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import {
  type Answer,
  answerFor,
  EXPLANATION,
  FAILURES,
  LATE,
  REFUSALS,
  sendAnswer,
  TOO_DEEP,
  TOO_LARGE,
  TOO_MANY_WRONG_KEYS,
  WRONG_KEYS,
} from './answers.ts';
import type { PeerLabel } from './peer-label.ts';

/** Far more than any event of the CAD, and little enough for the game to take in one piece. */
const MAX_BODY_BYTES = 1024 * 1024;
/** The game server may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const WRONG_KEY =
  'An event was refused: the API key in it is none of those configured here (apiKey in config.json, or the convar sonoran_apiKey).';
const NO_KEY = 'An event was refused: there is no API key in it. The CAD sends one with each.';
const CHUNKED =
  'A request came in chunks, and the game server loses the body of such requests: whoever sends it has to send its length (Content-Length); a proxy in between needs to buffer requests.';

export interface EventRouteOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** Takes an event that is about to be answered: what must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer, headers: IncomingHttpHeaders): void;
  /**
   * Has another resource answer an HTTP event. Never rejects, and takes 4 s at most.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
  /** Told of each request that was no event, for the count of them. */
  refused?(reason: Refusal): void;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * The routes that take what the CAD posts, and what a person sees who opens the address of events in a browser. All of them share
 * one limit of wrong keys.
 */
export function createEventRoutes(options: EventRouteOptions) {
  const { keys, accept, answerHttpEvent, refused, peerLabel, log, clock } = options;
  const wrongKeys = new RateLimit(WRONG_KEYS, clock);
  const deadline: Deadline = (expired) => clock.after(BODY_DEADLINE_MS, expired);
  let hasExplainedChunks = false;

  /** @returns null when there is nothing more to do: it was answered, or the client has left */
  async function read(context: RouterContext): Promise<Buffer | null> {
    const outcome = await readBody(context.req, MAX_BODY_BYTES, deadline);
    if (outcome.status === 'whole') return outcome.body;
    if (outcome.status !== 'aborted') sendAnswer(context, refuseBody(outcome.status, context.req));
    return null;
  }

  function refuseBody(status: 'too-large' | 'late' | 'lost', request: IncomingMessage): Answer {
    if (!hasExplainedChunks && isChunked(request)) {
      hasExplainedChunks = true;
      log.warn(CHUNKED, { from: peerLabel()(request) });
    }
    refused?.(status);
    return status === 'too-large' ? TOO_LARGE : LATE;
  }

  /** @returns the answer to a body that is no envelope of ours */
  function refuse(reason: EnvelopeRefusal, request: IncomingMessage): Answer {
    // A part of a chunked body may have got through: it is no JSON then, and the key may have been in what is gone.
    if ((reason === 'no-key' || reason === 'invalid-json') && isChunked(request)) return refuseBody('lost', request);
    refused?.(reason);
    if (reason === 'no-key' || reason === 'wrong-key') {
      if (!wrongKeys.take(networkOf(request.socket.remoteAddress ?? ''))) return TOO_MANY_WRONG_KEYS;
      log.warn(reason === 'no-key' ? NO_KEY : WRONG_KEY, { from: peerLabel()(request) });
    }
    return REFUSALS[reason];
  }

  function take(raw: Buffer, request: IncomingMessage): Answer {
    const result = receiveEvent(raw, keys(), 'http', clock.now());
    if (!result.accepted) return refuse(result.reason, request);
    accept(result, raw, request.headers);
    logReceived(result, log);
    return answerFor(result.event);
  }

  return {
    /** `GET /event` */
    explain(context: RouterContext): void {
      context.body = EXPLANATION.text;
    },
    /** `POST /event` */
    async receive(context: RouterContext): Promise<void> {
      const raw = await read(context);
      if (raw !== null) sendAnswer(context, take(raw, context.req));
    },
    /** `POST /pluginevent`: asks the resource that handles the type, and answers what it returns. */
    async answerPlugin(context: RouterContext): Promise<void> {
      const raw = await read(context);
      if (raw === null) return;
      const envelope = readEnvelope(raw, keys());
      if (!envelope.accepted) return sendAnswer(context, refuse(envelope.reason, context.req));
      if (isNestedTooDeep(envelope.body, raw.length)) return sendAnswer(context, TOO_DEEP);
      const outcome = await answerHttpEvent(envelope.type, envelope.body);
      if (outcome.status !== 'answered') return sendAnswer(context, FAILURES[outcome.status]);
      context.type = 'json';
      context.body = outcome.json;
    },
  };
}

function isChunked(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}
