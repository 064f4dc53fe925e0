import { describe, expect, it } from '@jest/globals';
import { eventTypes, PLAYER, world } from '../../official-events.ts';
import { callOf, runState, withCall, withUnits } from './run-state.ts';

const unit = (id: number, fields: object = {}) => expect.objectContaining({ id, ...fields });
const entry = (type: string, callId: number, fields: object = {}) => ({
  dispatch_type: type,
  dispatch: expect.objectContaining({ callId, ...fields }),
});

describe("the official resource's events", () => {
  it.each(eventTypes)('for $type are those of the table', ({ type, data, heard }) => {
    const run = runState({ 1: [PLAYER] });
    for (const [before, its] of world) run.push(before, its);
    const raised = heard.filter(([name]) => name.startsWith('SonoranCAD::'));
    expect(run.push(type, data)).toEqual(
      raised.map(([name, args]) => [name.replace(/^SonoranCAD::(pushevents:)?/, ''), ...args]),
    );
  });

  it('for a unit update tell a new status only of units whose status has changed', () => {
    const run = withUnits();
    const units = [
      { id: 18, status: 1 },
      { id: 12, status: 2 },
    ];
    expect(run.push('EVENT_UNIT_UPDATE', { units })).toEqual([
      ['UnitUpdate', unit(18, { status: 1 }), 1],
      ['UnitStatusUpdate', unit(18, { status: 1 }), 1],
      ['UnitUpdate', unit(12, { status: 2 }), 2],
    ]);
  });

  it('for an edit or a note of a call that is not known have null in its place', () => {
    const run = runState();
    const [edit] = run.push('EVENT_DISPATCH_EDIT', { dispatch: callOf(777) });
    expect(edit).toEqual(['DispatchEdit', null, { dispatch: expect.objectContaining({ callId: 777 }) }]);
    const note = { callId: 9, note: { time: '', label: 'A', type: 'text', content: 'b' } };
    expect(run.push('EVENT_DISPATCH_NOTE', note)).toEqual([['DispatchNote', null, note]]);
  });

  it('tell of the cache of calls only when it holds something else', () => {
    const run = withCall();
    const updates = (type: string, data: object) =>
      run.push(type, data).filter(([name]) => name === 'CallCacheUpdated').length;
    const dispatch = () => callOf(501, { title: 'new', idents: [12], metaData: { x: '1' } });
    expect(updates('EVENT_DISPATCH_NEW', { dispatch: dispatch() })).toBe(1);
    expect(updates('EVENT_DISPATCH_NEW', { eventOriginIdent: 40, dispatch: dispatch() })).toBe(0);
    // It was new, and is edited now: the cache holds that too.
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: dispatch() })).toBe(1);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: dispatch() })).toBe(0);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), metaData: { x: '2' } } })).toBe(1);
    expect(updates('EVENT_DISPATCH_CLOSED', { callIds: [501] })).toBe(1);
    expect(updates('EVENT_DISPATCH_CLOSED', { callIds: [501] })).toBe(0);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), status: 2 } })).toBe(1);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), status: 2 } })).toBe(0);
  });

  it.each([
    // Two come, and one goes: 12 is attached already.
    ['EVENT_DISPATCH_UNIT_ATTACH', 'UnitAttach', 2],
    ['EVENT_DISPATCH_UNIT_DETACH', 'UnitDetach', 1],
  ])('for %s have the call as it was with each known unit, then the cache for each change', (type, name, changes) => {
    const run = withCall();
    const updates = Array.from({ length: changes }, () => ['CallCacheUpdated']);
    const known = (as: 'CALL_NEW' | 'CALL_EDIT', idents: readonly number[]) => [
      [name, entry(as, 501, { idents }), unit(18)],
      [name, entry(as, 501, { idents }), unit(12)],
    ];
    expect(run.push(type, { callId: 501, idents: [18, 9, 12] })).toEqual([...known('CALL_NEW', [12]), ...updates]);
    // A second time it changes nothing.
    const idents = changes === 2 ? [12, 18, 9] : [];
    expect(run.push(type, { callId: 501, idents: [18, 9, 12] })).toEqual(known('CALL_EDIT', idents));
  });

  it('for a 911 call have no metaData where the CAD has sent none', () => {
    const run = runState();
    const [, incoming] = run.push('EVENT_911', { call: { callId: 302 } });
    expect(incoming).toEqual([
      'IncomingCadCall',
      expect.not.objectContaining({ metaData: expect.anything() }),
      null,
      [],
    ]);
    run.push('EVENT_DISPATCH_NEW', { dispatch: { callId: 502 } });
    expect(run.state.getCall(502)).not.toHaveProperty('metaData');
  });

  it('for data that was not understood are OtherEvent with the data as received, and nothing changes', () => {
    const run = withUnits();
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 12 }, { valid: false, issues: [] })).toEqual([
      ['OtherEvent', 'EVENT_UNIT_LOGOUT', { identId: 12 }],
    ]);
    expect(run.state.getUnit(12)).toBeDefined();
  });

  it('are left out while switched off, and for simulated events, which change nothing either', () => {
    const run = withUnits();
    run.legacy = false;
    expect(run.push('EVENT_UNIT_STATUS', { identIds: [12], status: 0 })).toEqual([]);
    expect(run.push('EVENT_SOMETHING', {})).toEqual([]);
    expect(run.state.getUnit(12)?.status).toBe(0);
    run.legacy = true;
    expect(run.push('EVENT_UNIT_STATUS', { identIds: [12], status: 1 }, { source: 'simulated' })).toEqual([]);
    expect(run.state.getUnit(12)?.status).toBe(0);
  });
});

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
