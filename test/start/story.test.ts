import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPlayers, type Players } from '../../packages/fxhost/src/cli/players.ts';
import { SHOWN_BY_GAME } from '../../scripts/start.ts';
import { STORY, STORY_PLAYERS } from '../../src/program/send/samples.ts';
import { KEY, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

describe('players of npm start', () => {
  let served: ServedResource;
  let printed: string[];
  let players: Players;
  /** What a player saw, one line each. */
  const seenBy = (id: number) =>
    printed.flatMap((line) => new RegExp(`^\\^5\\[player ${id} [^\\]]+\\]\\^7 (.*)`).exec(line)?.[1] ?? []);
  const type = (line: string) => {
    const before = printed.length;
    expect(players.run(line)).toBe(true);
    return printed.slice(before);
  };

  beforeEach(async () => {
    served = await serveResource();
    served.host.ensure('sonorancad');
    printed = [];
    players = createPlayers(served.host, (line) => void printed.push(line), SHOWN_BY_GAME);
  });
  afterEach(() => served.close());

  it('see the story as they would in the game', async () => {
    for (const player of STORY_PLAYERS) players.join(player);
    for (const { body } of STORY) {
      expect(await postDirectly(served.host, JSON.stringify({ ...body, key: KEY }))).toMatchObject({ status: 200 });
    }
    await until(() => seenBy(12).some((line) => line.includes('EVENT_UNIT_LOGOUT')));
    expect(seenBy(7)).toEqual([
      'notification: Help is on the way: 1-ADAM-12 is responding to your call.',
      'notification: Help is on the way: 1-KING-18 is responding to your call.',
    ]);
    const reed = seenBy(12);
    expect(reed).toContain(
      'notification: Emergency call (911): Lamar Davis at Forum Dr / Strawberry Ave: Someone is breaking into my car!',
    );
    expect(reed).toContain('sound: Start_Squelch (CB_RADIO_SFX)');
    expect(reed).toContain('net event sonorancad:pushEvent "EVENT_UNIT_STATUS" {"identIds":[12],"status":3}');
    expect(reed.filter((line) => line.startsWith('waypoint'))).toEqual([
      'waypoint: set at 402.5, -981.1',
      'waypoint: gone',
    ]);
    expect(reed.join('\n')).not.toMatch(/net event sonorancad:(?:notify|sound|waypoint)/);
  });

  it('type commands, and see what they are answered', async () => {
    players.join({ id: 12, name: 'Jim Reed' });
    type('as 12 /cadnotify off');
    await until(() => seenBy(12).length > 1);
    expect(seenBy(12)).toEqual([
      'types /cadnotify off',
      'notification: CAD notifications: Notifications are off. Switch them on with "/cadnotify on".',
    ]);
    expect(type('as 12 sonorancda')).toEqual(['No resource has a command "sonorancda".']);
    expect(type('as 12')).toEqual(['as <id> <command>: which command?']);
  });
});
