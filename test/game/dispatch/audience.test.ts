import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Audience, dutySchema, involvedPlayers, parseDuty } from '../../../src/game/dispatch/audience.ts';
import { Players } from '../../../src/game/players/players.ts';
import type { DutyChecks } from '../../../src/platform/players.ts';
import { eventOf } from '../../event-of.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createFakePlayerSource } from '../players/fake-player-source.ts';
import { FakeState } from '../state/fake-state.ts';

function setUp(duty: string, checks: Partial<DutyChecks> = {}) {
  const state = new FakeState();
  state.addUnit(12, 1);
  state.addUnit(18, null);
  state.addUnit(19, 1);
  const log = createRecordingLog();
  const audience = new Audience({
    players: new Players(createFakePlayerSource({ 1: ['license:a'], 2: ['license:b'], 3: ['license:c'] })),
    state,
    checks: { hasAce: () => false, jobOf: () => null, hasFramework: () => true, callExport: () => false, ...checks },
    duty: () => parseDuty(duty) ?? { by: 'incad' },
    log,
  });
  return { audience, state, log };
}

describe('who is on duty', () => {
  it('are by default the players whose unit is signed in to the CAD, each once', () => {
    const { audience } = setUp('incad');
    expect(audience.onDuty()).toEqual([1]);
    expect([1, 2, 99].map((source) => audience.isOnDuty(source))).toEqual([true, false, false]);
  });

  it('are those with a permission', () => {
    const { audience } = setUp('ace:police.duty', { hasAce: (source, name) => name === 'police.duty' && source > 1 });
    expect(audience.onDuty()).toEqual([2, 3]);
    expect([1, 2, 99].map((source) => audience.isOnDuty(source))).toEqual([false, true, false]);
  });

  it('are those with one of the jobs who have not gone off duty', () => {
    const jobs = [
      { name: 'Police', isOnDuty: true },
      { name: 'ambulance', isOnDuty: false },
      { name: 'baker', isOnDuty: true },
    ];
    const { audience } = setUp('job:police, ambulance', { jobOf: (source) => jobs[source - 1] ?? null });
    expect(audience.onDuty()).toEqual([1]);
  });

  it('are without whom the framework fails to tell about, with a line', () => {
    const { audience, log } = setUp('job:police', {
      jobOf(source) {
        if (source === 2) throw new Error('No such export');
        return { name: 'police', isOnDuty: true };
      },
    });
    expect(audience.onDuty()).toEqual([1, 3]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { player: 2, reason: 'No such export' } }]);
  });

  it('are none where jobs decide and no framework is started, which is said once', () => {
    const { audience, log } = setUp('job:police', { hasFramework: () => false });
    expect([audience.onDuty(), audience.onDuty()]).toEqual([[], []]);
    expect(log.lines).toMatchObject([
      { level: 'warn', message: expect.stringMatching(/^No player counts as on duty: .* none of qbx_core/) },
    ]);
  });

  it('are asked of an export for one player alone', () => {
    const asked: number[] = [];
    const { audience } = setUp('export:my-police.isOnDuty', {
      callExport: (_r, _n, source) => asked.push(Number(source)) === 1,
    });
    expect([audience.isOnDuty(3), audience.isOnDuty(99), asked]).toEqual([true, false, [3]]);
  });

  it('are without whom an export that asks back would have to know, with a line', () => {
    const back: { onDuty(): number[] }[] = [];
    const { audience, log } = setUp('export:my-police.isOnDuty', {
      callExport: (_resource, _name, source) => back[0]?.onDuty().includes(Number(source)),
    });
    back.push(audience);
    expect(audience.isOnDuty(3)).toBe(false);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { reason: 'it asks sonorancad who is on duty' } });
  });

  it('are those of whom an export says true, and none when it fails, with one line for all of them', () => {
    const { audience } = setUp('export:my-police.isOnDuty', {
      callExport: (resource, name, source) => resource === 'my-police' && name === 'isOnDuty' && source === 3,
    });
    expect(audience.onDuty()).toEqual([3]);
    const failing = setUp('export:my-police.isOnDuty', {
      callExport() {
        throw new Error('No such export');
      },
    });
    expect([failing.audience.onDuty(), failing.audience.onDuty()]).toEqual([[], []]);
    expect(failing.log.printed).toMatchObject([
      { level: 'error', fields: { export: 'my-police.isOnDuty', reason: 'No such export' } },
    ]);
  });

  it.each([
    ['a text, as promises of other resources are refused with', 'gone', 'gone'],
    ['nothing at all', null, 'no reason given'],
  ])('are decided even when the framework or an export throws %s', (_what, thrown, reason) => {
    const fail = () => {
      throw thrown;
    };
    const byJob = setUp('job:police', { jobOf: fail });
    const byExport = setUp('export:my-police.isOnDuty', { callExport: fail });
    for (const { audience, log } of [byJob, byExport]) {
      expect(audience.onDuty()).toEqual([]);
      expect(log.lines[0]).toMatchObject({ level: 'error', fields: { reason } });
    }
  });

  it.each(['', 'ace:', 'ace:a b', 'job:', 'job:police,', 'export:police', 'export:a.b.c', 'police'])(
    'are not decided by "%s"',
    (text) => {
      expect(v.is(dutySchema, text)).toBe(false);
    },
  );
});

it('the units of a call are looked up once, however often an event names it', () => {
  const { audience, state } = setUp('incad');
  const call = state.addCall({ callId: 501, idents: [12] });
  const asked: number[] = [];
  state.getCall = (callId) => {
    asked.push(callId);
    return call;
  };
  const event = eventOf('EVENT_DISPATCH_CLOSED', { callIds: Array(1_000).fill(501) });
  expect(involvedPlayers(event, state, audience)).toEqual([1]);
  expect(asked).toEqual([501]);
});
