import { channel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { DirectResponse } from '../../packages/fxhost/src/index.ts';
import { CALLED, createStopwatch } from '../../scripts/bench/event/stopwatch.ts';
import { watchStretches } from '../../scripts/bench/forward/stretches.ts';

const OK: DirectResponse = { status: 200, headers: {}, body: Buffer.from('ok'), answeredAt: 0 };
const callSubscriber = () => channel(CALLED).publish(null);

/** A server of which only the way of a request is of interest. */
function hostWith(request: () => Promise<DirectResponse>) {
  return { request, pump() {}, lines: ['the last line'] };
}

describe('the stopwatch of one event', () => {
  it('needs no pass over the event loop for what is done at once, though the answer is known some promises later', async () => {
    const nested = async () => (async () => (async () => ({ ...OK, answeredAt: performance.now() }))())();
    const one = createStopwatch(
      hostWith(() => {
        callSubscriber();
        return nested();
      }),
    );
    for (let count = 0; count < 3; count += 1) expect(await one()).toEqual({ took: expect.any(Number), passes: 0 });
  });

  it('makes passes until the subscriber is called', async () => {
    const one = createStopwatch(
      hostWith(async () => {
        setImmediate().then(setImmediate).then(callSubscriber);
        return OK;
      }),
    );
    const { passes } = await one();
    expect(passes).toBeGreaterThan(0);
  });

  it('gives up on an event of which the subscriber was called and that is not answered', async () => {
    const one = createStopwatch(
      hostWith(() => {
        callSubscriber();
        return new Promise(() => {});
      }),
    );
    await expect(one()).rejects.toThrow('An event was not answered. The server printed:\nthe last line');
  });

  it('gives up on an event that is answered and reaches no subscriber', async () => {
    const one = createStopwatch(hostWith(async () => OK));
    await expect(one()).rejects.toThrow('An event was answered, but reached no subscriber.');
  });

  it('refuses another answer, and tells of a request that fails', async () => {
    const refused = { ...OK, status: 400, body: Buffer.from('Invalid Type') };
    const refusing = async () => {
      callSubscriber();
      return refused;
    };
    await expect(createStopwatch(hostWith(refusing))()).rejects.toThrow('An event was answered 400 Invalid Type.');
    const failing = async () => Promise.reject(new Error('the server has crashed'));
    await expect(createStopwatch(hostWith(failing))()).rejects.toThrow('the server has crashed');
  });
});

function hold(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('watching for how long the main thread is held', () => {
  it('sees the longest stretch, and not the sum of several', async () => {
    const end = watchStretches([]);
    await sleep(5);
    hold(60);
    await sleep(5);
    const { byClock, longest } = end();
    expect(byClock).toBeGreaterThanOrEqual(60);
    expect(longest).toBeLessThanOrEqual(byClock);
  });

  it('takes flushes out', async () => {
    const flushes: number[] = [];
    const end = watchStretches(flushes);
    await sleep(5);
    hold(300);
    flushes.push(1_000_000);
    await sleep(5);
    hold(20);
    await sleep(5);
    const { byClock } = end();
    expect(byClock).toBeGreaterThanOrEqual(20);
    expect(byClock).toBeLessThan(300);
  });
});
