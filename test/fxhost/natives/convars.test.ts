import { describe, expect, it } from '@jest/globals';
import { type Convars, createConvars } from '../../../scripts/fxhost/natives/convars.ts';

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
