import { channel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { DirectResponse, FxHost } from '../../../packages/fxhost/src/index.ts';
import { eventBody, eventHeaders } from '../requests.ts';

/** The diagnostics channel on which the subscriber says that it was called: the cheapest way out of a resource. */
export const CALLED = 'sonorancad:bench:called';

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

/**
 * @returns a function that puts one event through, one at a time. It gives the microseconds from the call of the native handler
 * until the answer is sent and the subscriber was called, and the passes over the event loop that were needed; it rejects when the
 * event is not answered `ok` or reaches no subscriber.
 */
export function createStopwatch(host: Pick<FxHost, 'request' | 'pump' | 'lines'>) {
  const body = eventBody();
  const request = { method: 'POST', path: '/event', headers: eventHeaders(body), body };
  let calledAt: number | null = null;
  channel(CALLED).subscribe(() => {
    calledAt = performance.now();
  });

  return async () => {
    const event: { answer?: DirectResponse; failure?: unknown } = {};
    calledAt = null;
    const began = performance.now();
    host.request('sonorancad', request).then(
      (answer) => Object.assign(event, { answer }),
      (failure) => Object.assign(event, { failure }),
    );
    for (let passes = 0; ; passes += 1) {
      // The answer is known some promises after it was sent: what was done at once needs no pass.
      if (calledAt !== null && !event.answer) await promisesKept();
      const { answer, failure } = event;
      if (failure) throw failure;
      if (calledAt !== null && answer) {
        expectOk(answer);
        // Whichever came last: the answer, or the call of the subscriber.
        return { took: (Math.max(answer.answeredAt, calledAt) - began) * 1000, passes };
      }
      if (passes === MAX_PASSES) throw new Error(describeStall(host, answer !== undefined));
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
