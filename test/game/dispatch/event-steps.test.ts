import { describe, expect, it } from '@jest/globals';
import { createStepRunner } from '../../../src/game/dispatch/event-steps.ts';
import type { StateStep } from '../../../src/game/state/state.ts';
import { createRecordingClients } from '../../recording-clients.ts';

const UNIT = {
  id: 12,
  accId: 'an-account',
  status: 2,
  data: { unitNum: '1-ADAM-12', name: 'Jim Reed', communityUserId: 'license:c', apiIds: ['steam:c'] },
  unknownField: 'secret',
};

/** @returns what was done, in order: the names of local events, and `net` for what games were sent */
function run(steps: Iterable<StateStep>) {
  const done: string[] = [];
  const clients = createRecordingClients();
  const runStep = createStepRunner(
    { emit: (name) => void done.push(name) },
    {
      send(...sent) {
        done.push('net');
        clients.send(...sent);
      },
    },
  );
  for (const step of steps) runStep(step);
  return { done, sent: clients.sent };
}

describe('a step of the state', () => {
  it("tells the player's game of its unit, with nothing in it that a game may not see", () => {
    const { done, sent } = run([{ emit: ['SonoranCAD::core:AddPlayer', '7', UNIT] }]);
    expect(done).toEqual(['SonoranCAD::core:AddPlayer', 'net']);
    expect(sent).toEqual([
      {
        name: 'SonoranCAD::core:AddPlayer',
        target: 7,
        args: [{ id: 12, status: 2, data: { unitNum: '1-ADAM-12', name: 'Jim Reed' } }],
        isSlow: false,
      },
    ]);
  });

  it('tells the game of a player who no longer is a unit, without saying which', () => {
    const { sent } = run([{ emit: ['SonoranCAD::core:RemovePlayer', '7', UNIT] }]);
    expect(sent).toEqual([{ name: 'SonoranCAD::core:RemovePlayer', target: 7, args: [], isSlow: false }]);
  });

  it('tells games nothing of other events, and changes the state', () => {
    let committed = false;
    const { done, sent } = run([
      { emit: ['SonoranCAD::pushevents:UnitLogout', 12] },
      {
        commit() {
          committed = true;
        },
      },
      { emit: ['SonoranCAD::pushevents:UnitUpdate', UNIT, 2] },
    ]);
    expect(done).toEqual(['SonoranCAD::pushevents:UnitLogout', 'SonoranCAD::pushevents:UnitUpdate']);
    expect(committed).toBe(true);
    expect(sent).toEqual([]);
  });
});
