import { beforeEach, describe, expect, it } from '@jest/globals';
import { Duplicates } from '../../../src/cad/session/duplicates.ts';
import type { PushEventSource } from '../../../src/events/push-event.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { receivedEvent } from './received-event.ts';

type Way = Extract<PushEventSource, 'http' | 'websocket'>;

let clock: ManualClock;
let duplicates: Duplicates;
let isNeeded: boolean;
beforeEach(() => {
  clock = createManualClock();
  isNeeded = true;
  duplicates = new Duplicates({ clock, isNeeded: () => isNeeded });
});

/** Whether the event is taken; a second passes before it. */
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

describe('an event that came a second time', () => {
  it.each([
    ['websocket', 'http'],
    ['http', 'websocket'],
  ] as const)('is dropped when it came by %s, and after a change by %s', (first, second) => {
    expect(panic(first, true)).toBe(true);
    duplicates.connectionChanged();
    expect(panic(second, true)).toBe(false);
  });

  it('is dropped whatever the order of its members, and however its type is written', () => {
    const event = receivedEvent('websocket', 'EVENT_UNIT_STATUS', { identIds: [1], status: 2 });
    expect(
      duplicates.isDuplicate({ ...event, body: { type: 'event_unit_status', data: { identIds: [1], status: 2 } } }),
    ).toBe(false);
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_UNIT_STATUS', { status: 2, identIds: [1] })).toBe(false);
  });

  it('is taken while no session is wanted, and counts for nothing afterwards', () => {
    expect(panic('websocket', true)).toBe(true);
    duplicates.connectionChanged();
    isNeeded = false;
    expect(panic('http', true)).toBe(true);
    isNeeded = true;
    expect(panic('http', true)).toBe(true);
  });

  it('is taken when there was no change of the connection', () => {
    expect(panic('websocket', true)).toBe(true);
    expect(panic('http', true)).toBe(true);
  });

  it('is dropped up to 10 s after a change, and taken later', () => {
    status('websocket', 1);
    status('websocket', 2);
    duplicates.connectionChanged();
    clock.advance(9_000);
    expect(status('http', 1)).toBe(false);
    expect(status('http', 2)).toBe(true);
  });

  it('is taken when its first copy is older than 20 s', () => {
    status('websocket', 1);
    clock.advance(20_000);
    duplicates.connectionChanged();
    expect(status('http', 1)).toBe(true);
  });

  it('is taken when it came by the same way', () => {
    for (const way of ['http', 'websocket'] as const) {
      duplicates.connectionChanged();
      expect(panic(way, true)).toBe(true);
      expect(panic(way, true)).toBe(true);
      clock.advance(30_000);
    }
  });

  it('is taken when something else about one of its units came in between', () => {
    panic('websocket', true, 12, 18);
    status('websocket', 18);
    duplicates.connectionChanged();
    expect(panic('http', true, 12, 18)).toBe(true);
  });

  it('is taken when something else about its call came in between', () => {
    const edit = { dispatch: { callId: 5, idents: [] } };
    takes('websocket', 'EVENT_DISPATCH_EDIT', edit);
    takes('websocket', 'EVENT_DISPATCH_NOTE', { callId: 5, note: 'hello' });
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_DISPATCH_EDIT', edit)).toBe(true);
  });

  it('is dropped when what came in between is about others', () => {
    panic('websocket', true, 12);
    status('websocket', 18);
    duplicates.connectionChanged();
    expect(status('http', 19)).toBe(true);
    expect(panic('http', true, 12)).toBe(false);
  });

  it.each([
    ['of an unknown type', 'EVENT_NEW_KIND', {}],
    ['that could not be understood', 'EVENT_UNIT_STATUS', { status: 'x' }],
    ['about a crowd', 'EVENT_UNIT_STATUS', { identIds: Array.from({ length: 101 }, (_, index) => index), status: 1 }],
  ])('is taken when an event %s came in between, which may be about anything', (_what, type, data) => {
    panic('websocket', true);
    takes('websocket', type, data);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(true);
  });

  it('is taken when it says something else beside its data', () => {
    const { event, body } = receivedEvent('websocket', 'EVENT_UNIT_LOGOUT', { identId: 1 });
    duplicates.isDuplicate({ event, body: { ...body, more: 1 } });
    duplicates.connectionChanged();
    expect(takes('http', 'EVENT_UNIT_LOGOUT', { identId: 1 })).toBe(true);
  });

  it('is dropped once for each first copy', () => {
    panic('websocket', true);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(false);
    expect(panic('http', true)).toBe(true);
  });
});

describe('what somebody does twice', () => {
  it('is not swallowed: panic on, off, the socket drops, on', () => {
    expect(panic('websocket', true)).toBe(true);
    expect(panic('websocket', false)).toBe(true);
    duplicates.connectionChanged();
    expect(panic('http', true)).toBe(true);
  });

  it.each([
    ['tone', tone],
    ['note', note],
  ])('is not swallowed: the same %s twice, by whatever ways', (_what, send) => {
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

it('leaves simulated events alone', () => {
  const simulated = receivedEvent('simulated', 'EVENT_UNIT_PANIC', { identIds: [1] });
  duplicates.connectionChanged();
  expect(duplicates.isDuplicate(simulated)).toBe(false);
  expect(duplicates.isDuplicate(receivedEvent('http', 'EVENT_UNIT_PANIC', { identIds: [1] }))).toBe(false);
});

it('keeps the last 1,000 events', () => {
  const send = (way: Way, ident: number) =>
    duplicates.isDuplicate(receivedEvent(way, 'EVENT_UNIT_LOGOUT', { identId: ident }));
  for (let ident = 0; ident <= 1_000; ident += 1) send('websocket', ident);
  duplicates.connectionChanged();
  expect(send('http', 1)).toBe(true);
  expect(send('http', 0)).toBe(false);
  for (let ident = 2_000; ident < 2_999; ident += 1) send('http', ident);
  expect(send('http', 1_000)).toBe(false);
});

it('looks at whom an event is about only while a change is near', () => {
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
