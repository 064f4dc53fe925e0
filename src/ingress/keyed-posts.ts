import type { IncomingMessage } from 'node:http';
import type { EnvelopeRefusal } from '../push-events/read-envelope.ts';
import type { AppOptions } from './app-options.ts';
import { createDeadlines } from './deadlines.ts';
import { type Answer, LATE, REFUSALS, TOO_LARGE, TOO_MANY_WRONG_KEYS } from './event-answers.ts';
import { type BodyOutcome, readBody } from './read-body.ts';
import { createWrongKeyThrottle } from './wrong-key-throttle.ts';

/** What the routes that take bodies with the API key in them have in common: their limits, and one count of wrong keys. */
export interface KeyedPosts {
  /** Reads the body of a request, at most 1 MiB, whole within 4 s. @returns what `use` gives, or rejects with what it throws */
  read<Used>(request: IncomingMessage, use: (outcome: BodyOutcome) => Used): Promise<Awaited<Used>>;
  /** @returns the answer to a body that did not come; null when the client has left */
  refuseLost(status: Exclude<BodyOutcome['status'], 'whole'>, request: IncomingMessage): Answer | null;
  /** @returns the answer to a body that is no envelope of ours */
  refuse(reason: EnvelopeRefusal, request: IncomingMessage): Answer;
}

/** Far more than any event of the CAD, and little enough for the game to take in one piece. */
const MAX_BODY_BYTES = 1024 * 1024;
/** The game server may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const WRONG_KEY =
  'An event was refused: the API key in it is none of those configured here (apiKey in config.json, or the convar sonoran_apiKey).';
const NO_KEY = 'An event was refused: there is no API key in it. The CAD sends one with each.';
const CHUNKED =
  'A request came in chunks, and the game server loses the body of such requests: whoever sends it has to send its length (Content-Length); a proxy in between needs to buffer requests.';

export function createKeyedPosts({
  refused,
  peerLabel,
  log,
  clock,
}: Pick<AppOptions, 'refused' | 'peerLabel' | 'log' | 'clock'>): KeyedPosts {
  const throttle = createWrongKeyThrottle(clock.monotonic);
  const bodyDeadline = createDeadlines(BODY_DEADLINE_MS, clock);
  let explainedChunks = false;

  function explainLoss(request: IncomingMessage): void {
    if (explainedChunks || !isChunked(request)) return;
    explainedChunks = true;
    log.warn(CHUNKED, { from: peerLabel()(request) });
  }

  function refuseLost(status: Exclude<BodyOutcome['status'], 'whole'>, request: IncomingMessage): Answer | null {
    explainLoss(request);
    if (status !== 'aborted') refused?.(status);
    switch (status) {
      case 'too-large':
        return TOO_LARGE;
      case 'late':
      case 'lost':
        return LATE;
      case 'aborted':
        return null;
    }
  }

  return {
    read: (request, use) => readBody(request, MAX_BODY_BYTES, bodyDeadline, use),
    refuseLost,
    refuse(reason, request) {
      // A part of a chunked body may have got through: it is no JSON then, and the key may have been in what is gone.
      if ((reason === 'no-key' || reason === 'invalid-json') && isChunked(request)) {
        return refuseLost('lost', request) ?? LATE;
      }
      refused?.(reason);
      if (reason === 'no-key' || reason === 'wrong-key') {
        if (throttle.isExcessive(request.socket.remoteAddress ?? '')) return TOO_MANY_WRONG_KEYS;
        log.warn(reason === 'no-key' ? NO_KEY : WRONG_KEY, { from: peerLabel()(request) });
      }
      return REFUSALS[reason];
    },
  };
}

function isChunked(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}
