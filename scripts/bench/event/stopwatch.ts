import { channel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { FxHost } from '../../fxhost/host.ts';
import type { DirectResponse } from '../../fxhost/http-handlers.ts';
import { eventBody, eventHeaders } from '../requests.ts';

/** The diagnostics channel on which the subscriber says that it was called: the cheapest way out of a resource. */
export const CALLED = 'sonorancad:bench:called';

/** What one event took. */
export interface EventTime {
  /** Microseconds from the call of the native handler until the answer is sent and the subscriber was called. */
  readonly took: number;
  /** Passes over the event loop that were needed. */
  readonly passes: number;
}

/** An event that is not done by then never will be. */
const MAX_PASSES = 1000;

/**
 * One pass over the event loop. The game server makes a thousand a second whether or not there are events, and what they cost here
 * is the stand-in's doing: what one costs with nothing to do is taken out of the figures, for both alike. So is an empty tick.
 */
export async function pass(host: Pick<FxHost, 'pump'>): Promise<void> {
  host.pump();
  await setImmediate();
}

/** What has become of the event that is under way. */
interface EventUnderWay {
  /** When the subscriber was called. */
  calledAt: number | null;
  answer: DirectResponse | null;
  /** Why there is no answer. */
  failure: Error | null;
}

/**
 * @returns a function that puts one event through, one at a time; it rejects when the event is not answered `ok` or reaches no
 * subscriber
 */
export function createStopwatch(host: Pick<FxHost, 'request' | 'pump' | 'lines'>): () => Promise<EventTime> {
  const body = eventBody();
  const request = { method: 'POST', path: '/event', headers: eventHeaders(body), body };
  let current: EventUnderWay | null = null;
  channel(CALLED).subscribe(() => {
    if (current) current.calledAt = performance.now();
  });

  return async () => {
    const event: EventUnderWay = { calledAt: null, answer: null, failure: null };
    current = event;
    const began = performance.now();
    host.request('sonorancad', request).then(
      (response) => {
        event.answer = response;
      },
      (error: Error) => {
        event.failure = error;
      },
    );
    for (let passes = 0; ; passes += 1) {
      // The answer is known some promises after it was sent: what was done at once needs no pass.
      if (event.calledAt !== null && event.answer === null) await promisesKept();
      const { calledAt, answer, failure } = event;
      if (failure !== null) throw failure;
      if (calledAt !== null && answer !== null) {
        current = null;
        expectOk(answer);
        // Whichever came last: the answer, or the call of the subscriber.
        return { took: (Math.max(answer.answeredAt, calledAt) - began) * 1000, passes };
      }
      if (passes === MAX_PASSES) throw new Error(describeStall(host, answer !== null));
      // The rest comes with the passes of the event loop, as it does in FXServer.
      await pass(host);
    }
  };
}

/** Resolves when every promise has been kept that can be without a pass over the event loop. */
async function promisesKept(): Promise<void> {
  // From inside a promise the next tick of the process comes after all the others.
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
}

function describeStall(host: Pick<FxHost, 'lines'>, answered: boolean): string {
  const lines = host.lines.slice(-10).join('\n');
  return `An event was ${answered ? 'answered, but reached no subscriber' : 'not answered'}. The server printed:\n${lines}`;
}

function expectOk({ status, body }: DirectResponse): void {
  const text = body.toString();
  if (status !== 200 || text !== 'ok') throw new Error(`An event was answered ${status} ${text}.`);
}
