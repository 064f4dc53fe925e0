import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Duplicates } from '../../../src/cad/session/duplicates.ts';
import { normalise } from '../../../src/events/normalise.ts';
import type { PushEvent, PushEventSource } from '../../../src/events/push-event.ts';
import type { ReceivedEvent } from '../../../src/events/receive.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';

type Way = Extract<PushEventSource, 'http' | 'websocket'>;

/** Creates a received event of a transport. */
function receivedEvent(source: PushEventSource, type: string, data: unknown): ReceivedEvent {
  const body = { type, data };
  const event = { id: randomUUID(), type, receivedAt: 0, source, ...normalise(type, body) } as PushEvent;
  return { event, body };
}

let clock: ManualClock;
let duplicates: Duplicates;
let isNeeded: boolean;
beforeEach(() => {
  clock = createManualClock();
  isNeeded = true;
  duplicates = new Duplicates({ clock, isNeeded: () => isNeeded });
});

/** Advances the clock by a second and receives an event. @returns whether the event is accepted */
function takes(way: Way, type: string, data: unknown): boolean {
  clock.advance(1_000);
  return !duplicates.isDuplicate(receivedEvent(way, type, data));
}
const panic = (way: Way, isPanic: boolean, ...identIds: number[]) =>
  takes(way, 'EVENT_UNIT_PANIC', { identIds: identIds.length > 0 ? identIds : [12], isPanic });
const status = (way: Way, ident: number, value = 2) =>
  takes(way, 'EVENT_UNIT_STATUS', { identIds: [ident], status: value });
const note = (way: Way) => takes(way, 'EVENT_DISPATCH_NOTE', { callId: 501, note: { time: '21:09', content: 'Tow' } });
const tone = (way: Way) =>
  takes(way, 'EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [{ type: 5, value: 12, label: '' }] });

describe('Duplicates, for an event that arrives a second time', () => {
  it.each([
    ['websocket', 'http'],
    ['http', 'websocket'],
  ] as const)('drops the event when it first came by %s and, after a change of the session, by %s', (first, second) => {
    expect(panic(first, true)).toBe(true);
    duplicates.connectionChanged();
    expect(panic(second, true)).toBe(false);
  });

  it('drops the event even if its members are in another order and its type has another casing', () => {
    const event = receivedEvent('websocket', 'EVENT_UNIT_STATUS', { identIds: [1], status: 2 });
    expect(
      duplicates.isDuplicate({ ...event, body: { type: 'event_unit_status', data: { identIds: [1], status: 2 } } }),
    ).toBe(false);
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_UNIT_STATUS', { status: 2, identIds: [1] })).toBe(false);
  });

  it('accepts the event while no session is wanted, and does not compare later events with it', () => {
    expect(panic('websocket', true)).toBe(true);
    duplicates.connectionChanged();
    isNeeded = false;
    expect(panic('http', true)).toBe(true);
    isNeeded = true;
    expect(panic('http', true)).toBe(true);
  });

  it('accepts the event when the session has not changed', () => {
    expect(panic('websocket', true)).toBe(true);
    expect(panic('http', true)).toBe(true);
  });

  it('drops the event within 10 s after a change of the session, and accepts it later', () => {
    status('websocket', 1);
    status('websocket', 2);
    duplicates.connectionChanged();
    clock.advance(9_000);
    expect(status('http', 1)).toBe(false);
    expect(status('http', 2)).toBe(true);
  });

  it('accepts the event when the first one is older than 20 s', () => {
    status('websocket', 1);
    clock.advance(20_000);
    duplicates.connectionChanged();
    expect(status('http', 1)).toBe(true);
  });

  it('accepts the event when it comes over the same transport as the first one', () => {
    for (const way of ['http', 'websocket'] as const) {
      duplicates.connectionChanged();
      expect(panic(way, true)).toBe(true);
      expect(panic(way, true)).toBe(true);
      clock.advance(30_000);
    }
  });

  it('accepts the event when another event about one of its units came in between', () => {
    panic('websocket', true, 12, 18);
    status('websocket', 18);
    duplicates.connectionChanged();
    expect(panic('http', true, 12, 18)).toBe(true);
  });

  it('accepts the event when another event about its call came in between', () => {
    const edit = { dispatch: { callId: 5, idents: [] } };
    takes('websocket', 'EVENT_DISPATCH_EDIT', edit);
    takes('websocket', 'EVENT_DISPATCH_NOTE', { callId: 5, note: 'hello' });
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_DISPATCH_EDIT', edit)).toBe(true);
  });

  it('drops the event when the events in between are about other units and calls', () => {
    panic('websocket', true, 12);
    status('websocket', 18);
    duplicates.connectionChanged();
    expect(status('http', 19)).toBe(true);
    expect(panic('http', true, 12)).toBe(false);
  });

  it.each([
    ['of an unknown type', 'EVENT_NEW_KIND', {}],
    ['with invalid data', 'EVENT_UNIT_STATUS', { status: 'x' }],
    ['about 101 units', 'EVENT_UNIT_STATUS', { identIds: Array.from({ length: 101 }, (_, index) => index), status: 1 }],
  ])('accepts the event when an event %s came in between, because that may be about anything', (_what, type, data) => {
    panic('websocket', true);
    takes('websocket', type, data);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(true);
  });

  it('accepts the event when a field beside its data differs', () => {
    const { event, body } = receivedEvent('websocket', 'EVENT_UNIT_LOGOUT', { identId: 1 });
    duplicates.isDuplicate({ event, body: { ...body, more: 1 } });
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_UNIT_LOGOUT', { identId: 1 })).toBe(true);
  });

  it('drops one duplicate for each first event', () => {
    panic('websocket', true);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(false);
    expect(panic('http', true)).toBe(true);
  });
});

describe('Duplicates, for an action that is done twice', () => {
  it('accepts a panic that is set, reset and, after the session is lost, set again', () => {
    expect(panic('websocket', true)).toBe(true);
    expect(panic('websocket', false)).toBe(true);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(true);
  });

  it.each([
    ['tone', tone],
    ['note', note],
  ])('accepts the same %s twice, over any two transports', (_what, send) => {
    for (const [first, second] of [
      ['websocket', 'http'],
      ['http', 'websocket'],
      ['http', 'http'],
      ['websocket', 'websocket'],
    ] as const) {
      expect(send(first)).toBe(true);
      duplicates.connectionChanged();
      expect(send(second)).toBe(true);
    }
  });
});

it('Duplicates accepts every simulated event', () => {
  const simulated = receivedEvent('simulated', 'EVENT_UNIT_PANIC', { identIds: [1] });
  duplicates.connectionChanged();
  expect(duplicates.isDuplicate(simulated)).toBe(false);
  expect(duplicates.isDuplicate(receivedEvent('http', 'EVENT_UNIT_PANIC', { identIds: [1] }))).toBe(false);
});

it('Duplicates compares an event with the last 1,000 events', () => {
  const send = (way: Way, ident: number) =>
    duplicates.isDuplicate(receivedEvent(way, 'EVENT_UNIT_LOGOUT', { identId: ident }));
  for (let ident = 0; ident <= 1_000; ident += 1) send('websocket', ident);
  duplicates.connectionChanged();
  expect(send('http', 1)).toBe(true);
  expect(send('http', 0)).toBe(false);
  // No change is recent, so events are recorded without a comparison.
  clock.advance(10_001);
  for (let ident = 2_000; ident < 2_999; ident += 1) send('http', ident);
  duplicates.connectionChanged();
  expect(send('http', 1_000)).toBe(false);
});

it('Duplicates computes the subjects of events only after a change of the session', () => {
  let looked = 0;
  const watched = () => {
    const { event, body } = receivedEvent('http', 'EVENT_UNIT_LOGOUT', { identId: 1 });
    const data = event.data;
    Object.defineProperty(event, 'data', {
      get() {
        looked += 1;
        return data;
      },
    });
    return { event, body };
  };
  for (let index = 0; index < 100; index += 1) duplicates.isDuplicate(watched());
  expect(looked).toBe(0);
  duplicates.connectionChanged();
  duplicates.isDuplicate(watched());
  expect(looked).toBeGreaterThan(0);
});

const UNITS = 3;

/** One action of the CAD, or the passing of time. */
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
 * Simulates a CAD that sends events over its current transport, and may send an event again over the other one. An
 * event is genuine when it is sent for the first time: a unit's panic or status changed, or a person acted.
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

describe('Duplicates, for random changes of the session', () => {
  it('accepts every genuine event, and drops idempotent events that are sent again at once after a change', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const wrong = play(steps).filter(({ genuine, taken, type, isHandOver }) =>
          genuine ? !taken : taken && isHandOver && /PANIC|STATUS/.test(type),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Compares the class with a plain and slow implementation of its rule, for random events. */
describe('Duplicates, compared with a plain implementation of the rule', () => {
  const arrival = fc.record({
    way: fc.constantFrom<Way>('http', 'websocket'),
    units: fc.uniqueArray(unit, { minLength: 1, maxLength: 2 }),
    status: fc.integer({ min: 0, max: 1 }),
    waitedMs: fc.constantFrom(0, 0, 500, 3_000, 9_000),
    changed: fc.boolean(),
  });

  it('makes the same decision for every event of a random sequence', () => {
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
        const clock = createManualClock();
        const duplicates = new Duplicates({ clock, isNeeded: () => true });
        let changedAt = Number.NEGATIVE_INFINITY;
        const taken: { at: number; way: Way; units: number[]; text: string; spent: boolean }[] = [];
        const dropped: boolean[] = [];
        const repeats: boolean[] = [];
        for (const { way, units, status, waitedMs, changed } of arrivals) {
          clock.advance(waitedMs);
          const now = clock.monotonic();
          if (changed) {
            duplicates.connectionChanged();
            changedAt = now;
          }
          const text = JSON.stringify([units, status]);
          // The last events about each of its units must be the same event.
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
          dropped.push(duplicates.isDuplicate(event));
          repeats.push(isRepeat);
          if (isRepeat) first.spent = true;
          else taken.push({ at: now, way, units, text, spent: false });
        }
        expect(dropped).toEqual(repeats);
      }),
      { numRuns: 500 },
    );
  });
});
