import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FileStore as Store } from '../../../src/forward/stores/file-store.ts';

/** What the disk does, in the order in which it is asked to: `fsync 1.log.new`. */
const done: string[] = [];
/** What is open, by its descriptor. */
const open = new Map<number, string>();
/** What the disk refuses from now on, as it stands in `done`. */
let refused: string | null = null;
/** The most bytes that it takes at once. */
let bytesAtOnce = Number.POSITIVE_INFINITY;

function does(what: string, path: string): void {
  const step = `${what} ${basename(path)}`;
  if (step === refused) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  done.push(step);
}

const nameOf = (descriptor: number) => open.get(descriptor) ?? 'nothing';

jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  openSync(path: string, flags: string) {
    does('open', path);
    const descriptor = fs.openSync(path, flags);
    open.set(descriptor, path);
    return descriptor;
  },
  writeSync(descriptor: number, bytes: Buffer, offset = 0) {
    does('write', nameOf(descriptor));
    return fs.writeSync(descriptor, bytes, offset, Math.min(bytes.length - offset, bytesAtOnce));
  },
  fsyncSync(descriptor: number) {
    does('fsync', nameOf(descriptor));
    fs.fsyncSync(descriptor);
  },
  renameSync(from: string, to: string) {
    does('rename', from);
    fs.renameSync(from, to);
  },
  closeSync(descriptor: number) {
    does('close', nameOf(descriptor));
    open.delete(descriptor);
    fs.closeSync(descriptor);
  },
}));
const { FileStore } = await import('../../../src/forward/stores/file-store.ts');

const folder = fs.mkdtempSync(join(tmpdir(), 'compaction-'));
const stores: Store[] = [];
let file = '';
let complaints: string[] = [];

/** Fills the file with more than a megabyte that is out of date. */
function fill(store: Store): void {
  for (let n = 0; n < 600; n += 1) store.set('changing', `${n}${'x'.repeat(2_000)}`);
  store.set('changing', 'last');
}

function openStore(): Store {
  const store = new FileStore(file, (reason) => complaints.push(reason));
  stores.push(store);
  return store;
}

const lines = () => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);

beforeEach(() => {
  file = join(folder, `${stores.length}.log`);
  complaints = [];
  refused = null;
  bytesAtOnce = Number.POSITIVE_INFINITY;
});

afterAll(() => {
  refused = null;
  for (const store of stores) store.close();
  fs.rmSync(folder, { recursive: true });
});

describe('compacting a file store', () => {
  it('syncs the new file, renames it, syncs the folder and closes the old file', () => {
    const store = openStore();
    store.set('kept', 'value');
    fill(store);
    const [log, next] = [basename(file), `${basename(file)}.new`];
    const before = open.size;
    done.length = 0;
    store.flush();
    expect(done.filter((step) => !step.startsWith('write'))).toEqual([
      `fsync ${log}`,
      `open ${next}`,
      `fsync ${next}`,
      `rename ${next}`,
      `open ${basename(folder)}`,
      `fsync ${basename(folder)}`,
      `close ${basename(folder)}`,
      `close ${log}`,
    ]);
    expect(open.size).toBe(before);
    expect(lines()).toEqual(['["kept","value"]', '["changing","last"]']);
  });

  it('writes the whole file even if the disk takes a few bytes at once', () => {
    const store = openStore();
    store.set('kept', 'ü'.repeat(50));
    fill(store);
    bytesAtOnce = 7;
    store.flush();
    bytesAtOnce = Number.POSITIVE_INFINITY;
    expect(lines()).toEqual([`["kept","${'ü'.repeat(50)}"]`, '["changing","last"]']);
  });

  it('succeeds where a folder cannot be synced', () => {
    const store = openStore();
    fill(store);
    refused = `fsync ${basename(folder)}`;
    const before = open.size;
    store.flush();
    store.set('more', '1');
    expect([open.size, complaints]).toEqual([before, []]);
    expect(lines()).toEqual(['["changing","last"]', '["more","1"]']);
  });

  it('gives up when the disk takes no more bytes without an error', () => {
    const store = openStore();
    fill(store);
    bytesAtOnce = 0;
    store.flush();
    expect(complaints).toHaveLength(1);
  });

  it.each(['open', 'write', 'fsync', 'rename'])('leaves the store as it was when %s fails', (step) => {
    const store = openStore();
    store.set('kept', 'value');
    const before = open.size;
    refused = `${step} ${basename(file)}.new`;
    for (let n = 1; n <= 5; n += 1) {
      fill(store);
      store.flush();
      expect([open.size, fs.existsSync(`${file}.new`), complaints.length]).toEqual([before, false, n]);
    }
    expect(complaints[0]).toContain('no space left');
    store.set('more', '1');
    const again = openStore();
    expect(['kept', 'changing', 'more'].map((key) => again.get(key))).toEqual(['value', 'last', '1']);
  });

  it('is retried when the file has grown by another megabyte, not at each flush', () => {
    const store = openStore();
    fill(store);
    refused = `rename ${basename(file)}.new`;
    store.flush();
    store.flush();
    expect(complaints).toHaveLength(1);
    refused = null;
    store.flush();
    expect(lines().length).toBeGreaterThan(1);
    fill(store);
    store.flush();
    expect(lines()).toEqual(['["changing","last"]']);
  });
});
