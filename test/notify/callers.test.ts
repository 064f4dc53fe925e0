import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { PushEventData } from '../../src/events/catalogue/catalogue.ts';
import { Callers } from '../../src/notify/callers.ts';
import { eventOf } from '../event-of.ts';

/** The limit for remembered calls in src/notify/callers.ts. */
const MAX_CALLS = 2_000;

function setUp() {
  const sessions = new Map([[3, 1]]);
  const callers = new Callers({
    sessionOf: (source) => sessions.get(source) ?? null,
    sourcesOfIdentities: () => [],
  });
  return {
    callers,
    sessions,
    call(callId: number) {
      const { data } = eventOf('EVENT_911', { call: { callId, metaData: { callerPlayerId: '3' } } });
      callers.rememberEmergencyCall(data as PushEventData<'EVENT_911'>);
    },
  };
}

describe('Callers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('gives null once another player has the server id of the caller', () => {
    const { callers, sessions, call } = setUp();
    call(1);
    expect([callers.ofEmergencyCall(1), callers.ofEmergencyCall(2)]).toEqual([3, null]);
    sessions.set(3, 2);
    expect(callers.ofEmergencyCall(1)).toBeNull();
  });

  it('forgets the caller of the oldest call beyond 2,000 calls', () => {
    const { callers, call } = setUp();
    for (let callId = 1; callId <= MAX_CALLS; callId += 1) call(callId);
    call(1);
    expect([1, 2].map((callId) => callers.ofEmergencyCall(callId))).toEqual([3, 3]);
    call(MAX_CALLS + 1);
    expect([1, 2, 3, MAX_CALLS + 1].map((callId) => callers.ofEmergencyCall(callId))).toEqual([3, null, 3, 3]);
  });

  it('forgets the oldest call without iterating over all calls', () => {
    const { call } = setUp();
    for (let callId = 1; callId <= MAX_CALLS; callId += 1) call(callId);
    const step = jest.spyOn(Object.getPrototypeOf(new Map().keys()), 'next');
    expect([...new Map([[1, 1]]).keys(), step.mock.calls.length]).toEqual([1, 2]);
    call(MAX_CALLS);
    call(MAX_CALLS + 1);
    expect(step.mock.calls.length).toBeLessThan(50);
  });
});
