import { expect } from '@jest/globals';
import type { ChaosOptions, chaosRun, HandledEvent } from './chaos-run.ts';

type ChaosRun = Awaited<ReturnType<typeof chaosRun>>;

const groupByEvent = (handled: readonly HandledEvent[]) =>
  Map.groupBy(handled, ({ server, number }) => `${server}/${number}`);

/**
 * Expects that every answered event was handled, in the order of its game server, and that only deaths have caused
 * repeats.
 */
export function expectNothingLost(
  { answered, handled, deaths, missing, state }: ChaosRun,
  { gameServers }: ChaosOptions,
): void {
  expect(answered.length).toBeGreaterThan(0);
  expect({ missing: missing.slice(0, 5), state }).toEqual({ missing: [], state: null });

  const handlings = [...groupByEvent(handled).values()];
  const withSeveralIds = handlings.filter((ofOneEvent) => new Set(ofOneEvent.map(({ id }) => id)).size > 1);
  expect(withSeveralIds).toEqual([]);

  // A killed broker forgets the last acknowledgements before its death, so it redelivers their events.
  const brokerDeaths = deaths.filter(({ of }) => of === 'broker');
  const isCausedByBroker = (first: HandledEvent, repeat: HandledEvent) =>
    brokerDeaths.some(({ at }) => first.at <= at && at <= repeat.at);
  let repeatsByOthers = 0;
  for (const [first, ...repeats] of handlings) {
    repeatsByOthers += repeats.filter((repeat) => first && !isCausedByBroker(first, repeat)).length;
  }
  // At each death, one event of each game server may have been in flight.
  expect(repeatsByOthers).toBeLessThanOrEqual(gameServers * deaths.length);

  const firstHandlings = handlings.flatMap((ofOneEvent) => ofOneEvent.slice(0, 1));
  for (const ofServer of Map.groupBy(firstHandlings, ({ server }) => server).values()) {
    const order = ofServer.map(({ number }) => number);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
}
