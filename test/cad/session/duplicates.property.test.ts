import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Duplicates } from '../../../src/cad/session/duplicates.ts';
import { createManualClock } from '../../manual-clock.ts';
import { receivedEvent } from './received-event.ts';

const UNITS = 3;
type Way = 'http' | 'websocket';

/** What the CAD does next. */
type Step =
  | { readonly kind: 'panic' | 'status'; readonly unit: number; readonly again: boolean }
  | { readonly kind: 'note' | 'tone' | 'other'; readonly again: boolean }
  | { readonly kind: 'change' }
  | { readonly kind: 'wait'; readonly ms: number };

const unit = fc.integer({ min: 1, max: UNITS });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('panic' as const, 'status' as const), unit, again: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('note' as const, 'tone' as const, 'other' as const),
      again: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12_000 }) }) },
);

/**
 * A CAD that sends over its session while it believes in it, else by HTTP, and may send an event again by the other way. An event
 * is genuine when it is the first sending of something that was done: a unit's panic or status really changed, or somebody acted.
 */
function play(steps: readonly Step[]) {
  const clock = createManualClock();
  const duplicates = new Duplicates({ clock, isNeeded: () => true });
  const panics = new Map<number, boolean>();
  const statuses = new Map<number, number>();
  const sent: { genuine: boolean; taken: boolean; type: string; isHandOver: boolean }[] = [];
  let way: Way = 'http';
  let changedAt = Number.NEGATIVE_INFINITY;

  function send(type: string, data: unknown, again: boolean): void {
    const other: Way = way === 'http' ? 'websocket' : 'http';
    for (const [by, genuine] of [[way, true], ...(again ? [[other, false] as const] : [])] as const) {
      const taken = !duplicates.isDuplicate(receivedEvent(by, type, data));
      sent.push({ genuine, taken, type, isHandOver: clock.monotonic() - changedAt <= 10_000 });
    }
  }

  for (const next of steps) {
    if (next.kind === 'wait') clock.advance(next.ms);
    else if (next.kind === 'change') {
      way = way === 'http' ? 'websocket' : 'http';
      changedAt = clock.monotonic();
      duplicates.connectionChanged();
    } else if (next.kind === 'panic') {
      const isPanic = panics.get(next.unit) !== true;
      panics.set(next.unit, isPanic);
      send('EVENT_UNIT_PANIC', { identIds: [next.unit], isPanic }, next.again);
    } else if (next.kind === 'status') {
      const status = ((statuses.get(next.unit) ?? 0) + 1) % 2;
      statuses.set(next.unit, status);
      send('EVENT_UNIT_STATUS', { identIds: [next.unit], status }, next.again);
    } else if (next.kind === 'note') send('EVENT_DISPATCH_NOTE', { callId: 1, note: 'the same' }, next.again);
    else if (next.kind === 'tone')
      send('EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] }, next.again);
    else send('EVENT_SOMETHING', {}, next.again);
  }
  return sent;
}

describe('deduplication under anything that the connection does', () => {
  it('takes every genuine event', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        expect(play(steps).filter(({ genuine, taken }) => genuine && !taken)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('drops what is sent again at once during a hand-over, of what can be a repeat', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const left = play(steps).filter(
          ({ genuine, taken, type, isHandOver }) => !genuine && taken && isHandOver && /PANIC|STATUS/.test(type),
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** The rule, told plainly and slowly, for events of any order by any way. */
describe('deduplication and its rule', () => {
  const arrival = fc.record({
    way: fc.constantFrom<Way>('http', 'websocket'),
    units: fc.uniqueArray(unit, { minLength: 1, maxLength: 2 }),
    status: fc.integer({ min: 0, max: 1 }),
    waitedMs: fc.constantFrom(0, 0, 500, 3_000, 9_000),
    changed: fc.boolean(),
  });

  it('agree on every event', () => {
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
        const clock = createManualClock();
        const duplicates = new Duplicates({ clock, isNeeded: () => true });
        let changedAt = Number.NEGATIVE_INFINITY;
        const taken: { at: number; way: Way; units: number[]; text: string; spent: boolean }[] = [];
        for (const { way, units, status, waitedMs, changed } of arrivals) {
          clock.advance(waitedMs);
          const now = clock.monotonic();
          if (changed) {
            duplicates.connectionChanged();
            changedAt = now;
          }
          const text = JSON.stringify([units, status]);
          // The last event about each of its units has to be one and the same, and the first copy.
          const lasts = units.map((ident) => taken.findLast((earlier) => earlier.units.includes(ident)));
          const first = lasts.every((last) => last === lasts[0]) ? lasts[0] : undefined;
          const isRepeat =
            first !== undefined &&
            first.text === text &&
            first.way !== way &&
            !first.spent &&
            now - first.at <= 20_000 &&
            now - changedAt <= 10_000;
          const event = receivedEvent(way, 'EVENT_UNIT_STATUS', { identIds: units, status });
          expect(duplicates.isDuplicate(event)).toBe(isRepeat);
          if (isRepeat) first.spent = true;
          else taken.push({ at: now, way, units, text, spent: false });
        }
      }),
      { numRuns: 500 },
    );
  });
});
