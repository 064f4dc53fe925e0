import { describe, expect, it } from '@jest/globals';
import type { DispatchStep } from '../../../src/game/dispatch/dispatcher.ts';
import { withPlayerAnnouncements } from '../../../src/game/dispatch/player-announcements.ts';
import { createRecordingClients } from '../../recording-clients.ts';

const UNIT = {
  id: 12,
  accId: 'an-account',
  status: 2,
  data: { unitNum: '1-ADAM-12', name: 'Jim Reed', communityUserId: 'license:c', apiIds: ['steam:c'] },
  unknownField: 'secret',
};

/** @returns what was done, in order: the names of local events, and `net` for what games were sent */
function run(steps: Iterable<DispatchStep>) {
  const clients = createRecordingClients();
  const done: string[] = [];
  for (const step of withPlayerAnnouncements(steps, clients)) {
    if ('emit' in step) done.push(step.emit[0]);
    else {
      const before = clients.sent.length;
      step.commit();
      done.push(clients.sent.length > before ? 'net' : 'commit');
    }
  }
  return { done, sent: clients.sent };
}

describe('withPlayerAnnouncements', () => {
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

  it('leaves all other steps as they are, and asks for each only once the one before was run', () => {
    let committed = false;
    function* steps(): Iterable<DispatchStep> {
      yield { emit: ['SonoranCAD::pushevents:UnitLogout', 12] };
      yield {
        commit() {
          committed = true;
        },
      };
      if (committed) yield { emit: ['SonoranCAD::pushevents:UnitUpdate', UNIT, 2] };
    }
    const { done, sent } = run(steps());
    expect(done).toEqual(['SonoranCAD::pushevents:UnitLogout', 'commit', 'SonoranCAD::pushevents:UnitUpdate']);
    expect(sent).toEqual([]);
  });
});
