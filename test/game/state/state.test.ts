import { describe, expect, it } from '@jest/globals';
import { callOf, runState, unitOf } from './run-state.ts';

describe('units', () => {
  it('change field by field: what an update leaves out stays', () => {
    const run = runState();
    run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12, ['license:a'], { location: 'here' }), isDispatch: true });
    run.push('EVENT_UNIT_UPDATE', { units: [{ id: 12, status: 4, data: { rank: 'Sergeant' } }] });
    expect(run.state.getUnit(12)).toMatchObject({
      status: 4,
      location: 'here',
      isDispatch: true,
      data: { apiIds: ['license:a'], unitNum: 'U-12', rank: 'Sergeant' },
    });
  });

  it('keep panic and group, and lose the group they leave, but not the one they have joined since', () => {
    const run = runState();
    for (const id of [12, 18]) run.push('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
    run.push('EVENT_UNIT_PANIC', { identIds: [12, 18], isPanic: true });
    run.push('EVENT_UNIT_PANIC', { identIds: [18], isPanic: false });
    expect([12, 18].map((id) => run.state.getUnit(id)?.isPanic)).toEqual([true, false]);
    const groups = () => [12, 18].map((id) => run.state.getUnit(id)?.data.group);
    run.push('EVENT_UNIT_GROUP_ADD', { identIds: [12, 18], groupName: 'A' });
    expect(groups()).toEqual(['A', 'A']);
    run.push('EVENT_UNIT_GROUP_CHANGE_NAME', { identIds: [12], oldName: 'A', newName: 'B' });
    run.push('EVENT_UNIT_GROUP_REMOVE', { identIds: [12, 18], groupName: 'A' });
    expect(groups()).toEqual(['B', '']);
  });

  it('that nobody introduced are shown to nobody, until an event says who they are', () => {
    const run = runState({ 7: ['license:a'] });
    run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12) });
    expect(run.push('EVENT_UNIT_STATUS', { identIds: [99, 12], status: 4 }).map(([name]) => name)).toEqual([
      'UnitUpdate',
      'UnitStatusUpdate',
    ]);
    expect(run.push('EVENT_UNIT_PANIC', { identIds: [99] })).toEqual([]);
    expect(run.push('EVENT_UNIT_UPDATE', { units: [{ id: 99, location: 'there' }] })).toEqual([]);
    expect(run.state.getUnit(99)).toBeUndefined();
    expect([run.state.units(), run.state.cachedUnits()].map((units) => units.length)).toEqual([1, 1]);
    const introduced = run.push('EVENT_UNIT_UPDATE', { units: [{ id: 99, data: { apiIds: ['license:a'] } }] });
    expect(introduced.map(([name]) => name)).toEqual(['UnitUpdate', 'core:AddPlayer']);
    expect(run.state.getUnit(99)).toMatchObject({ status: 4, isPanic: true, location: 'there', aop: '' });
    expect(run.state.getUnit(99)?.data).toMatchObject({ unitNum: '', page: -1 });
  });

  it('that sign out are gone, they alone, also when their number is the place of another', () => {
    const run = runState();
    for (const id of [3, 2, 1]) run.push('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
    run.push('EVENT_UNIT_LOGOUT', { identId: 1 });
    expect(run.state.units().map(({ id }) => id)).toEqual([3, 2]);
    run.push('EVENT_UNIT_LOGOUT', { identId: 77 });
    expect(run.state.units()).toHaveLength(2);
  });

  it('are forgotten 7 days after the last event about them, and the least lately heard of beyond 10,000', () => {
    const run = runState();
    run.legacy = false;
    for (let id = 1; id <= 10_001; id += 1) {
      run.push('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
      if (id === 10_000) run.push('EVENT_UNIT_STATUS', { identIds: [1], status: 0 });
    }
    expect([1, 2, 3, 10_001].map((id) => run.state.getUnit(id) !== undefined)).toEqual([true, false, true, true]);
    run.clock.advance(86_400_000);
    run.push('EVENT_UNIT_STATUS', { identIds: [3], status: 0 });
    run.clock.advance(6 * 86_400_000);
    expect(run.state.units().map(({ id }) => id)).toEqual([3]);
  });

  it('stay as they were given', () => {
    const run = runState();
    run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12) });
    const before = run.state.getUnit(12);
    run.push('EVENT_UNIT_GROUP_ADD', { identIds: [12], groupName: 'A' });
    expect(before?.data.group).toBe('');
  });
});

describe('dispatch calls', () => {
  it('get units and notes, and lose the units that are named', () => {
    const run = runState();
    run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(501, { idents: [12, 18], notes: '' }) });
    run.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [20, 12] });
    run.push('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, idents: [99] });
    expect(run.state.getCall(501)?.idents).toEqual([12, 18, 20]);
    run.push('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, ident: 18 });
    expect(run.state.getCall(501)?.idents).toEqual([12, 20]);
    run.push('EVENT_DISPATCH_NOTE', { callId: 501, note: 'first' });
    run.push('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'second' } });
    expect(run.state.getCall(501)?.notes.map(({ content }) => content)).toEqual(['second', 'first']);
    expect(run.state.callEntries()[0]?.dispatch_type).toBe('CALL_EDIT');
  });

  it('that are closed, or edited to be, stay for 10 minutes, whatever happens to them then', () => {
    const run = runState();
    for (const callId of [1, 2, 3, 4]) run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(callId) });
    run.push('EVENT_DISPATCH_CLOSED', { callIds: [1, 99, 2] });
    run.push('EVENT_DISPATCH_EDIT', { dispatch: callOf(3, { status: 2 }) });
    run.clock.advance(300_000);
    run.push('EVENT_DISPATCH_NOTE', { callId: 1, note: 'late' });
    run.push('EVENT_DISPATCH_EDIT', { dispatch: callOf(2, { status: 1 }) });
    const kept = () => run.state.callEntries().map(({ dispatch }) => [dispatch.callId, dispatch.status]);
    run.clock.advance(299_999);
    expect(kept()).toEqual([
      [4, 1],
      [2, 1],
      [1, 2],
      [3, 2],
    ]);
    run.clock.advance(1);
    expect(kept()).toEqual([
      [4, 1],
      [2, 1],
    ]);
  });

  it('that nobody introduced are shown to nobody; what was said about them is not lost', () => {
    const run = runState();
    run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12) });
    expect(run.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [12, 18] })).toEqual([]);
    expect(run.push('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, ident: 18 })).toEqual([]);
    run.push('EVENT_DISPATCH_NOTE', { callId: 501, note: 'early' });
    expect(run.push('EVENT_DISPATCH_CLOSED', { callIds: [502] })).toEqual([]);
    expect([run.state.getCall(501), run.state.callEntries()]).toEqual([undefined, []]);
    const added = run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(501, { idents: [20] }) });
    expect(added.map(([name]) => name)).toEqual(['CallCacheUpdated', 'DispatchEvent', 'UnitAttach']);
    expect(run.state.getCall(501)).toMatchObject({ idents: [20, 12], notes: [{ content: 'early' }] });
  });

  it('hold 200 notes and 1,000 units each, 10,000 of them open and 1,000 closed', () => {
    const run = runState();
    run.legacy = false;
    run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(1) });
    for (let count = 1; count <= 201; count += 1) run.push('EVENT_DISPATCH_NOTE', { callId: 1, note: `note ${count}` });
    const many = Array.from({ length: 1_001 }, (_, ident) => ident);
    run.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 1, idents: many });
    const call = run.state.getCall(1);
    expect([call?.notes.length, call?.notes[0]?.content, call?.idents.length]).toEqual([200, 'note 201', 1_000]);
    run.push('EVENT_DISPATCH_EDIT', { dispatch: callOf(1, { idents: [...many, 2_000] }) });
    expect([run.state.getCall(1)?.idents.length, run.state.getCall(1)?.idents.at(-1)]).toEqual([1_000, 2_000]);
    for (let callId = 2; callId <= 10_001; callId += 1) run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(callId) });
    expect([run.state.callEntries().length, run.state.getCall(1)]).toEqual([10_000, undefined]);
    run.push('EVENT_DISPATCH_CLOSED', { callIds: run.state.callEntries().map(({ dispatch }) => dispatch.callId) });
    expect(run.state.callEntries()).toHaveLength(1_000);
  });
});

describe('911 calls', () => {
  it('wait until they are removed, a day at most', () => {
    const run = runState();
    for (const callId of [1, 2, 3]) run.push('EVENT_911', { call: { callId, caller: `C${callId}` } });
    run.push('EVENT_REMOVE_911', { callIds: [1, 99] });
    expect(run.state.emergencyCalls().map(({ callId }) => callId)).toEqual([2, 3]);
    run.clock.advance(86_399_999);
    run.push('EVENT_911', { call: { callId: 3 } });
    run.clock.advance(1);
    expect(run.state.emergencyCalls().map(({ callId }) => callId)).toEqual([3]);
    expect(run.state.getEmergencyCall(2)).toBeUndefined();
  });
});
