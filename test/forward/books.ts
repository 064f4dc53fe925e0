import { expect } from '@jest/globals';
import { eventIdOf } from '../../src/forward/signed-headers.ts';
import type { Bench } from './forwarding-bench.ts';

/** What has been taken in is what has been settled and what waits, at any time. */
export function checkBooks(bench: Bench): void {
  for (const { target, queued, counts } of bench.forwarder.status().targets) {
    const { accepted, recovered, delivered, unwanted, deadLettered, lost, dropped, leftAlone } = counts;
    const settled = delivered + unwanted + deadLettered + lost + dropped + leftAlone;
    expect([target, settled + queued]).toEqual([target, accepted + recovered]);
  }
}

/** How often an event has come to an end for a target: delivered, unwanted, a dead letter, or lost. */
export function endsOf(bench: Bench, id: string, target: string): number {
  const lines = bench.log.lines.filter(({ fields }) => eventIdOf(String(fields.id)) === id && fields.target === target);
  const settled = lines.filter(
    ({ message, fields }) =>
      fields.next === 'delivered' || fields.next === 'unwanted' || message === 'An event is lost to a target.',
  );
  const deadLetters = bench.forwarder
    .deadLetters(target, 100_000)
    .filter((deadLetter) => eventIdOf(deadLetter.id) === id);
  return settled.length + deadLetters.length;
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
