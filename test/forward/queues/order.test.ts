import { describe, expect, it } from '@jest/globals';
import { firstDeliveries } from '../books.ts';
import { setUpBench } from '../forwarding-bench.ts';

const IDS = ['e0', 'e1', 'e2', 'e3', 'e4'];

/** @returns a function that fails one time in ten, by chance but each time the same */
function oneInTen(): () => boolean {
  let seed = 7;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 < 0.1;
  };
}

describe('the order of events', () => {
  // Ends that are no multiple of a wait, spread over the first minutes.
  it.each(Array.from({ length: 60 }, (_, index) => 117 + index * 3_371))(
    'is kept over an outage of 503s of %i ms',
    (outageMs) => {
      const bench = setUpBench((_attempt, at) => ({ answer: at > 5_000 && at <= 5_000 + outageMs ? 503 : 200 }));
      bench.enqueue('before');
      bench.clock.advance(5_010);
      for (const id of IDS) bench.enqueue(id);
      bench.clock.advance(outageMs);
      bench.enqueue('late');
      bench.clock.advance(120_000);
      expect(bench.wire.taken()).toEqual(['before', ...IDS, 'late']);
      expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, state: 'open' });
      expect(bench.said('warn').filter((line) => line.includes('set aside'))).toEqual([]);
    },
  );

  it('is kept when events come in while the first one waits', () => {
    let isDown = true;
    const bench = setUpBench(() => ({ answer: isDown ? 503 : 200 }));
    bench.enqueue('e0');
    bench.clock.advance(50_000);
    bench.enqueue('e1');
    isDown = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1']);
  });

  it.each([
    ['by chance', oneInTen()],
    [
      'regularly',
      (() => {
        let count = 0;
        return () => {
          count += 1;
          return count % 10 === 0;
        };
      })(),
    ],
  ])('is kept at 40 events a second by a target that fails one time in ten %s', (_how, fails) => {
    const bench = setUpBench(() => ({ answer: fails() ? 500 : 200 }));
    const ids = Array.from({ length: 800 }, (_, index) => `e${index}`);
    for (const id of ids) bench.enqueue(id);
    bench.clock.advance(20_000);
    expect(bench.wire.taken().toSorted()).toEqual(ids.toSorted());
    // Three failures in a row look like the event's fault, and come by chance once in a thousand.
    const inOrder = firstDeliveries(bench, 'bot');
    expect(inOrder).toEqual(ids.filter((id) => inOrder.includes(id)));
    expect(inOrder.length).toBeGreaterThan(790);
  });

  it('is given up for an event that fails on a target that works, once a later one was taken', () => {
    const bench = setUpBench(({ event }) => ({ answer: event.id === 'poison' ? 500 : 200 }));
    for (const id of ['e0', 'poison', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(5_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2']);
    const sent = bench.wire.requests.map(({ attempt }) => attempt.event.id);
    expect(sent.slice(0, 6)).toEqual(['e0', 'poison', 'poison', 'poison', 'e1', 'poison']);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 1, setAside: 1, state: 'open' });
  });

  it('is left by one event at most when the outage ends between two attempts', () => {
    // The first event has failed for the third time, and the target is back before the second is tried.
    const bench = setUpBench(({ event, attempt }) => ({ answer: event.id === 'e0' && attempt <= 3 ? 503 : 200 }));
    for (const id of IDS) bench.enqueue(id);
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e1', 'e0', 'e2', 'e3', 'e4']);
  });
});
