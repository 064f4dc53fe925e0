import { expect } from '@jest/globals';
import { eventIdOf } from '../../src/forward/signed-headers.ts';
import type { Bench } from './forwarding-bench.ts';

/** What has been taken in is what has been settled and what waits, at any time. */
export function checkBooks(bench: Bench): void {
  const books = bench.forwarder.status().targets.map(({ target, queued, counts }) => {
    const { accepted, recovered, delivered, unwanted, deadLettered, lost, dropped, leftAlone } = counts;
    const settled = delivered + unwanted + deadLettered + lost + dropped + leftAlone;
    return { target, taken: accepted + recovered, settledOrWaiting: settled + queued };
  });
  expect(books.filter(({ taken, settledOrWaiting }) => taken !== settledOrWaiting)).toEqual([]);
}

/** The times that an event came to an end for a target: it was delivered, unwanted, a dead letter, or lost. */
export type Ends = readonly { readonly id: string; readonly target: string; readonly times: number }[];

/** @param accepted which targets each event was accepted for */
export function endsOf(bench: Bench, accepted: ReadonlyMap<string, readonly string[]>): Ends {
  const settled = bench.log.lines.filter(
    ({ message, fields }) =>
      fields.next === 'delivered' || fields.next === 'unwanted' || message === 'An event is lost to a target.',
  );
  const dead = bench.forwarder.deadLetters(undefined, 100_000);
  const times = new Map<string, number>();
  for (const { id, target } of [...settled.map(({ fields }) => fields), ...dead]) {
    const place = `${eventIdOf(String(id))} ${target}`;
    times.set(place, (times.get(place) ?? 0) + 1);
  }
  const places = [...accepted].flatMap(([id, targets]) => targets.map((target) => ({ id, target })));
  return places.map(({ id, target }) => ({ id, target, times: times.get(`${id} ${target}`) ?? 0 }));
}

/** Ids in the order in which a target first took them, without those that were set aside or replayed. */
export function firstDeliveries(bench: Bench, target: string): string[] {
  const deferred = new Set(
    bench.log.lines
      .filter(({ message, fields }) => message.startsWith('An event is set aside') && fields.target === target)
      .map(({ fields }) => String(fields.id)),
  );
  const taken = bench.wire.requests.filter(
    ({ attempt, behaviour }) =>
      attempt.target.name === target &&
      typeof behaviour === 'object' &&
      'answer' in behaviour &&
      behaviour.answer === 200,
  );
  const replayed = new Set(
    bench.wire.requests.filter(({ attempt }) => attempt.replay).map(({ attempt }) => eventIdOf(attempt.event.id)),
  );
  const ids = new Set(taken.map(({ attempt }) => eventIdOf(attempt.event.id)));
  return [...ids].filter((id) => !deferred.has(id) && !replayed.has(id));
}
