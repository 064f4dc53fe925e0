import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { PushEventData } from '../../src/events/catalogue/catalogue.ts';
import { createCallers } from '../../src/notify/triggers.ts';
import { eventOf } from '../event-of.ts';

const MOST = 2_000;

function setUp() {
  const sessions = new Map([[3, 1]]);
  const callers = createCallers({
    sessionOf: (source) => sessions.get(source) ?? null,
    sourcesOfIdentities: () => [],
  });
  return {
    callers,
    sessions,
    call(callId: number) {
      const { data } = eventOf('EVENT_911', { call: { callId, metaData: { callerPlayerId: '3' } } });
      callers.noteEmergency(data as PushEventData<'EVENT_911'>);
    },
  };
}

describe('callers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are remembered until they leave, and are not who comes after them', () => {
    const { callers, sessions, call } = setUp();
    call(1);
    expect([callers.ofEmergency(1), callers.ofEmergency(2)]).toEqual([3, null]);
    sessions.set(3, 2);
    expect(callers.ofEmergency(1)).toBeNull();
  });

  it('are forgotten for the oldest calls when there are too many', () => {
    const { callers, call } = setUp();
    for (let callId = 1; callId <= MOST; callId += 1) call(callId);
    call(1);
    expect([1, 2].map(callers.ofEmergency)).toEqual([3, 3]);
    call(MOST + 1);
    expect([1, 2, 3, MOST + 1].map(callers.ofEmergency)).toEqual([3, null, 3, 3]);
  });

  it('are remembered without a look at all others', () => {
    const { call } = setUp();
    for (let callId = 1; callId <= MOST; callId += 1) call(callId);
    const step = jest.spyOn(Object.getPrototypeOf(new Map().keys()), 'next');
    expect([...new Map([[1, 1]]).keys(), step.mock.calls.length]).toEqual([1, 2]);
    call(MOST);
    call(MOST + 1);
    expect(step.mock.calls.length).toBeLessThan(50);
  });
});
