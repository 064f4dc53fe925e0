import type { IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import type { EnvelopeRefusal } from '../events/read-envelope.ts';
import type { Refusal } from '../events/traffic.ts';
import { networkOf } from '../lib/addresses.ts';
import { readBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import { type Answer, LATE, REFUSALS, sendAnswer, TOO_LARGE, TOO_MANY_WRONG_KEYS, WRONG_KEYS } from './answers.ts';
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

export interface KeyedPostOptions {
  /** Told of each request that was no event, for the count of them. */
  refused?(reason: Refusal): void;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  readonly log: Log;
  readonly clock: Clock;
}

/** What the routes that take bodies with the API key in them have in common: their limits, and one count of wrong keys. */
export function createKeyedPosts({ refused, peerLabel, log, clock }: KeyedPostOptions) {
  const wrongKeys = new RateLimit(WRONG_KEYS, clock);
  let hasExplainedChunks = false;

  function refuseBody(status: 'too-large' | 'late' | 'lost', request: IncomingMessage): Answer {
    if (!hasExplainedChunks && isChunked(request)) {
      hasExplainedChunks = true;
      log.warn(CHUNKED, { from: peerLabel()(request) });
    }
    refused?.(status);
    return status === 'too-large' ? TOO_LARGE : LATE;
  }

  return {
    /**
     * Reads the body of a request, at most 1 MiB, whole within 4 s.
     *
     * @returns null when there is nothing more to do: it was answered, or the client has left
     */
    async read(context: RouterContext): Promise<Buffer | null> {
      const outcome = await readBody(context.req, MAX_BODY_BYTES, (expired) => clock.after(BODY_DEADLINE_MS, expired));
      if (outcome.status === 'whole') return outcome.body;
      if (outcome.status !== 'aborted') sendAnswer(context, refuseBody(outcome.status, context.req));
      return null;
    },
    /** @returns the answer to a body that is no envelope of ours */
    refuse(reason: EnvelopeRefusal, request: IncomingMessage): Answer {
      // A part of a chunked body may have got through: it is no JSON then, and the key may have been in what is gone.
      if ((reason === 'no-key' || reason === 'invalid-json') && isChunked(request)) return refuseBody('lost', request);
      refused?.(reason);
      if (reason === 'no-key' || reason === 'wrong-key') {
        if (!wrongKeys.take(networkOf(request.socket.remoteAddress ?? ''))) return TOO_MANY_WRONG_KEYS;
        log.warn(reason === 'no-key' ? NO_KEY : WRONG_KEY, { from: peerLabel()(request) });
      }
      return REFUSALS[reason];
    },
  };
}

function isChunked(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}
