import { describe, expect, it } from '@jest/globals';
import { createAccessControl } from '../../../scripts/fxhost/natives/access-control.ts';
import { convarNatives, createConvars } from '../../../scripts/fxhost/natives/convars.ts';
import { caller } from './caller.ts';

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
