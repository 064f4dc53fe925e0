import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FileStore } from '../../../src/forward/stores/file-store.ts';
import { createMemoryStore } from '../memory-store.ts';
import { describeStore } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-store-'));
const open: FileStore[] = [];
let files = 0;

function newFile(): string {
  files += 1;
  return join(folder, 'deeper', `${files}.log`);
}

function openStore(file: string): FileStore {
  const store = new FileStore(file);
  open.push(store);
  return store;
}

afterAll(() => {
  for (const store of open) store.close();
  rmSync(folder, { recursive: true });
});

describeStore('a file', () => {
  const file = newFile();
  return { store: openStore(file), reopen: () => openStore(file) };
});

describe('a file store', () => {
  it('loses only the line that a power cut tore', () => {
    const file = newFile();
    const store = openStore(file);
    store.set('a', 'first');
    store.set('b', 'second');
    truncateSync(file, statSync(file).size - 4);
    const again = openStore(file);
    expect([again.get('a'), again.get('b'), again.unreadable]).toEqual(['first', null, 1]);
    again.set('c', 'third');
    expect(openStore(file).get('c')).toBe('third');
  });

  it('skips lines that are not its own', () => {
    const file = newFile();
    openStore(file).set('a', '1');
    appendFileSync(file, 'nonsense\n{"a":2}\n[1,2]\n["a","2","3"]\n\n["b","2"]\n');
    const again = openStore(file);
    expect([again.get('a'), again.get('b'), again.unreadable]).toEqual(['1', '2', 4]);
  });

  it('is compacted when most of it is out of date', () => {
    const file = newFile();
    const store = openStore(file);
    store.set('kept', 'value');
    for (let n = 0; n < 1_000; n += 1) store.set('changing', `${n}${'x'.repeat(2_000)}`);
    store.delete('changing');
    expect(statSync(file).size).toBeGreaterThan(1_000_000);
    store.flush();
    expect(readFileSync(file, 'utf8')).toBe('["kept","value"]\n');
    store.set('more', '1');
    const again = openStore(file);
    expect([again.get('kept'), again.get('more')]).toEqual(['value', '1']);
  });

  it('stays as it was when a change cannot be written', () => {
    const file = newFile();
    const store = openStore(file);
    store.set('a', '1');
    store.close();
    store.set('a', '2');
    store.delete('a');
    expect(store.get('a')).toBe('1');
    open.splice(open.indexOf(store), 1);
  });
});

describeStore('memory', () => {
  const store = createMemoryStore();
  return { store, reopen: () => createMemoryStore(new Map(store.values)) };
});
