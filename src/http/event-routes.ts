import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import type { KeyRing } from '../events/api-keys.ts';
import type { EventIntake } from '../events/event-intake.ts';
import { describePanelRequest, type HttpEventOutcome, type PushEvent } from '../events/push-event.ts';
import { type EnvelopeRefusal, isNestedTooDeep, readEnvelope } from '../events/read-envelope.ts';
import { logReceived, receiveEvent } from '../events/receive.ts';
import { readBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import type { HoldMeter } from '../lib/hold-meter.ts';
import type { Log } from '../lib/log.ts';
import { type PeerLabel, Senders } from './senders.ts';

/** What an answer to `POST /event` says. The texts of 200 and 400 are the documented contract of a Sonoran CAD listener. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export const EXPLANATION: Answer = {
  status: 200,
  text: 'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n',
};
export const TOO_LARGE: Answer = { status: 413, text: 'Body Too Large' };
export const LATE: Answer = { status: 408, text: 'Request Timeout' };
export const TOO_MANY_WRONG_KEYS: Answer = { status: 429, text: 'Too Many Wrong Keys' };
/** No handler of an HTTP event could be handed it. */
const TOO_DEEP: Answer = { status: 400, text: 'Nested Too Deep' };

const NOT_AUTHENTICATED: Answer = { status: 400, text: 'Authentication Key Failed!' };

export const REFUSALS: Readonly<Record<EnvelopeRefusal, Answer>> = {
  'invalid-json': { status: 400, text: 'Invalid JSON' },
  'no-key': NOT_AUTHENTICATED,
  'wrong-key': NOT_AUTHENTICATED,
  'invalid-type': { status: 400, text: 'Invalid Type' },
};

/** What says nothing of the handler of an HTTP event, whose errors may quote anything. */
const FAILURES: Readonly<Record<Exclude<HttpEventOutcome['status'], 'answered'>, Answer>> = {
  unhandled: { status: 404, text: 'No Handler' },
  failed: { status: 500, text: 'Handler Failed' },
  late: { status: 504, text: 'Handler Timeout' },
};

const OK: Answer = { status: 200, text: 'ok' };

/** Far more than any event of the CAD, and little enough for the game to take in one piece. */
const MAX_BODY_BYTES = 1024 * 1024;
/** The game server may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const WRONG_KEY =
  'An event was refused: the API key in it is none of those configured here (apiKey in config.json, or the convar sonoran_apiKey).';
const NO_KEY = 'An event was refused: there is no API key in it. The CAD sends one with each.';
const NO_KEY_IN_FRONT =
  'An event was refused: there is no API key in its first 4 KiB. More is not searched, since its sender has sent wrong keys, and no right one in the last day.';
const CHUNKED =
  'A request came in chunks, and the game server loses the body of such requests: the sender has to send its length (Content-Length), and a proxy in between has to buffer requests.';

const PANEL_OVER_HTTP =
  "A request of the CAD's FiveM panel was ignored: it came over HTTP, and the CAD sends those over the session only.";

export interface EventRouteOptions {
  /** The keys in force. */
  keys(): KeyRing;
  readonly intake: Pick<EventIntake, 'accept' | 'refuse'>;
  /**
   * Has another resource answer an HTTP event. Never rejects, and takes 4 s at most.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
  readonly holds: Pick<HoldMeter, 'measure'>;
  /** Whether a body is what the resource posts to itself to see whether it arrives. It is refused, and not counted. */
  isOwnProbe?(raw: Uint8Array): boolean;
  /** @returns through how many forwarders a request came, and the id that they have given its event */
  readHops(headers: IncomingHttpHeaders): { readonly hops: number; readonly id: string | undefined };
  /** Says who sent a request: for log lines, and to count wrong keys. */
  peerLabel(): PeerLabel;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * The routes that take what the CAD posts, and what a person sees who opens the address of events in a browser. All of them share
 * one limit of wrong keys.
 */
export function createEventRoutes(options: EventRouteOptions) {
  const { keys, intake, answerHttpEvent, holds, isOwnProbe, readHops, peerLabel, log, clock } = options;
  const senders = new Senders(clock);
  const deadlines = new BodyDeadlines(clock);

  /** @returns null when there is nothing more to do: it was answered, or the client has left */
  async function read(context: RouterContext): Promise<Buffer | null> {
    const outcome = await readBody(context.req, MAX_BODY_BYTES, deadlines.start);
    if (outcome.status === 'whole') return outcome.body;
    if (outcome.status !== 'aborted') sendAnswer(context, refuseBody(outcome.status, context.req));
    return null;
  }

  function refuseBody(status: 'too-large' | 'late' | 'lost', request: IncomingMessage): Answer {
    if (isChunked(request)) log.coalesce({ from: peerLabel()(request) }).warn(CHUNKED);
    intake.refuse(status);
    return status === 'too-large' ? TOO_LARGE : LATE;
  }

  /** @returns the answer to a body that is no envelope of ours */
  function refuse(reason: EnvelopeRefusal, { request, from, searched, raw }: Posted): Answer {
    if (isOwnProbe?.(raw)) return REFUSALS[reason];
    if (reason !== 'invalid-type') senders.distrust(from);
    // A part of a chunked body may have got through: it is no JSON then, and the key may have been in what is gone.
    if ((reason === 'no-key' || reason === 'invalid-json') && isChunked(request)) return refuseBody('lost', request);
    intake.refuse(reason);
    if (reason === 'no-key' || reason === 'wrong-key') {
      const noKey = searched < raw.length ? NO_KEY_IN_FRONT : NO_KEY;
      log.coalesce({ from }).warn(reason === 'no-key' ? noKey : WRONG_KEY);
      if (!senders.takeWrongKey(from)) return TOO_MANY_WRONG_KEYS;
    }
    return REFUSALS[reason];
  }

  function postedBy(request: IncomingMessage, raw: Buffer): Posted {
    const from = peerLabel()(request);
    return { request, raw, from, searched: senders.searchedBytes(from) };
  }

  function take(posted: Posted): Answer {
    const { request, raw, from, searched } = posted;
    const { hops, id } = readHops(request.headers);
    const result = receiveEvent(raw, keys(), 'http', clock.now(), { id, searched });
    if (!result.accepted) return refuse(result.reason, posted);
    senders.trust(from);
    const { type } = result.event;
    if (describePanelRequest(type) !== null) log.coalesce({ from, type }).warn(PANEL_OVER_HTTP);
    else intake.accept(result, raw, hops);
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
      if (raw !== null) holds.measure(() => sendAnswer(context, take(postedBy(context.req, raw))));
    },
    /** `POST /pluginevent`: asks the resource that handles the type, and answers what it returns. */
    async answerPlugin(context: RouterContext): Promise<void> {
      const raw = await read(context);
      if (raw === null) return;
      const posted = postedBy(context.req, raw);
      const envelope = readEnvelope(raw, keys(), posted.searched);
      if (!envelope.accepted) return sendAnswer(context, refuse(envelope.reason, posted));
      senders.trust(posted.from);
      if (isNestedTooDeep(envelope.body, raw.length)) return sendAnswer(context, TOO_DEEP);
      const outcome = await answerHttpEvent(envelope.type, envelope.body);
      if (outcome.status !== 'answered') return sendAnswer(context, FAILURES[outcome.status]);
      context.type = 'json';
      context.body = outcome.json;
    },
  };
}

/** @returns the answer to an event that was taken */
export function answerFor(event: PushEvent): Answer {
  if (event.valid) return OK;
  return { status: 200, text: `ok (data not understood: ${event.issues?.[0] ?? 'data: unexpected'})` };
}

/** Answers in plain text. */
function sendAnswer(context: RouterContext, { status, text }: Answer): void {
  context.status = status;
  context.set('Content-Type', 'text/plain; charset=utf-8');
  context.body = text;
}

/** A request whose body has come. */
interface Posted {
  readonly request: IncomingMessage;
  readonly raw: Buffer;
  readonly from: string;
  /** How many bytes of it are searched for the key. */
  readonly searched: number;
}

function isChunked(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}

/** When the bodies that are still coming are late. One timer for all of them: most come at once, and would only set theirs and clear it. */
class BodyDeadlines {
  readonly #clock: Clock;
  /** When each is late, the next one first. */
  readonly #lateAt = new Map<() => void, number>();
  #isTimerSet = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly start = (expired: () => void): (() => void) => {
    this.#lateAt.set(expired, this.#clock.monotonic() + BODY_DEADLINE_MS);
    if (!this.#isTimerSet) this.#setTimer(BODY_DEADLINE_MS);
    return () => void this.#lateAt.delete(expired);
  };

  #setTimer(milliseconds: number): void {
    this.#isTimerSet = true;
    this.#clock.after(milliseconds, () => this.#expire());
  }

  #expire(): void {
    this.#isTimerSet = false;
    const now = this.#clock.monotonic();
    for (const [expired, at] of this.#lateAt) {
      if (at > now) {
        this.#setTimer(at - now);
        return;
      }
      this.#lateAt.delete(expired);
      expired();
    }
  }
}
