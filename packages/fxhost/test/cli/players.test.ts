import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { manifest } from '../../packages/fxhost/test/write-resource.ts';
import { createPlayers } from '../../scripts/start/players.ts';
import { STORY, STORY_PLAYERS } from '../../src/program/send/samples.ts';
import { KEY, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

describe('players of npm start', () => {
  let served: ServedResource;
  let printed: string[];
  let players: ReturnType<typeof createPlayers>;
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
    players = createPlayers(served.host, (line) => void printed.push(line));
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
      'notification: CAD notifications: Notifications are off. "/cadnotify on" brings them back.',
    ]);
    expect(type('as 12 sonorancda')).toEqual(['No resource has a command "sonorancda".']);
    expect(type('as 12')).toEqual(['as <id> <command>: which command?']);
  });

  it('join and leave', () => {
    expect(type('players')).toEqual(['No player has joined. "join" lets one join.']);
    expect(type('join "Ada Okafor" license:0123 steam:45')[0]).toMatch(
      /^Player 1, Ada Okafor, license:0123, steam:45 joined\./,
    );
    expect(type('join')[0]).toMatch(/^Player 2, Player 2, license:0{39}2 joined\./);
    expect(type('join Ada Okafor')).toEqual([expect.stringContaining('"Okafor" is no identifier')]);
    expect(type('players')).toHaveLength(2);
    expect(type('drop 3')).toEqual(['There is no player "3". There are: 1, 2.']);
    type('drop 1');
    expect(seenBy(1)).toEqual(['left: Exiting']);
    expect(type('players')).toEqual([expect.stringContaining('Player 2')]);
    expect(served.host.natives.players.list().map(({ id }) => id)).toEqual([2]);
    expect(['status', 'sonorancad status', ''].map((line) => players.run(line))).toEqual([false, false, false]);
  });

  it('run the client scripts of each resource from its start to its stop, and say what those print', async () => {
    const id = players.join({ name: 'Max' });
    served.add('mine', {
      'fxmanifest.lua': manifest(`client_script 'client.js'`),
      'client.js': `print('here'); setTimeout(() => print('a frame later'), 1); on('onResourceStop', () => print('gone'));
        RegisterCommand('mine', (_source, args) => print('typed', args[0]), false)`,
    });
    served.host.ensure('mine');
    await until(() => seenBy(id).length > 1);
    type(`as ${id} /mine here`);
    served.host.stop('mine');
    served.host.ensure('mine');
    type(`drop ${id}`);
    served.host.stop('mine');
    expect(seenBy(id)).toEqual([
      ...[
        'console: here',
        'console: a frame later',
        'console: typed here',
        'console: gone',
        'console: here',
        'left: Exiting',
      ],
    ]);
  });
});
