import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  floatArgument,
  integerArgument,
  requiredBytes,
  requiredText,
  textArgument,
} from '../../src/natives/native-arguments.ts';
import { caller } from './caller.ts';
import { type SetUpNatives, setUpNatives } from './set-up-natives.ts';

let server: SetUpNatives;
beforeEach(() => {
  server = setUpNatives();
});
afterEach(() => server.close());

describe('a server configuration', () => {
  it('runs from files, its own and those of resources', () => {
    const { folder, set, printed, invoke } = server;
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
    expect(set.permissions.may('write', 'cad', 'other')).toBe(true);
    expect(set.permissions.may('write', 'other', 'cad')).toBe(false);
    expect(set.permissions.may('child process', 'cad')).toBe(true);
    expect(set.permissions.may('worker', 'other')).toBe(false);
  });

  it('names what is wrong', () => {
    const { set, printed } = server;
    set.permissions.lock();
    set.runConsole('exec none.cfg; exec @none/x.cfg; add_ace a b maybe; set a b c; add_unsafe_worker_permission cad');
    expect(printed).toEqual([
      'No such config file: none.cfg',
      'No such config file: @none/x.cfg',
      "Access type needs to be 'allow' or 'deny'.",
      'Argument count mismatch (passed 3, wanted 2)',
      'Warning: add_unsafe_worker_permission is only executable before the server finished execution.',
    ]);
    expect(set.permissions.may('worker', 'cad')).toBe(false);
  });

  it('can take back and test what it gave', () => {
    const { set, printed } = server;
    set.runConsole('add_ace group.a x allow; add_principal player.1 group.a; test_ace player.1 x');
    set.runConsole('remove_principal player.1 group.a; test_ace player.1 x');
    set.runConsole('remove_ace group.a x allow; test_ace group.a x');
    expect(printed).toEqual(['player.1 -> x = true', 'player.1 -> x = false', 'group.a -> x = false']);
  });
});

describe('commands of scripts', () => {
  it('run from the console, from players and from resources that may', () => {
    const { set, printed, called, invoke } = server;
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
    const { set, invoke } = server;
    expect(invoke('IsAceAllowed', 'command.x')).toBe(false);
    expect(set.accessControl.runAs(['system.console'], () => invoke('IsAceAllowed', 'command.x'))).toBe(1);
  });
});

describe('a command that nobody registered', () => {
  it('is an event of the console for scripts, and one of the player who typed it', () => {
    const { set, log, cancelled } = server;
    set.players.add({ id: 3 });
    set.runConsole('status all');
    set.runAsPlayer(3, 'dance');
    cancelled.add('rconCommand');
    set.runConsole('map one');
    expect(log).toEqual([
      ['emitted', 'rconCommand', 'status', ['all'], 'now'],
      ['emitted', '__cfx_internal:commandFallback', 'dance', 'now', 'internal-net:3'],
      ['emitted', 'rconCommand', 'map', ['one'], 'now'],
    ]);
  });
});

describe('a stopped resource', () => {
  it('leaves no command and no convar listener behind', () => {
    const { set, printed, called, log, invoke } = server;
    invoke('RegisterCommand', 'x', 'ref:1', false);
    invoke('AddConvarChangeListener', null, 'ref:2');
    set.runConsole('set a 1');
    expect(called).toEqual([['ref:2+', 'a', '']]);
    set.resourceStopped('cad');
    set.runConsole('set a 2; x');
    expect(called).toHaveLength(1);
    expect(printed).toEqual(['No such command x.']);
    expect(log).toEqual([
      ['deleted', 'ref:2+'],
      ['emitted', 'rconCommand', 'x', [], 'now'],
    ]);
  });
});

describe('arguments of natives', () => {
  it.each([0, null, undefined, false])('turns %p given for text into NULL', (value) => {
    expect(textArgument(value)).toBeNull();
    expect(() => requiredText(['', value], 1)).toThrow('Argument at index 1 was null.');
  });

  it.each([
    [12, '12'],
    [true, 'true'],
    ['', ''],
    ['ab\0cd', 'ab'],
    ['a\ud800b', 'a\ufffdb'],
    [Buffer.from('öl'), 'öl'],
    [Buffer.from([0x61, 0xff]), 'a\ufffd'],
  ])('reads %p as the text %p', (value, text) => {
    expect(textArgument(value)).toBe(text);
  });

  it('reads buffers that come from another global scope', () => {
    expect(textArgument(runInNewContext('new Uint8Array([111, 107])'))).toBe('ok');
    expect(textArgument(runInNewContext('new Uint8Array([111, 107]).buffer'))).toBe('ok');
  });

  it('keeps NULs in bytes', () => {
    expect(requiredBytes(['a\0b'], 0)).toEqual(Buffer.from('a\0b'));
    expect(() => requiredBytes([null], 0)).toThrow('Argument at index 0 was null');
  });

  it.each([
    [2 ** 31, -(2 ** 31)],
    [2 ** 32 + 5, 5],
    [true, 1],
    [undefined, 0],
    [1.5, 0x3fc00000],
  ])('reads %p as the integer %p', (value, integer) => {
    expect(integerArgument([value], 0)).toBe(integer);
  });

  it('reads floats in 32 bits', () => {
    expect(floatArgument([0.1], 0)).toBe(Math.fround(0.1));
  });

  it('refuses text given for a number', () => {
    expect(() => integerArgument(['7'], 0)).toThrow('Argument at index 0 is no number');
  });
});
