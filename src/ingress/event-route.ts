import type { IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import { receiveEvent } from '../push-events/receive-event.ts';
import type { AppOptions } from './app.ts';
import { createDeadlines } from './deadlines.ts';
import { type Answer, answerFor, LATE, TOO_LARGE, TOO_MANY_WRONG_KEYS } from './event-answers.ts';
import { type BodyOutcome, readBody } from './read-body.ts';
import { createWrongKeyThrottle } from './wrong-key-throttle.ts';

/** Far more than any event of the CAD, and little enough for the game to take in one piece. */
const MAX_BODY_BYTES = 1024 * 1024;
/** The game server may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const PLAIN_TEXT = 'text/plain; charset=utf-8';
const EXPLANATION =
  'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n';

const WRONG_KEY =
  'An event was refused: the API key in it is none of those configured here (apiKey in config.json, or the convar sonoran_apiKey).';
const NOT_UNDERSTOOD =
  "An event's data was not understood: only subscribers of all types and RegisterPushEvent handlers get it, as received.";
const CHUNKED =
  'A request came in chunks, and the game server loses the body of such requests: whoever sends it has to send its length (Content-Length); a proxy in between needs to buffer requests.';

type EventRouteOptions = Pick<AppOptions, 'keys' | 'accept' | 'peerLabel' | 'log' | 'clock'>;

/** The two faces of `/event`: what the CAD posts, and what a person sees who opens the address in a browser. */
export function createEventRoute({ keys, accept, peerLabel, log, clock }: EventRouteOptions) {
  const throttle = createWrongKeyThrottle(clock.monotonic);
  const bodyDeadline = createDeadlines(BODY_DEADLINE_MS, clock);
  let explainedChunks = false;

  function answerBody(outcome: BodyOutcome, request: IncomingMessage): Answer | null {
    if (outcome.status !== 'whole') explainLoss(request);
    switch (outcome.status) {
      case 'too-large':
        return TOO_LARGE;
      case 'late':
      case 'lost':
        return LATE;
      case 'aborted':
        return null;
      case 'whole':
        return take(outcome.body, request);
    }
  }

  function take(raw: Buffer, request: IncomingMessage): Answer {
    const result = receiveEvent(raw, keys(), 'http', clock.now());
    if (result.accepted) {
      accept(result, raw, request.headers);
      const { type, id, valid } = result.event;
      log.debug('An event was received.', { type, id });
      if (!valid) log.warn(NOT_UNDERSTOOD, { type, id, reason: result.event.issues[0] });
    } else if (result.reason === 'wrong-key') {
      if (throttle.isExcessive(request.socket.remoteAddress ?? '')) return TOO_MANY_WRONG_KEYS;
      log.warn(WRONG_KEY, { from: peerLabel()(request) });
    } else if (result.reason === 'invalid-json') {
      explainLoss(request);
    }
    return answerFor(result);
  }

  /** A part of a chunked body may have got through, and is then no JSON. */
  function explainLoss(request: IncomingMessage): void {
    if (explainedChunks || request.headers['transfer-encoding'] === undefined) return;
    explainedChunks = true;
    log.warn(CHUNKED, { from: peerLabel()(request) });
  }

  return {
    explain(context: RouterContext): void {
      context.body = EXPLANATION;
    },
    async receive(context: RouterContext): Promise<void> {
      const answer = answerBody(await readBody(context.req, MAX_BODY_BYTES, bodyDeadline), context.req);
      if (answer === null) return;
      const { response } = context;
      response.status = answer.status;
      // Set before the body, or Koa would look it up for each event.
      response.set('Content-Type', PLAIN_TEXT);
      response.body = answer.text;
    },
  };
}
