import { describe, expect, it } from '@jest/globals';
import { withCall, withUnits } from './known-state.ts';
import { callOf } from './run-state.ts';

describe("handlers of the official resource's events", () => {
  it('find the unit until its logout is announced, however long its player was not there', () => {
    const run = withUnits();
    run.clock.advance(60_000);
    run.look((state) => [state.cachedUnits().map(({ id }) => id), state.indexOfCachedUnit(12)]);
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 12 })).toEqual([['UnitLogout', 12, [[12], 0]]]);
    expect(run.state.units().map(({ id }) => id)).toEqual([18]);
  });

  it('find the call as it was in those of edits, notes, attached and detached units, and as it is in all others', () => {
    const run = withCall();
    run.look((state) => {
      const call = state.getCall(501);
      return call && [call.title, call.status, call.notes.length, call.idents.length];
    });
    const seen = (type: string, data: object) => run.push(type, data).map((event) => [event[0], event.at(-1)]);
    expect(seen('EVENT_DISPATCH_EDIT', { dispatch: callOf(501, { title: 'new', idents: [12] }) })).toEqual([
      ['DispatchEdit', ['Call 501', 1, 0, 1]],
      ['CallCacheUpdated', ['new', 1, 0, 1]],
      ['DispatchEvent', ['new', 1, 0, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_NOTE', { callId: 501, note: 'a' })).toEqual([
      ['DispatchNote', ['new', 1, 0, 1]],
      ['CallCacheUpdated', ['new', 1, 1, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, ident: 18 })).toEqual([
      ['UnitAttach', ['new', 1, 1, 1]],
      ['CallCacheUpdated', ['new', 1, 1, 2]],
    ]);
    expect(seen('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, ident: 18 })).toEqual([
      ['UnitDetach', ['new', 1, 1, 2]],
      ['CallCacheUpdated', ['new', 1, 1, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_CLOSED', { callId: 501 })).toEqual([
      ['CallCacheUpdated', ['new', 2, 1, 1]],
      ['DispatchEvent', ['new', 2, 1, 1]],
    ]);
  });
});
