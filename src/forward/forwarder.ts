import type { Log } from '../platform/log.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import { type PostResult, post } from './post.ts';
import { shownUrl } from './target-url.ts';

/** Sends events on to another web server. */
export interface Forwarder {
  /**
   * Takes an event to be forwarded; returns at once and never throws.
   *
   * @param rawBody the bytes as they were received
   */
  enqueue(event: PushEvent, rawBody: Uint8Array): void;
}

export interface ForwarderOptions {
  readonly url: URL;
  readonly version: string;
  readonly log: Log;
  readonly monotonic: () => number;
}

const DEADLINE_MS = 10_000;
/** Requests under way at once: a target that hangs must not take the memory of the game server. */
const MAX_UNDER_WAY = 100;

/** Forwards each event once, with the exact bytes that were received. */
export function createForwarder({ url, version, log, monotonic }: ForwarderOptions): Forwarder {
  const target = shownUrl(url);
  let underWay = 0;

  async function send(event: PushEvent, body: Uint8Array): Promise<void> {
    const began = monotonic();
    const headers = { 'content-type': 'application/json', 'user-agent': `sonorancad/${version}` };
    const result = await post({ url, body, headers, deadlineMs: DEADLINE_MS });
    report(event, result, Math.round(monotonic() - began));
  }

  function report(event: PushEvent, result: PostResult, ms: number): void {
    const fields = { id: event.id, type: event.type, target, ms };
    if (result.outcome === 'failed') log.warn('An event could not be forwarded.', { ...fields, reason: result.reason });
    else if (result.status >= 200 && result.status <= 299)
      log.debug('An event was forwarded.', { ...fields, status: result.status });
    else
      log.warn('An event was forwarded and refused.', {
        ...fields,
        status: result.status,
        answer: documentedAnswer(result.body),
      });
  }

  return {
    enqueue(event, rawBody) {
      if (underWay >= MAX_UNDER_WAY) {
        log.error('An event was not forwarded: the target has too many requests under way.', {
          id: event.id,
          type: event.type,
          target,
        });
        return;
      }
      underWay += 1;
      void send(event, rawBody).finally(() => {
        underWay -= 1;
      });
    },
  };
}

/** Other texts stay out of the console: a listener that echoes what it got would print the API key. */
function documentedAnswer(body: string): string | undefined {
  return ['Invalid Type', 'Authentication Key Failed!', 'Invalid JSON'].find((text) => body.trim() === text);
}
