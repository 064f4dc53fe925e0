import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readDevelopmentKey, writeDevelopmentKey } from '../../scripts/development-key.ts';
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
  ])('refuse %s %s', (...args) => {
    expect(() => readStartOptions(args)).toThrow(args[0] as string);
  });
});

describe('the key of the running stand-in', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as it was written, in a folder that was not there', () => {
    const path = join(folder, 'new', 'key');
    writeDevelopmentKey('a-development-key', path);
    expect(readDevelopmentKey(path)).toBe('a-development-key');
  });

  it('is null before anything was started', () => {
    expect(readDevelopmentKey(join(folder, 'key'))).toBeNull();
  });
});
