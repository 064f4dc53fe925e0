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

/** An HTTP answer in plain text. The texts of 200 and 400 are Sonoran CAD's documented contract for listeners. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The answer to `GET /event`, for a person who opens the address in a browser. */
export const EXPLANATION: Answer = {
  status: 200,
  text: 'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n',
};
export const TOO_LARGE: Answer = { status: 413, text: 'Body Too Large' };
export const LATE: Answer = { status: 408, text: 'Request Timeout' };
export const TOO_MANY_WRONG_KEYS: Answer = { status: 429, text: 'Too Many Wrong Keys' };

const OK: Answer = { status: 200, text: 'ok' };
const NOT_AUTHENTICATED: Answer = { status: 400, text: 'Authentication Key Failed!' };
/** The game server could not pass such a body to the resource that handles the HTTP event. */
const TOO_DEEP: Answer = { status: 400, text: 'Nested Too Deep' };

export const REFUSALS: Readonly<Record<EnvelopeRefusal, Answer>> = {
  'invalid-json': { status: 400, text: 'Invalid JSON' },
  'no-key': NOT_AUTHENTICATED,
  'wrong-key': NOT_AUTHENTICATED,
  'invalid-type': { status: 400, text: 'Invalid Type' },
};

/** Answers to an HTTP event whose handler gave none. They never quote the handler's error, which may hold anything. */
const HANDLER_FAILURES: Readonly<Record<Exclude<HttpEventOutcome['status'], 'answered'>, Answer>> = {
  unhandled: { status: 404, text: 'No Handler' },
  failed: { status: 500, text: 'Handler Failed' },
  late: { status: 504, text: 'Handler Timeout' },
};

/** The CAD's largest events have some kilobytes; 1 MiB is also what the game's thread can parse without a hitch. */
const MAX_BODY_BYTES = 1024 * 1024;
/** FXServer may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const WRONG_KEY =
  'Refused an event: its API key is not configured here (apiKey in config.json, or the convar sonoran_apiKey).';
const NO_KEY = 'Refused an event: it has no API key. The CAD sends a key with each event.';
const NO_KEY_IN_FRONT =
  'Refused an event: it has no API key in its first 4 KiB. More is not searched for a sender of wrong keys.';
const CHUNKED =
  'Refused a chunked request: the game server loses such bodies. Have the sender state the length ' +
  '(Content-Length), or have the proxy in between buffer requests.';
const PANEL_OVER_HTTP =
  "Ignored a request of the CAD's FiveM panel: it came by HTTP, and the CAD sends these over the session only.";

export interface EventRouteOptions {
  /** The keys in force. */
  keys(): KeyRing;
  readonly intake: Pick<EventIntake, 'accept' | 'refuse'>;
  /**
   * Lets the resource that handles an HTTP event answer it. Never rejects, and takes at most 4 s.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
  readonly holds: Pick<HoldMeter, 'measure'>;
  /** Whether a body is the probe that `doctor` posts to this server. It is answered as refused, and not counted. */
  isOwnProbe?(raw: Uint8Array): boolean;
  /** @returns how many forwarders a request came through, and the id that they gave its event */
  readHops(headers: IncomingHttpHeaders): { readonly hops: number; readonly id: string | undefined };
  /** Names the sender of a request, for log lines and for the limit on wrong keys. */
  peerLabel(): PeerLabel;
  readonly log: Log;
  readonly clock: Clock;
}

/** A request whose body was read whole. */
interface PostedBody {
  readonly request: IncomingMessage;
  readonly raw: Buffer;
  readonly from: string;
  /** How many bytes of the body are searched for the key. */
  readonly searchedBytes: number;
}

/** The routes that receive what the CAD posts. They share one limit on wrong keys. */
export class EventRoutes {
  readonly #options: EventRouteOptions;
  readonly #senders: Senders;

  constructor(options: EventRouteOptions) {
    this.#options = options;
    this.#senders = new Senders(options.clock);
  }

  /** `GET /event` */
  readonly explain = (context: RouterContext): void => {
    context.body = EXPLANATION.text;
  };

  /** `POST /event` */
  readonly receive = async (context: RouterContext): Promise<void> => {
    const raw = await this.#readBody(context);
    if (raw === null) return;
    this.#options.holds.measure(() => sendAnswer(context, this.#receiveEvent(this.#postedBody(context.req, raw))));
  };

  /** `POST /pluginevent`: another resource handles the type, and its answer is returned as JSON. */
  readonly answerPlugin = async (context: RouterContext): Promise<void> => {
    const raw = await this.#readBody(context);
    if (raw === null) return;

    const posted = this.#postedBody(context.req, raw);
    const envelope = readEnvelope(raw, this.#options.keys(), posted.searchedBytes);
    if (!envelope.accepted) return sendAnswer(context, this.#refuse(envelope.reason, posted));
    this.#senders.trust(posted.from);
    if (isNestedTooDeep(envelope.body, raw.length)) return sendAnswer(context, TOO_DEEP);

    const outcome = await this.#options.answerHttpEvent(envelope.type, envelope.body);
    if (outcome.status !== 'answered') return sendAnswer(context, HANDLER_FAILURES[outcome.status]);
    context.type = 'json';
    context.body = outcome.json;
  };

  #receiveEvent(posted: PostedBody): Answer {
    const { keys, intake, readHops, log, clock } = this.#options;
    const { request, raw, from, searchedBytes } = posted;
    const { hops, id } = readHops(request.headers);
    const result = receiveEvent(raw, keys(), 'http', clock.now(), { id, searched: searchedBytes });
    if (!result.accepted) return this.#refuse(result.reason, posted);

    this.#senders.trust(from);
    const { type } = result.event;
    if (describePanelRequest(type) !== null) log.coalesce({ from, type }).warn(PANEL_OVER_HTTP);
    else intake.accept(result, raw, hops);
    logReceived(result, log);
    return answerFor(result.event);
  }

  /** @returns null when the request is done with: it was answered, or the client has gone */
  async #readBody(context: RouterContext): Promise<Buffer | null> {
    const { clock } = this.#options;
    const deadline = (expired: () => void) => clock.after(BODY_DEADLINE_MS, expired);
    const outcome = await readBody(context.req, MAX_BODY_BYTES, deadline);
    if (outcome.status === 'whole') return outcome.body;
    if (outcome.status !== 'aborted') sendAnswer(context, this.#refuseBody(outcome.status, context.req));
    return null;
  }

  #postedBody(request: IncomingMessage, raw: Buffer): PostedBody {
    const from = this.#options.peerLabel()(request);
    return { request, raw, from, searchedBytes: this.#senders.searchedBytes(from) };
  }

  #refuseBody(status: 'too-large' | 'late' | 'lost', request: IncomingMessage): Answer {
    const { intake, log, peerLabel } = this.#options;
    if (isChunked(request)) log.coalesce({ from: peerLabel()(request) }).warn(CHUNKED);
    intake.refuse(status);
    return status === 'too-large' ? TOO_LARGE : LATE;
  }

  /** Counts and reports a body that is not one of our envelopes. */
  #refuse(reason: EnvelopeRefusal, { request, from, searchedBytes, raw }: PostedBody): Answer {
    const { intake, isOwnProbe, log } = this.#options;
    if (isOwnProbe?.(raw)) return REFUSALS[reason];
    if (reason !== 'invalid-type') this.#senders.distrust(from);

    const isUnreadable = reason === 'no-key' || reason === 'invalid-json';
    // Only a part of a chunked body may have come through, so that the JSON is broken or the key is missing.
    if (isUnreadable && isChunked(request)) return this.#refuseBody('lost', request);

    intake.refuse(reason);
    if (reason !== 'no-key' && reason !== 'wrong-key') return REFUSALS[reason];
    const noKey = searchedBytes < raw.length ? NO_KEY_IN_FRONT : NO_KEY;
    log.coalesce({ from }).warn(reason === 'no-key' ? noKey : WRONG_KEY);
    return this.#senders.takeWrongKey(from) ? REFUSALS[reason] : TOO_MANY_WRONG_KEYS;
  }
}

/** @returns the answer to an accepted event */
export function answerFor(event: PushEvent): Answer {
  if (event.valid) return OK;
  return { status: 200, text: `ok (data not understood: ${event.issues?.[0] ?? 'data: unexpected'})` };
}

function sendAnswer(context: RouterContext, { status, text }: Answer): void {
  context.status = status;
  context.set('Content-Type', 'text/plain; charset=utf-8');
  context.body = text;
}

function isChunked(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}
