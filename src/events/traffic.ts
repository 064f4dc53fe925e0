import { findEntry } from './catalogue/catalogue.ts';
import type { PushEvent, PushEventSource } from './push-event.ts';
import type { EnvelopeRefusal } from './read-envelope.ts';

/** Why a request was no event. */
export type Refusal = EnvelopeRefusal | 'too-large' | 'late' | 'lost';

/** Types that the catalogue does not know and that are counted by name. */
const MAX_UNKNOWN = 100;
const LONGEST_NAME = 64;
const OTHERS = 'other types';

/** What came in since the start. */
export type TrafficReport = ReturnType<Traffic['report']>;
export type Traffic = ReturnType<typeof createTraffic>;

/** Counts what comes in. Constant time an event, and bounded memory whatever types there are. */
export function createTraffic(clock: { monotonic(): number }) {
  const ways = new Map<PushEventSource, { count: number; lastAt: number }>();
  const types = new Map<string, number>();
  const refusals = new Map<Refusal, number>();
  let unknown = 0;
  let unreadable = 0;

  function nameOf(type: string): string {
    if (types.has(type) || findEntry(type) !== undefined) return type;
    if (unknown >= MAX_UNKNOWN || type.length > LONGEST_NAME) return OTHERS;
    unknown += 1;
    return type;
  }

  return {
    accepted({ source, type, valid }: PushEvent): void {
      ways.set(source, { count: (ways.get(source)?.count ?? 0) + 1, lastAt: clock.monotonic() });
      const name = nameOf(type);
      types.set(name, (types.get(name) ?? 0) + 1);
      if (!valid) unreadable += 1;
    },
    refused: (reason: Refusal) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
    report: () => ({
      /** For each way that anything came by: how many events, and how many milliseconds ago the last. */
      ways: [...ways].map(([source, { count, lastAt }]) => ({ source, count, lastMs: clock.monotonic() - lastAt })),
      // Most frequent first, as the reasons.
      types: mostFirst(types).map(([type, count]) => ({ type, count })),
      /** Events whose data was not understood. */
      unreadable,
      refusals: mostFirst(refusals).map(([reason, count]) => ({ reason, count })),
    }),
  };
}

function mostFirst<Name>(counts: ReadonlyMap<Name, number>): [Name, number][] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
