import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SetUpNatives, setUpNatives } from './set-up-natives.ts';

let server: SetUpNatives;
beforeEach(() => {
  server = setUpNatives();
});
afterEach(() => server.close());

describe('resource natives', () => {
  it('tell about resources', () => {
    const { folder, invoke } = server;
    expect(invoke('GetCurrentResourceName')).toBe('cad');
    expect(invoke('GetResourceState', 'cad')).toBe('started');
    expect(invoke('GetResourceState', 'none')).toBe('missing');
    expect(invoke('GetResourcePath', 'cad')).toBe(join(folder, 'cad'));
    expect(invoke('GetResourcePath', 'none')).toBeNull();
    expect(invoke('GetResourceMetadata', 'cad', 'author', 0)).toBe('Jo');
    expect(invoke('GetResourceMetadata', 'cad', 'author', 1)).toBeNull();
    expect(invoke('GetNumResourceMetadata', 'cad', 'author')).toBe(1);
    expect(invoke('GetNumResourceMetadata', 'none', 'author')).toBe(0);
    expect(invoke('GetResourceByFindIndex', 0)).toBeNull();
    expect(invoke('GetNumResources')).toBe(2);
    expect([0, 1, 2].map((index) => invoke('GetResourceByFindIndex', index))).toEqual(['cad', 'other', null]);
  });

  it('hand the rest to the host', () => {
    const { set, log, invoke } = server;
    expect(invoke('StartResource', 'other')).toBe(1);
    expect(invoke('StopResource', 'other')).toBe(1);
    expect(invoke('StopResource', 'cad')).toBe(false);
    expect(invoke('StopResource', 'chat')).toBe(false);
    invoke('CancelEvent');
    invoke('ScheduleResourceTick', 'cad');
    expect(log).toEqual([['start', 'other'], ['stop', 'other'], ['cancel'], ['tick', 'cad']]);
    expect(invoke('WasEventCanceled')).toBe(1);
    expect(invoke('GetInvokingResource')).toBeNull();
    expect(invoke('GetGameTimer')).toBe(1234);
    expect(invoke('IsDuplicityVersion')).toBe(1);
    set.players.add({ id: 1 });
    invoke('DropPlayer', 1, 'bye');
    expect(log.at(-1)).toEqual(['dropped', 1, 'bye']);
  });

  it('hash names as the game does', () => {
    const { invoke } = server;
    expect(invoke('GetHashKey', 'adder')).toBe(-1216765807);
    expect(invoke('GetHashKey', 'ADDER')).toBe(-1216765807);
  });

  it('load files from inside a resource only', () => {
    const { folder, invoke } = server;
    writeFileSync(join(folder, 'cad', 'a.txt'), 'grün\0rest');
    writeFileSync(join(folder, 'outside.txt'), 'x');
    expect(invoke('LoadResourceFile', 'cad', 'a.txt')).toBe('grün');
    expect(invoke('LoadResourceFile', 'cad', '/a.txt')).toBe('grün');
    expect(invoke('LoadResourceFile', 'cad', 'none.txt')).toBeNull();
    expect(invoke('LoadResourceFile', 'cad', '../outside.txt')).toBeNull();
    mkdirSync(join(folder, 'cad2'));
    writeFileSync(join(folder, 'cad2', 'a.txt'), 'x');
    expect(invoke('LoadResourceFile', 'cad', '../cad2/a.txt')).toBeNull();
    expect(invoke('LoadResourceFile', 'cad', '.')).toBeNull();
    expect(invoke('LoadResourceFile', 'none', 'a.txt')).toBeNull();
  });

  it('save files into their own folder only', () => {
    const { folder, invoke } = server;
    const saved = () => readFileSync(join(folder, 'cad', 'b.txt'), 'utf8');
    expect(invoke('SaveResourceFile', 'cad', 'b.txt', 'ab\0cd', -1)).toBe(1);
    expect(saved()).toBe('ab');
    expect(invoke('SaveResourceFile', 'cad', 'b.txt', 'ab\0cd', 4)).toBe(1);
    expect(saved()).toBe('ab\0c');
    expect(invoke('SaveResourceFile', 'cad', 'b.txt', 'whole')).toBe(1);
    expect(saved()).toBe('whole');
    expect(invoke('SaveResourceFile', 'cad', 'none/b.txt', 'x', -1)).toBe(false);
    expect(invoke('SaveResourceFile', 'cad', '../b.txt', 'x', -1)).toBe(false);
    expect(invoke('SaveResourceFile', 'other', 'b.txt', 'x', -1)).toBe(false);
    expect(() => invoke('SaveResourceFile', 'cad', 'b.txt', null, -1)).toThrow('Argument at index 2 was null');
  });
});
