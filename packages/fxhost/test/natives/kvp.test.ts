import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SOURCE_FLAGS } from '../../../../test/child-program.ts';
import { createKvpStore, type KvpStore } from '../../src/natives/kvp.ts';
import { type SetUpNatives, setUpNatives } from './set-up-natives.ts';

const open: KvpStore[] = [];
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kvp-'));
  folders.push(folder);
  return folder;
}

function openStore(folder: string, options: { powerLoss?: boolean } = {}): KvpStore {
  const store = createKvpStore({
    folder: join(folder, 'db'),
    ...options,
    fatal: (message) => {
      throw new Error(`fatal: ${message}`);
    },
  });
  open.push(store);
  return store;
}

function close(store: KvpStore): void {
  open.splice(open.indexOf(store), 1);
  store.close();
}

function keys(store: KvpStore, resource: string, prefix: string): string[] {
  const handle = store.startFind(resource, prefix);
  const found: string[] = [];
  for (let key = store.find(handle); key !== null; key = store.find(handle)) found.push(key);
  store.endFind(handle);
  return found;
}

const text = (value: string) => ({ type: 'string', value }) as const;

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the key-value store', () => {
  it('keeps typed values over a restart', () => {
    const folder = newFolder();
    const store = openStore(folder);
    store.set('cad', 's', text('grün'), true);
    store.set('cad', 'i', { type: 'int', value: -5 }, false);
    store.set('cad', 'f', { type: 'float', value: 1.5 }, false);
    store.set('cad', 'nan', { type: 'float', value: Number.NaN }, false);
    store.set('cad', 'gone', text('x'), true);
    store.delete('cad', 'gone', true);
    close(store);
    const again = openStore(folder);
    expect(again.get('cad', 's')).toEqual(text('grün'));
    expect(again.get('cad', 'i')).toEqual({ type: 'int', value: -5 });
    expect(again.get('cad', 'f')).toEqual({ type: 'float', value: 1.5 });
    expect(again.get('cad', 'nan')).toEqual({ type: 'float', value: Number.NaN });
    expect(again.get('cad', 'gone')).toBeNull();
  });

  it('lets each resource see its own keys only', () => {
    const store = openStore(newFolder());
    store.set('cad', 'a', text('1'), false);
    store.set('cad2', 'a', text('2'), false);
    expect(store.get('cad', 'a')).toEqual(text('1'));
    expect(keys(store, 'cad', '')).toEqual(['a']);
  });

  it('finds keys by prefix in bytewise order, as they were when the walk began', () => {
    const store = openStore(newFolder());
    for (const key of ['b:\u{1f600}', 'b:\uffee', 'b:z', 'b:Z', 'b:10', 'b:9', 'a', 'c']) {
      store.set('cad', key, text('x'), false);
    }
    const handle = store.startFind('cad', 'b:');
    store.set('cad', 'b:0', text('x'), false);
    store.delete('cad', 'b:9', false);
    const found = Array.from({ length: 7 }, () => store.find(handle));
    expect(found).toEqual(['b:10', 'b:9', 'b:Z', 'b:z', 'b:\uffee', 'b:\u{1f600}', null]);
  });

  it('has 64 walks for everybody together, the first being 0', () => {
    const store = openStore(newFolder());
    const handles = Array.from({ length: 65 }, (_, i) => store.startFind(i % 2 === 0 ? 'a' : 'b', ''));
    expect([handles[0], handles[63], handles[64]]).toEqual([0, 63, -1]);
    store.endFind(5);
    expect(store.startFind('a', '')).toBe(5);
  });

  it('ends the run when an ended walk goes on, but ignores handles out of range', () => {
    const store = openStore(newFolder());
    const handle = store.startFind('a', '');
    store.endFind(handle);
    store.endFind(handle);
    expect(() => store.find(handle)).toThrow('fatal: FindKvp(0)');
    expect(store.find(-1)).toBeNull();
    expect(store.find(64)).toBeNull();
  });

  it('loses writes in silence while it is broken', () => {
    const store = openStore(newFolder());
    store.broken = true;
    store.set('cad', 'a', text('1'), true);
    store.flush();
    expect(store.get('cad', 'a')).toBeNull();
    store.broken = false;
    store.set('cad', 'a', text('1'), true);
    store.broken = true;
    store.delete('cad', 'a', true);
    expect(store.get('cad', 'a')).toEqual(text('1'));
  });

  it('makes a new store when the old file is none', () => {
    const folder = newFolder();
    close(openStore(folder));
    writeFileSync(join(folder, 'db', 'default.sqlite'), 'rubbish '.repeat(2000));
    const store = openStore(folder);
    store.set('cad', 'a', text('1'), true);
    expect(store.get('cad', 'a')).toEqual(text('1'));
  });

  it('opens again when nothing was written the last time', () => {
    const folder = newFolder();
    close(openStore(folder));
    close(openStore(folder));
    const store = openStore(folder);
    store.flush();
    expect(keys(store, 'cad', '')).toEqual([]);
  });
});

describe('a power cut', () => {
  it('takes what was not flushed: new, changed and deleted keys', () => {
    const folder = newFolder();
    const store = openStore(folder, { powerLoss: true });
    store.set('cad', 'kept', text('1'), false);
    store.set('cad', 'changed', text('old'), false);
    store.set('cad', 'deleted', { type: 'int', value: 3 }, false);
    store.flush();
    store.set('cad', 'changed', text('newer'), false);
    store.set('cad', 'changed', text('newest'), false);
    store.delete('cad', 'deleted', false);
    store.set('cad', 'new', text('1'), false);
    expect(keys(store, 'cad', '')).toEqual(['changed', 'kept', 'new']);
    close(store);
    const again = openStore(folder);
    expect(keys(again, 'cad', '')).toEqual(['changed', 'deleted', 'kept']);
    expect(again.get('cad', 'changed')).toEqual(text('old'));
    expect(again.get('cad', 'deleted')).toEqual({ type: 'int', value: 3 });
  });

  it('spares everything before a synced write', () => {
    const folder = newFolder();
    const store = openStore(folder, { powerLoss: true });
    store.set('cad', 'a', text('1'), false);
    store.set('cad', 'b', text('1'), true);
    close(store);
    expect(keys(openStore(folder, { powerLoss: true }), 'cad', '')).toEqual(['a', 'b']);
  });
});

describe('a killed process', () => {
  it('loses nothing, flushed or not', async () => {
    const folder = newFolder();
    const module = fileURLToPath(new URL('../../src/natives/kvp.ts', import.meta.url));
    const script = `
      const { createKvpStore } = await import(process.argv[1]);
      const store = createKvpStore({ folder: process.argv[2], fatal: (message) => { throw new Error(message); } });
      for (let i = 0; i < 500; i++) store.set('cad', 'k' + i, { type: 'string', value: 'v' + i }, false);
      process.stdout.write('written');
      setInterval(() => {}, 1000);
    `;
    const args = [...SOURCE_FLAGS, '--input-type=module', '-e', script, module, join(folder, 'db')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = openStore(folder);
    expect(keys(store, 'cad', '')).toHaveLength(500);
    expect(store.get('cad', 'k499')).toEqual(text('v499'));
  });
});

describe('key-value natives', () => {
  let server: SetUpNatives;
  beforeEach(() => {
    server = setUpNatives();
  });
  afterEach(() => server.close());

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
