import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SetUpNatives, setUpNatives } from './set-up-natives.ts';

let server: SetUpNatives;
beforeEach(() => {
  server = setUpNatives();
});
afterEach(() => server.close());

describe('key-value natives', () => {
  it('give null or 0 for what is missing, and values of their type', () => {
    const { invoke } = server;
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
    const { invoke } = server;
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
