import { describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '../../../src/events/receive.ts';
import { eventOf } from '../../event-of.ts';
import { callOf, type RunState, runState, unitOf } from './run-state.ts';

function dryRun({ state }: RunState, type: string, data: unknown) {
  const received: ReceivedEvent = { event: { ...eventOf(type, data), source: 'simulated' }, body: { type, data } };
  return state
    .dryRun(received)
    .map((step) =>
      'emit' in step ? [step.emit[0].replace('SonoranCAD::pushevents:', ''), ...step.emit.slice(1)] : [],
    );
}

function setUp(): RunState {
  const run = runState({ 7: ['license:a'] });
  run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12, ['license:a']) });
  run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(501, { idents: [12] }) });
  return run;
}

describe('a dry run', () => {
  it('gives the events that the event would trigger, with what it would change', () => {
    const run = setUp();
    const unit = { ...run.state.getUnit(12), status: 4 };
    expect(dryRun(run, 'EVENT_UNIT_STATUS', { identIds: [12], status: 4 })).toEqual([
      ['UnitUpdate', unit, 4],
      ['UnitStatusUpdate', unit, 4],
    ]);
    const closed = { dispatch_type: 'CALL_CLOSE', dispatch: { ...run.state.getCall(501), status: 2 } };
    expect(dryRun(run, 'EVENT_DISPATCH_CLOSED', { callIds: [501] })).toEqual([
      ['CallCacheUpdated'],
      ['DispatchEvent', closed],
    ]);
  });

  it('makes up units and calls that are not known', () => {
    const [attach] = dryRun(setUp(), 'EVENT_DISPATCH_UNIT_ATTACH', { callId: 99, idents: [98] });
    expect(attach).toMatchObject([
      'UnitAttach',
      { dispatch: { callId: 99, title: '' } },
      { id: 98, data: { apiIds: [] } },
    ]);
  });

  it('gives OtherEvent for types without an event of their own', () => {
    const data = { identId: 12, url: 'https://files.example/a.pdf' };
    expect(dryRun(setUp(), 'EVENT_PRINT_RECORD', data)).toEqual([['OtherEvent', 'EVENT_PRINT_RECORD', data]]);
    expect(dryRun(setUp(), 'EVENT_SOMETHING_NEW', data)).toEqual([['OtherEvent', 'EVENT_SOMETHING_NEW', data]]);
  });

  it('changes nothing, and makes nobody a unit', () => {
    const run = setUp();
    const before = run.state.snapshot();
    dryRun(run, 'EVENT_UNIT_LOGOUT', { identId: 12 });
    dryRun(run, 'EVENT_DISPATCH_CLOSED', { callIds: [501] });
    dryRun(run, 'EVENT_911', { call: { callId: 302 } });
    const login = dryRun(run, 'EVENT_UNIT_LOGIN', { unit: unitOf(13, ['license:a']) });
    expect(login.map(([name]) => name)).toEqual(['UnitLogin']);
    expect(run.state.snapshot()).toEqual(before);
    expect(run.state.unitsOfPlayer(7)).toEqual([12]);
    expect(run.triggered()).toEqual([]);
  });

  it("gives nothing where the official resource's events are left to itself", () => {
    const run = setUp();
    run.legacy = false;
    expect(dryRun(run, 'EVENT_UNIT_STATUS', { identIds: [12], status: 4 })).toEqual([]);
  });
});

describe('the age of a call', () => {
  it('counts from the last event about it, or from when it was closed', () => {
    const run = setUp();
    run.push('EVENT_911', { call: { callId: 302 } });
    run.clock.advance(1_000);
    expect([run.state.ageOfCall(501), run.state.ageOfEmergencyCall(302)]).toEqual([1_000, 1_000]);
    run.push('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'a' } });
    run.push('EVENT_911', { call: { callId: 302 } });
    run.clock.advance(500);
    expect([run.state.ageOfCall(501), run.state.ageOfEmergencyCall(302)]).toEqual([500, 500]);
    run.push('EVENT_DISPATCH_CLOSED', { callIds: [501] });
    run.clock.advance(200);
    run.push('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'b' } });
    expect(run.state.ageOfCall(501)).toBe(200);
    expect([run.state.ageOfCall(9), run.state.ageOfEmergencyCall(9)]).toEqual([undefined, undefined]);
  });
});
