import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { type KvpStore, createKvpStore as openDatabase } from '../../packages/fxhost/src/natives/kvp.ts';
import { createKvpStore } from '../../src/platform/kvp-store.ts';
import { describeStore } from '../forward/stores/store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kvp-store-'));
const open: KvpStore[] = [];
let folders = 0;

/** Defines the KVP natives as globals, backed by a database of fxhost. */
function provideNatives(at: string): KvpStore {
  const database = openDatabase({
    folder: at,
    fatal(message) {
      throw new Error(message);
    },
  });
  open.push(database);
  Object.assign(globalThis, {
    GetResourceKvpString: (key: string) => database.get('sonorancad', key)?.value ?? null,
    SetResourceKvpNoSync: (key: string, value: string) =>
      // A C string ends at NUL.
      database.set('sonorancad', key, { type: 'string', value: value.split('\0')[0] ?? '' }, false),
    DeleteResourceKvpNoSync: (key: string) => database.delete('sonorancad', key, false),
    FlushResourceKvp: () => database.flush(),
    StartFindKvp: (prefix: string) => database.startFind('sonorancad', prefix),
    FindKvp: (handle: number) => database.find(handle),
    EndFindKvp: (handle: number) => database.endFind(handle),
  });
  return database;
}

function newFolder(): string {
  folders += 1;
  return join(folder, String(folders));
}

afterEach(() => {
  for (const database of open.splice(0)) database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describeStore('KVP', () => {
  const at = newFolder();
  provideNatives(at);
  const reopen = () => {
    provideNatives(at);
    return createKvpStore('outbox/');
  };
  return { store: createKvpStore('outbox/'), reopen };
});

describe('createKvpStore', () => {
  it('hides keys without its prefix and writes keys with its prefix', () => {
    const database = provideNatives(newFolder());
    database.set('sonorancad', 'o/1', { type: 'string', value: 'a value of the official resource' }, false);
    const store = createKvpStore('outbox/');
    store.set('o/2', 'ours');
    expect([store.get('o/1'), [...store.keys('o/')]]).toEqual([null, ['o/2']]);
    expect(database.get('sonorancad', 'outbox/o/2')?.value).toBe('ours');
  });

  it('throws when all 64 search handles are in use, and releases the handles that it opened', () => {
    const database = provideNatives(newFolder());
    const store = createKvpStore('outbox/');
    const others = Array.from({ length: 64 }, () => database.startFind('other', ''));
    expect(() => [...store.keys('o/')]).toThrow('no free handle');
    database.endFind(others[0] ?? -1);
    expect([...store.keys('o/')]).toEqual([]);
    expect([...store.keys('o/')]).toEqual([]);
  });
});
