import { describe, expect, it } from '@jest/globals';
import { Restarts } from '../../../src/game/state/restarts.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { callOf, type RunState, runState, unitOf } from './run-state.ts';

const LICENSE = 'license:a';

function kept() {
  const values = new Map<string, string>();
  const log = createRecordingLog();
  const store = {
    get: (key: string) => values.get(key) ?? null,
    set: (key: string, value: string) => void values.set(key, value),
    delete: (key: string) => void values.delete(key),
  };
  const across = ({ state }: RunState, now = 1_000, version = '5.0.0') =>
    new Restarts({ state, store, version, clock: { now: () => now }, log });
  return { across, log, values };
}

function busy(): RunState {
  const run = runState({ 7: [LICENSE] });
  run.push('EVENT_UNIT_LOGIN', { unit: unitOf(12, [LICENSE]), isDispatch: true });
  run.push('EVENT_UNIT_LOGIN', { unit: unitOf(18) });
  run.push('EVENT_UNIT_STATUS', { identIds: [99], status: 1 });
  for (const callId of [501, 502]) run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(callId, { idents: [12] }) });
  run.push('EVENT_DISPATCH_CLOSED', { callIds: [501] });
  run.push('EVENT_911', { call: { callId: 302 } });
  run.source.drop(7);
  return run;
}

describe('a restart', () => {
  it('loses nothing that is known, and tells again who is a unit', () => {
    const { across } = kept();
    const before = busy();
    across(before).save();
    const after = runState({ 8: [LICENSE] });
    const steps = across(after, 600_999).restore();
    expect(steps).toEqual([{ emit: ['SonoranCAD::core:AddPlayer', '8', expect.objectContaining({ id: 12 })] }]);
    for (const look of ['units', 'callEntries', 'emergencyCalls'] as const)
      expect(after.state[look]()).toEqual(before.state[look]());
    expect(after.state.dispatchers()).toEqual([{ id: 12, isInGame: true }]);
    expect(after.state.cachedUnits().map(({ id }) => id)).toEqual([12]);
    after.clock.advance(600_000);
    expect(after.state.callEntries().map(({ dispatch }) => dispatch.callId)).toEqual([502]);
    expect(across(runState(), 2_000).restore()).toEqual([]);
  });

  it('keeps the unit of a player who was there before', () => {
    const { across } = kept();
    across(busy()).save();
    const after = runState();
    across(after).restore();
    expect(after.state.cachedUnits().map(({ id }) => id)).toEqual([12]);
  });

  it.each([
    ['took 10 minutes', 601_000, '5.0.0'],
    ['went back in time', 999, '5.0.0'],
    ['brought another version', 1_000, '5.0.1'],
  ])('that %s begins with nothing', (_what, now, version) => {
    const { across } = kept();
    across(busy()).save();
    const after = runState();
    across(after, now, version).restore();
    expect(after.state.units()).toEqual([]);
  });

  it('begins with nothing when what was kept cannot be read, and says so once', () => {
    const { across, log, values } = kept();
    values.set('snapshot', '{"version":"5.0.0","savedAt":1000,"snapshot":{}}');
    const after = runState();
    for (let start = 0; start < 2; start += 1) expect(across(after).restore()).toEqual([]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
