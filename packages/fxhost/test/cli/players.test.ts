import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../../test/until.ts';
import { createPlayers, type Players, readPlayer } from '../../src/cli/players.ts';
import type { FxHost } from '../../src/index.ts';
import { manifest, serverWith } from '../server-with.ts';

const CLIENT = `print('here'); setTimeout(() => print('a frame later'), 1); on('onResourceStop', () => print('gone'));
  RegisterCommand('mine', (_source, args) => print('typed', args[0]), false)`;

describe('players who join from the console', () => {
  let host: FxHost;
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
    host = await serverWith({
      mine: { 'fxmanifest.lua': manifest(`client_script 'client.js'`), 'client.js': CLIENT },
      greeter: `RegisterCommand('greet', (source) => emitNet('greeter:hello', source, { to: 'you' }), false)`,
    });
    host.stop('mine');
    printed = [];
    players = createPlayers(host, (line) => void printed.push(line), new Set(['greeter:hidden']));
  });

  it('join by the command join and leave by the command drop', () => {
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
    expect(host.natives.players.list().map(({ id }) => id)).toEqual([2]);
    expect(['status', 'sonorancad status', ''].map((line) => players.run(line))).toEqual([false, false, false]);
  });

  it('run the client scripts of each resource from its start to its stop, and say what those print', async () => {
    const id = players.join({ name: 'Max' });
    host.ensure('mine');
    await until(() => seenBy(id).length > 1);
    type(`as ${id} /mine here`);
    host.stop('mine');
    host.ensure('mine');
    type(`drop ${id}`);
    host.stop('mine');
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

  it('run commands of the server, and print the net events that they receive except the hidden ones', () => {
    const id = players.join({ name: 'Max' });
    expect(type(`as ${id} /greet`)).toEqual([
      `^5[player ${id} Max]^7 types /greet`,
      `^5[player ${id} Max]^7 net event greeter:hello {"to":"you"}`,
    ]);
    expect(type(`as ${id} nothing`)).toEqual(['No resource has a command "nothing".']);
    expect(type(`as ${id}`)).toEqual(['as <id> <command>: which command?']);
  });
});

describe('a player of a command-line option', () => {
  it('is read as a name and identifiers', () => {
    expect(readPlayer('Max')).toEqual({ name: 'Max' });
    expect(readPlayer('Ada Okafor, license:0123,steam:45')).toEqual({
      name: 'Ada Okafor',
      identifiers: ['license:0123', 'steam:45'],
    });
  });

  it.each(['Ada, Okafor', '', ',license:1'])('is refused when it reads "%s"', (text) => {
    expect(() => readPlayer(text)).toThrow(`--player ${text}: expected a name, then identifiers`);
  });
});
