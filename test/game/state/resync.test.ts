import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { dispatchCall, emergencyCall } from '../../../src/events/catalogue/calls.ts';
import { unitChange } from '../../../src/events/catalogue/units.ts';
import { type RunState, runState } from './run-state.ts';

const unit = (id: number, more: object = {}) =>
  v.parse(unitChange.read, { id, status: 2, data: { name: `Unit ${id}` }, ...more });
const call = (callId: number, more: object = {}) =>
  v.parse(dispatchCall.read, { status: 1, callId, title: `Call ${callId}`, ...more });
const emergency = (callId: number) => v.parse(emergencyCall.read, { callId, description: `Emergency ${callId}` });
const noCalls = { active: [], closed: [], emergencies: [] };

const login = (run: RunState, id: number, data: object = {}) =>
  run.push('EVENT_UNIT_LOGIN', { unit: { id, status: 2, data: { name: `Unit ${id}`, ...data } } });
const newCall = (run: RunState, callId: number, more: object = {}) =>
  run.push('EVENT_DISPATCH_NEW', { dispatch: { callId, title: `Call ${callId}`, ...more } });

describe('the units that the CAD lists', () => {
  it('are known afterwards, and nobody is told that they signed in', () => {
    const run = runState({ 7: ['license:abc'] });
    const steps = run.state.resyncUnits().finish([unit(1, { data: { name: 'A', communityUserId: 'license:abc' } })]);
    expect(steps).toEqual([{ emit: ['SonoranCAD::core:AddPlayer', '7', expect.objectContaining({ id: 1 })] }]);
    expect(run.state.getUnit(1)?.data.name).toBe('A');
    expect(run.state.playersOfUnit(1)).toEqual([7]);
  });

  it('are not taken for new ones, which are shown for a while though their player is nowhere', () => {
    const run = runState();
    run.state.resyncUnits().finish([unit(1)]);
    expect(run.state.cachedUnits()).toEqual([]);
    expect(run.state.units()).toHaveLength(1);
  });

  it('change what has changed and keep what only events tell', () => {
    const run = runState();
    login(run, 1, { apiIds: ['license:abc'] });
    run.state.resyncUnits().finish([unit(1, { status: 4 })]);
    expect(run.state.getUnit(1)).toMatchObject({ status: 4, data: { apiIds: ['license:abc'] } });
  });

  it('are all there are: others are gone, with their players', () => {
    const run = runState({ 7: ['license:abc'] });
    login(run, 1, { apiIds: ['license:abc'] });
    login(run, 2);
    const steps = run.state.resyncUnits().finish([unit(2)]);
    expect(steps).toEqual([{ emit: ['SonoranCAD::core:RemovePlayer', '7', expect.objectContaining({ id: 1 })] }]);
    expect(run.state.units().map(({ id }) => id)).toEqual([2]);
  });

  it('are older than what events say meanwhile', () => {
    const run = runState();
    login(run, 1);
    login(run, 2);
    const question = run.state.resyncUnits();
    run.push('EVENT_UNIT_STATUS', { identIds: [1], status: 3 });
    run.push('EVENT_UNIT_LOGOUT', { identId: 2 });
    login(run, 3);
    question.finish([unit(1, { status: 0 }), unit(2)]);
    expect(run.state.units().map(({ id, status }) => [id, status])).toEqual([
      [1, 3],
      [3, 2],
    ]);
  });

  it('change nothing when there is no answer, and do not hold up the next question', () => {
    const run = runState();
    login(run, 1);
    run.state.resyncUnits().abandon();
    run.state.resyncUnits().finish([]);
    expect(run.state.units()).toEqual([]);
  });

  it('change the state in silence while the official resource tells its own', () => {
    const run = runState({ 7: ['license:abc'] });
    run.legacy = false;
    const steps = run.state.resyncUnits().finish([unit(1, { data: { communityUserId: 'license:abc' } })]);
    expect(steps).toEqual([]);
    expect(run.state.playersOfUnit(1)).toEqual([7]);
  });
});

describe('the calls that the CAD lists', () => {
  it('are known afterwards, and only that a cache was updated is told', () => {
    const run = runState();
    const steps = run.state
      .resyncCalls()
      .finish({ active: [call(5, { idents: [1] })], closed: [], emergencies: [emergency(9)] });
    expect(steps).toEqual([
      { emit: ['SonoranCAD::pushevents:CallCacheUpdated'] },
      { emit: ['SonoranCAD::pushevents:EmergencyCacheUpdated'] },
    ]);
    expect(run.state.getCall(5)?.idents).toEqual([1]);
    expect(run.state.getEmergencyCall(9)?.description).toBe('Emergency 9');
  });

  it('tell nothing when they say nothing new', () => {
    const run = runState();
    newCall(run, 5);
    run.push('EVENT_911', { call: { callId: 9, description: 'Emergency 9' } });
    const { dispatch } = run.state.callEntries()[0] ?? {};
    const report = { active: [{ ...call(5), ...dispatch }], closed: [], emergencies: run.state.emergencyCalls() };
    expect(run.state.resyncCalls().finish(report)).toEqual([]);
  });

  it('are all that are open: others are closed, and kept for a while like those that events close', () => {
    const run = runState();
    newCall(run, 5);
    newCall(run, 6);
    run.state.resyncCalls().finish({ ...noCalls, active: [call(6)], closed: [call(5, { code: 'done' })] });
    expect(run.state.callEntries()).toMatchObject([
      { dispatch: { callId: 6, status: 1 } },
      { dispatch_type: 'CALL_CLOSE', dispatch: { callId: 5, status: 2, code: 'done' } },
    ]);
    run.clock.advance(11 * 60_000);
    expect(run.state.callEntries()).toHaveLength(1);
  });

  it('are not closed again, and so kept for ever, by the next list without them', () => {
    const run = runState();
    newCall(run, 5);
    run.state.resyncCalls().finish(noCalls);
    run.clock.advance(6 * 60_000);
    expect(run.state.resyncCalls().finish(noCalls)).toEqual([]);
    run.clock.advance(6 * 60_000);
    expect(run.state.callEntries()).toEqual([]);
  });

  it('are older than what events say meanwhile', () => {
    const run = runState();
    newCall(run, 5);
    run.push('EVENT_911', { call: { callId: 9 } });
    const question = run.state.resyncCalls();
    run.push('EVENT_DISPATCH_CLOSED', { callIds: [5] });
    run.push('EVENT_REMOVE_911', { callIds: [9] });
    newCall(run, 6);
    run.push('EVENT_911', { call: { callId: 10 } });
    question.finish({ active: [call(5)], closed: [], emergencies: [emergency(9)] });
    expect(run.state.callEntries().map(({ dispatch }) => [dispatch.callId, dispatch.status])).toEqual([
      [6, 0],
      [5, 2],
    ]);
    expect(run.state.emergencyCalls().map(({ callId }) => callId)).toEqual([10]);
  });

  it('fill in what events said about a call that nobody had introduced', () => {
    const run = runState();
    run.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 5, idents: [1] });
    expect(run.state.getCall(5)).toBeUndefined();
    run.state.resyncCalls().finish({ ...noCalls, active: [call(5, { idents: [1] })] });
    expect(run.state.getCall(5)).toMatchObject({ title: 'Call 5', idents: [1] });
  });
});

describe('what we changed in the CAD ourselves', () => {
  it('is known at once, and announced to nobody', () => {
    const run = runState();
    newCall(run, 5);
    const { event } = { event: { type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 5, idents: [1] } } };
    const steps = run.state.applyLocalEcho({ ...event, id: 'x', receivedAt: 0, source: 'http', valid: true } as never);
    expect(steps).toEqual([{ emit: ['SonoranCAD::pushevents:CallCacheUpdated'] }]);
    expect(run.state.getCall(5)?.idents).toEqual([1]);
  });

  it('is newer than a list that was asked for before', () => {
    const run = runState();
    newCall(run, 5);
    const question = run.state.resyncCalls();
    const attached = { type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 5, idents: [1] } };
    run.state.applyLocalEcho({ ...attached, id: 'x', receivedAt: 0, source: 'http', valid: true } as never);
    question.finish({ ...noCalls, active: [call(5)] });
    expect(run.state.getCall(5)?.idents).toEqual([1]);
  });
});
