import { expect } from '@jest/globals';
import type { ChaosOptions, chaosRun, Handled } from './chaos-run.ts';

type ChaosRun = Awaited<ReturnType<typeof chaosRun>>;

const byEvent = (handled: readonly Handled[]) => Map.groupBy(handled, ({ server, number }) => `${server}/${number}`);

/** Every acknowledged event was handled, in the order of its game server, and repeats are those of a death. */
export function expectNothingLost(
  { answered, handled, deaths, missing, state }: ChaosRun,
  { gameServers }: ChaosOptions,
): void {
  expect(answered.length).toBeGreaterThan(0);
  expect({ missing: missing.slice(0, 5), state }).toEqual({ missing: [], state: null });
  const events = [...byEvent(handled).values()];
  expect(events.filter((each) => new Set(each.map(({ id }) => id)).size > 1)).toEqual([]);
  // A broker that is killed has not written down all that was acknowledged just before.
  const brokers = deaths.filter(({ of }) => of === 'broker');
  const isOfBroker = ([one, other]: [Handled, Handled]) => brokers.some(({ at }) => one.at <= at && at <= other.at);
  const repeats = events.flatMap(([first, ...again]) =>
    again.map((one): [Handled, Handled] => [first as Handled, one]),
  );
  // At each death, one event of each game server may have been in hand.
  const others = repeats.filter((repeat) => !isOfBroker(repeat));
  expect(others.length).toBeLessThanOrEqual(gameServers * deaths.length);
  const first = events.flatMap(([one]) => (one === undefined ? [] : [one]));
  for (const own of Map.groupBy(first, ({ server }) => server).values()) {
    const order = own.map(({ number }) => number);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
}
