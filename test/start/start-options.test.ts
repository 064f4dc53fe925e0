import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readStartOptions } from '../../scripts/start/start-options.ts';

describe('the options of npm start', () => {
  it('have defaults, and a key that differs each time', () => {
    const [one, two] = [readStartOptions([]), readStartOptions([])];
    expect(one).toMatchObject({ port: 30120, name: 'sonorancad', resources: [], powerLoss: false, fakecad: false });
    expect(one.key).toMatch(/^[0-9a-f]{32}$/);
    expect(one.key).not.toBe(two.key);
    expect(one.players.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '7 Lamar Davis',
      '12 Jim Reed',
      '18 Pete Malloy',
    ]);
  });

  it('can all be given', () => {
    const args = [
      '--port',
      '0',
      '--key',
      'k',
      '--resource',
      'a',
      '--resource',
      'b',
      '--name',
      'n',
      '--root',
      'r',
      '--power-loss',
      '--empty',
      '--player',
      'Ada Okafor, license:0123,steam:45',
      '--player',
      'Max',
      '--fakecad',
      '--edition',
      'enhanced',
    ];
    expect(readStartOptions(args)).toEqual({
      port: 0,
      key: 'k',
      resources: [resolve('a'), resolve('b')],
      name: 'n',
      root: resolve('r'),
      powerLoss: true,
      players: [{ name: 'Ada Okafor', identifiers: ['license:0123', 'steam:45'] }, { name: 'Max' }],
      fakecad: true,
      edition: 'enhanced',
    });
  });

  it.each([
    ['--port', 'x'],
    ['--port', '70000'],
    ['--nonsense', '1'],
    ['--player', 'Ada, Okafor'],
    ['--player', ''],
  ])('refuse %s %s', (...args) => {
    expect(() => readStartOptions(args)).toThrow(args[0] as string);
  });
});
