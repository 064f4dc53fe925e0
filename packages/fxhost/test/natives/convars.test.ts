import { describe, expect, it } from '@jest/globals';
import { createAccessControl } from '../../src/natives/access-control.ts';
import { type Convars, convarNatives, createConvars } from '../../src/natives/convars.ts';
import { caller } from './caller.ts';

function watched(convars: Convars, filter: string | null = null): string[] {
  const seen: string[] = [];
  convars.addListener('watcher', filter, {
    call: (name) => seen.push(String(name)),
    release: () => seen.push('released'),
  });
  return seen;
}

describe('convars', () => {
  it('finds names in any case and keeps the first spelling', () => {
    const convars = createConvars();
    convars.set('Sonoran_Key', 'a');
    convars.set('SONORAN_KEY', 'b');
    expect(convars.get('sonoran_key')).toBe('b');
    expect(convars.spelling('sonoran_key')).toBe('Sonoran_Key');
  });

  it('keeps a flag once it was given', () => {
    const convars = createConvars();
    convars.set('tags', 'roleplay', 'sets');
    convars.set('tags', 'police', 'set');
    convars.set('theme', 'dark', 'setr');
    convars.set('secret', 'x', 'set');
    expect(convars.serverInfo()).toEqual({ tags: 'police' });
    expect(convars.replicated()).toEqual({ theme: 'dark' });
  });

  it('hides a restricted convar from all but the named resources, in exact case only', () => {
    const convars = createConvars();
    convars.set('sonoran_apiKey', 'secret');
    convars.restrictReading('sonorancad', 'sonoran_apiKey');
    convars.restrictReading('helper', 'sonoran_apiKey');
    expect(convars.read('sonorancad', 'sonoran_apiKey')).toBe('secret');
    expect(convars.read('helper', 'sonoran_apiKey')).toBe('secret');
    expect(convars.read('SonoranCAD', 'sonoran_apiKey')).toBeUndefined();
    expect(convars.read('thief', 'sonoran_apikey')).toBe('secret');
  });

  it('tells listeners within the change, and only when the value is another', () => {
    const convars = createConvars();
    const seen = watched(convars);
    convars.set('a', '1');
    expect(seen).toEqual(['a']);
    convars.set('A', '1');
    expect(seen).toEqual(['a']);
    convars.set('A', '2');
    expect(seen).toEqual(['a', 'a']);
  });

  it('does not count setting a new convar to nothing as a change', () => {
    const convars = createConvars();
    const seen = watched(convars);
    convars.set('a', '');
    expect(seen).toEqual([]);
    expect(convars.get('a')).toBe('');
  });

  it('filters names by a glob with alternatives', () => {
    const convars = createConvars();
    const seen = watched(convars, 'sonoran_* other+a.b');
    for (const name of ['SONORAN_x', 'xsonoran_y', 'other', 'axb', 'a.b']) convars.set(name, '1');
    expect(seen).toEqual(['SONORAN_x', 'other', 'a.b']);
  });

  it('tells of a restricted convar only when a resource changes it that may read it', () => {
    const convars = createConvars();
    const seen = watched(convars);
    convars.restrictReading('sonorancad', 'key');
    convars.set('key', '1');
    convars.set('key', '2', 'set', 'thief');
    expect(seen).toEqual([]);
    convars.set('key', '3', 'set', 'sonorancad');
    expect(seen).toEqual(['key']);
  });

  it('releases listeners once, when they are removed or their resource stops', () => {
    const convars = createConvars();
    const seen: string[] = [];
    const listener = { call: () => seen.push('changed'), release: () => seen.push('released') };
    const cookie = convars.addListener('a', null, listener);
    convars.addListener('b', null, { call: () => seen.push('b'), release: () => {} });
    convars.removeListener(cookie);
    convars.removeListener(cookie);
    convars.removeListenersOf('b');
    convars.set('x', '1');
    expect(seen).toEqual(['released']);
  });
});

function setup() {
  const convars = createConvars();
  const calls: unknown[][] = [];
  const released: string[] = [];
  const natives = convarNatives({
    convars,
    accessControl: createAccessControl(),
    holdRef: (_caller, ref) => ({
      call: (...args) => calls.push([ref, ...args]),
      release: () => released.push(ref),
    }),
  });
  const me = caller('me');
  const invoke = (name: string, ...args: unknown[]) => natives[name]?.(me, ...args);
  return { convars, calls, released, invoke };
}

describe('GetConvar and its kin', () => {
  it('gives the value, or the default as scripts pass it', () => {
    const { convars, invoke } = setup();
    convars.set('name', 'x');
    expect(invoke('GetConvar', 'NAME', 'd')).toBe('x');
    expect(invoke('GetConvar', 'other', 'd')).toBe('d');
    expect(invoke('GetConvar', 'other', '')).toBe('');
    expect(invoke('GetConvar', 'other', null)).toBeNull();
    expect(() => invoke('GetConvar', null, 'd')).toThrow('Argument at index 0 was null');
  });

  it.each([
    ['42', 42],
    [' 42abc', 42],
    ['-7.9', -7],
    ['True', 1],
    ['false', 0],
    ['abc', 5],
    ['', 5],
    ['99999999999', 5],
  ])('reads %p as the integer %p, 5 being the default', (value, expected) => {
    const { convars, invoke } = setup();
    convars.set('n', value);
    expect(invoke('GetConvarInt', 'n', 5)).toBe(expected);
  });

  it.each([
    ['1.5x', 1.5],
    ['-2e2', -200],
    ['.5', 0.5],
    ['true', 9],
    ['1e99', 9],
  ])('reads %p as the float %p, 9 being the default', (value, expected) => {
    const { convars, invoke } = setup();
    convars.set('n', value);
    expect(invoke('GetConvarFloat', 'n', 9)).toBe(expected);
  });

  it.each([
    ['true', false, 1],
    ['FALSE', true, false],
    ['2', false, 1],
    ['maybe', true, 1],
    ['maybe', false, false],
  ])('reads %p with the default %p as the boolean %p', (value, fallback, expected) => {
    const { convars, invoke } = setup();
    convars.set('n', value);
    expect(invoke('GetConvarBool', 'n', fallback)).toBe(expected);
  });

  it('gives resources without permission the default', () => {
    const { convars, invoke } = setup();
    convars.set('key', '7');
    convars.restrictReading('another', 'key');
    expect(invoke('GetConvar', 'key', 'd')).toBe('d');
    expect(invoke('GetConvarInt', 'key', 1)).toBe(1);
  });
});

describe('SetConvar and its kin', () => {
  it('sets values and flags', () => {
    const { convars, invoke } = setup();
    invoke('SetConvar', 'a', 1);
    invoke('SetConvarReplicated', 'b', '2');
    invoke('SetConvarServerInfo', 'c', '3');
    expect(convars.get('a')).toBe('1');
    expect(convars.replicated()).toEqual({ b: '2' });
    expect(convars.serverInfo()).toEqual({ c: '3' });
    expect(() => invoke('SetConvar', 'a', null)).toThrow('Argument at index 1 was null');
  });
});

describe('AddConvarChangeListener', () => {
  it('calls with the name and an empty text until it is removed', () => {
    const { invoke, calls, released } = setup();
    const cookie = invoke('AddConvarChangeListener', 'a*', 'ref:1');
    invoke('SetConvar', 'abc', '1');
    invoke('SetConvar', 'xyz', '1');
    invoke('RemoveConvarChangeListener', cookie);
    invoke('SetConvar', 'abc', '2');
    expect(calls).toEqual([['ref:1', 'abc', '']]);
    expect(released).toEqual(['ref:1']);
  });
});
