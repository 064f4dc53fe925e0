import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createNatives, type NativeSet } from '../../../scripts/fxhost/natives/create-natives.ts';
import type { ResourceInfo, RuntimeHost } from '../../../scripts/fxhost/types.ts';
import { caller, resource } from './caller.ts';

let folder: string;
let set: NativeSet;
let printed: string[];
let called: unknown[][];
let log: unknown[][];
let cad: RuntimeHost;

const invoke = (name: string, ...args: unknown[]) => set.natives[name]?.(cad, ...args);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'natives-'));
  printed = [];
  called = [];
  log = [];
  mkdirSync(join(folder, 'cad'));
  const metadata = {
    get: (key: string, index = 0) => (key === 'author' && index === 0 ? 'Jo' : null),
    count: (key: string) => (key === 'author' ? 1 : 0),
  };
  const resources: ResourceInfo[] = [
    { ...resource('cad', join(folder, 'cad')), metadata },
    resource('other', join(folder, 'cad', '..', 'other')),
  ];
  set = createNatives({
    resources: {
      list: () => resources,
      find: (name) => resources.find((known) => known.name === name),
      state: (name) => (resources.some((known) => known.name === name) ? 'started' : 'missing'),
      start: (name) => log.push(['start', name]) > 0,
      stop: (name) => log.push(['stop', name]) > 0,
    },
    runtime: {
      cancelEvent: () => log.push(['cancel']),
      wasEventCanceled: () => true,
      scheduleTick: (name) => log.push(['tick', name]),
      gameTimer: () => 1234.5,
    },
    kvp: { folder: join(folder, 'db') },
    configFolder: folder,
    callRef: (ref, args) => called.push([ref, ...args]),
    print: (text) => printed.push(text),
    fatal: (message) => {
      throw new Error(message);
    },
    playerDropped: (player, reason) => log.push(['dropped', player.id, reason]),
  });
  cad = caller('cad', {
    resource: resource('cad', join(folder, 'cad')),
    duplicateRef: (ref) => `${ref}+`,
    deleteRef: (ref) => log.push(['deleted', ref]),
  });
});

afterEach(() => {
  set.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server configuration', () => {
  it('runs from files, its own and those of resources', () => {
    writeFileSync(join(folder, 'cad', 'cad.cfg'), 'add_convar_permission cad read sonoran_apiKey\n');
    writeFileSync(
      join(folder, 'server.cfg'),
      [
        '# comment',
        'set sonoran_apiKey "secret" # more',
        'sets tags "a, b"; setr theme dark',
        'set sonoran_list ["a;b", 1]',
        'exec @cad/cad.cfg',
        'add_ace group.admin command.reload allow',
        'add_principal identifier.license:1 group.admin',
        'add_filesystem_permission cad write other',
        'add_unsafe_child_process_permission cad',
        'add_unsafe_worker_permission cad',
      ].join('\r\n'),
    );
    set.runConsole('exec server.cfg');
    expect(printed).toEqual([]);
    expect(invoke('GetConvar', 'sonoran_apiKey', '')).toBe('secret');
    expect(set.natives.GetConvar?.(caller('thief'), 'sonoran_apiKey', 'none')).toBe('none');
    expect(invoke('GetConvar', 'sonoran_list', '')).toBe('["a;b", 1]');
    expect(set.convars.serverInfo()).toEqual({ tags: 'a, b' });
    expect(set.convars.replicated()).toEqual({ theme: 'dark' });
    expect(invoke('IsPrincipalAceAllowed', 'identifier.license:1', 'command.reload')).toBe(1);
    expect(set.permissions.mayWrite('cad', 'other')).toBe(true);
    expect(set.permissions.mayWrite('other', 'cad')).toBe(false);
    expect(set.permissions.mayUseChildProcess('cad')).toBe(true);
    expect(set.permissions.mayUseWorker('other')).toBe(false);
  });

  it('names what is wrong', () => {
    set.permissions.lock();
    set.runConsole('exec none.cfg; exec @none/x.cfg; add_ace a b maybe; set a b c; add_unsafe_worker_permission cad');
    expect(printed).toEqual([
      'No such config file: none.cfg',
      'No such config file: @none/x.cfg',
      "Access type needs to be 'allow' or 'deny'.",
      'Argument count mismatch (passed 3, wanted 2)',
      'Warning: add_unsafe_worker_permission is only executable before the server finished execution.',
    ]);
    expect(set.permissions.mayUseWorker('cad')).toBe(false);
  });

  it('can take back and test what it gave', () => {
    set.runConsole('add_ace group.a x allow; add_principal player.1 group.a; test_ace player.1 x');
    set.runConsole('remove_principal player.1 group.a; test_ace player.1 x');
    set.runConsole('remove_ace group.a x allow; test_ace group.a x');
    expect(printed).toEqual(['player.1 -> x = true', 'player.1 -> x = false', 'group.a -> x = false']);
  });
});

describe('commands of scripts', () => {
  it('run from the console, from players and from resources that may', () => {
    set.players.add({ id: 3, identifiers: ['license:1'] });
    set.runConsole('add_ace identifier.license:1 command.reload allow');
    invoke('RegisterCommand', 'reload', 'ref:1', true);
    set.runConsole('reload now');
    set.runAsPlayer(3, 'reload');
    invoke('ExecuteCommand', 'reload "a b"');
    set.natives.ExecuteCommand?.(caller('other'), 'reload');
    expect(called).toEqual([
      ['ref:1', 0, ['now'], 'reload now'],
      ['ref:1', 3, [], 'reload'],
      ['ref:1', 0, ['a b'], 'reload "a b"'],
    ]);
    expect(printed).toEqual(['Access denied for command reload.']);
    expect(invoke('IsPlayerAceAllowed', 3, 'command.reload')).toBe(1);
    expect(invoke('IsPlayerAceAllowed', 3, 'command.quit')).toBe(false);
    expect(invoke('IsPlayerAceAllowed', 4, 'command.reload')).toBe(false);
    expect(invoke('GetRegisteredCommands')).toContainEqual({ name: 'reload' });
  });

  it('may ask what the one who runs them may', () => {
    expect(invoke('IsAceAllowed', 'command.x')).toBe(false);
    expect(set.accessControl.runAs(['system.console'], () => invoke('IsAceAllowed', 'command.x'))).toBe(1);
  });
});

describe('a stopped resource', () => {
  it('leaves no command and no convar listener behind', () => {
    invoke('RegisterCommand', 'x', 'ref:1', false);
    invoke('AddConvarChangeListener', null, 'ref:2');
    set.runConsole('set a 1');
    expect(called).toEqual([['ref:2+', 'a', '']]);
    set.resourceStopped('cad');
    set.runConsole('set a 2; x');
    expect(called).toHaveLength(1);
    expect(printed).toEqual(['No such command x.']);
    expect(log).toEqual([['deleted', 'ref:2+']]);
  });
});

describe('key-value natives', () => {
  it('give null or 0 for what is missing, and values of their type', () => {
    expect(invoke('GetResourceKvpString', 'a')).toBeNull();
    expect(invoke('GetResourceKvp', 'a')).toBeNull();
    expect(invoke('GetResourceKvpInt', 'a')).toBe(0);
    expect(invoke('GetResourceKvpFloat', 'a')).toBe(0);
    invoke('SetResourceKvp', 's', 'cut\0here');
    invoke('SetResourceKvpIntNoSync', 'i', 2 ** 31);
    invoke('SetResourceKvpFloatNoSync', 'f', 0.1);
    invoke('FlushResourceKvp');
    expect(invoke('GetResourceKvpString', 's')).toBe('cut');
    expect(invoke('GetResourceKvpInt', 'i')).toBe(-(2 ** 31));
    expect(invoke('GetResourceKvpFloat', 'f')).toBe(Math.fround(0.1));
    expect(invoke('GetResourceKvpFloat', 'i')).toBe(-(2 ** 31));
    expect(invoke('GetResourceKvp', 'i')).toBe(-(2 ** 31));
    invoke('DeleteResourceKvp', 's');
    invoke('DeleteResourceKvpNoSync', 'i');
    const handle = invoke('StartFindKvp', '');
    expect([invoke('FindKvp', handle), invoke('FindKvp', handle)]).toEqual(['f', null]);
    invoke('EndFindKvp', handle);
    expect(() => invoke('FindKvp', handle)).toThrow('FXServer would crash');
  });

  it('throw when a value is of another type, or none', () => {
    invoke('SetResourceKvpNoSync', 's', 'text');
    invoke('SetResourceKvpFloat', 'f', 1.5);
    invoke('SetResourceKvpInt', 'i', 1);
    expect(() => invoke('GetResourceKvpInt', 's')).toThrow('std::bad_cast');
    expect(() => invoke('GetResourceKvpFloat', 's')).toThrow('std::bad_cast');
    expect(() => invoke('GetResourceKvpInt', 'f')).toThrow('std::bad_cast');
    expect(() => invoke('GetResourceKvpString', 'i')).toThrow('std::bad_cast');
    expect(() => invoke('SetResourceKvp', 's', null)).toThrow('Argument at index 1 was null');
  });
});

describe('resource natives', () => {
  it('tell about resources', () => {
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
    expect(invoke('GetHashKey', 'adder')).toBe(-1216765807);
    expect(invoke('GetHashKey', 'ADDER')).toBe(-1216765807);
  });

  it('load files from inside a resource only', () => {
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
