import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Native } from '../types.ts';
import { floatArgument, integerArgument, requiredText } from './native-arguments.ts';

type KvpValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number };

/** The server's key-value store, one for all resources. Nothing here reports an error to a script, as in FXServer. */
export type KvpStore = ReturnType<typeof createKvpStore>;

interface Row {
  readonly kind?: number;
  readonly value?: Uint8Array | number;
  readonly key?: Uint8Array;
}

const kinds = ['string', 'int', 'float'] as const;
const findHandles = 64;

/**
 * Opens the store, which is made anew if the file is no database (FXServer destroys a store it cannot repair).
 *
 * @param options.folder made when it does not exist.
 * @param options.powerLoss what is not on disk when the store is next opened is then forgotten, as after a power cut.
 * @param options.findsNoKeys `FindKvp` finds nothing, though the keys can be read.
 * @param options.fatal ends the run where FXServer would have crashed.
 */
export function createKvpStore(options: {
  readonly folder: string;
  readonly powerLoss?: boolean;
  readonly findsNoKeys?: boolean;
  fatal(message: string): never;
}) {
  mkdirSync(options.folder, { recursive: true });
  const file = join(options.folder, 'default.sqlite');
  const database = openOrRecreate(file);
  // WAL without syncs: each write reaches the operating system at once, and the disk when the log is synced below.
  const log = openSync(`${file}-wal`, 'r+');
  const main = openSync(file, 'r+');

  const read = database.prepare('SELECT kind, value FROM kvp WHERE key = ?');
  const write = database.prepare('INSERT OR REPLACE INTO kvp (key, kind, value) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM kvp WHERE key = ?');
  const list = database.prepare('SELECT key FROM kvp WHERE key >= ? AND key < ? ORDER BY key');
  const sync = () => {
    if (database.isTransaction) database.exec('COMMIT');
    fsyncSync(log);
    fsyncSync(main); // pages that a checkpoint moved out of the log
  };
  const change = (synced: boolean, apply: () => void) => {
    if (store.broken) return;
    // What it holds is forgotten unless it is committed, however the process ends.
    if (options.powerLoss && !database.isTransaction) database.exec('BEGIN');
    apply();
    if (synced) sync();
  };

  const finds: (Iterator<string> | null)[] = Array.from({ length: findHandles }, () => null);

  const store = {
    /** When true every write silently does nothing, which is how a full disk looks to scripts. */
    broken: false,
    /** @returns null when there is no such key. */
    get(resource: string, key: string): KvpValue | null {
      const row: Row | undefined = read.get(storedKey(resource, key));
      return row === undefined ? null : toValue(row);
    },
    /**
     * @param synced waits for the disk, and with it everything written before. Without it, the data survives a killed
     * process.
     */
    set(resource: string, key: string, value: KvpValue, synced: boolean): void {
      const stored = value.type === 'string' ? Buffer.from(value.value, 'utf8') : value.value;
      change(synced, () => write.run(storedKey(resource, key), kinds.indexOf(value.type), stored));
    },
    delete: (resource: string, key: string, synced: boolean): void =>
      change(synced, () => remove.run(storedKey(resource, key))),
    /** Waits until everything written so far is on disk. */
    flush(): void {
      if (!store.broken) sync();
    },
    /** Begins a walk over the keys as they are now. @returns handle 0 to 63, -1 when all 64 are in use. */
    startFind(resource: string, prefix: string): number {
      const handle = finds.indexOf(null);
      if (handle === -1) return -1;
      const from = storedKey(resource, prefix);
      const rows: Row[] = options.findsNoKeys ? [] : list.all(from, successor(from));
      const skip = storedKey(resource, '').length;
      finds[handle] = rows.map(({ key }) => Buffer.from(key ?? []).toString('utf8', skip)).values();
      return handle;
    },
    /** Next key in bytewise order, null at the end. Calls `fatal` for a handle that was ended or never begun. */
    find(handle: number): string | null {
      if (!isHandle(handle)) return null;
      const walk = finds[handle] ?? options.fatal(`FindKvp(${handle}): FXServer would crash, this handle is not open`);
      const next = walk.next();
      return next.done ? null : next.value;
    },
    endFind(handle: number): void {
      if (isHandle(handle)) finds[handle] = null;
    },
    close(): void {
      database.close();
      closeSync(log);
      closeSync(main);
    },
  };
  return store;
}

function isHandle(handle: number): boolean {
  return Number.isInteger(handle) && handle >= 0 && handle < findHandles;
}

function storedKey(resource: string, key: string): Buffer {
  return Buffer.from(`res:${resource}:${key}`, 'utf8');
}

/** The smallest key greater than all that begin with this one; the last byte of UTF-8 text is never 0xff. */
function successor(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix);
  const last = next.length - 1;
  next[last] = (next[last] ?? 0) + 1;
  return next;
}

function toValue(row: Row): KvpValue {
  // Not `instanceof`: the database's buffers belong to another global scope when tests run in one of their own.
  if (ArrayBuffer.isView(row.value)) return { type: 'string', value: Buffer.from(row.value).toString('utf8') };
  if (kinds[row.kind ?? 0] === 'int') return { type: 'int', value: row.value ?? 0 };
  return { type: 'float', value: row.value ?? Number.NaN }; // SQLite keeps NaN as NULL
}

function openOrRecreate(file: string): DatabaseSync {
  try {
    return open(file);
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    return open(file); // throws what is really wrong, e.g. with the folder
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA synchronous = OFF;
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS kvp (key BLOB PRIMARY KEY, kind INTEGER, value) WITHOUT ROWID;
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Natives of the key-value store; keys are those of the calling resource. */
export function kvpNatives(store: KvpStore): Record<string, Native> {
  const writers = (ending: string, sync: boolean): Record<string, Native> => {
    const setter = (convert: (args: readonly unknown[]) => KvpValue): Native => {
      return (caller, ...args) => store.set(caller.resource.name, requiredText(args, 0), convert(args), sync);
    };
    return {
      [`SetResourceKvp${ending}`]: setter((args) => ({ type: 'string', value: requiredText(args, 1) })),
      [`SetResourceKvpInt${ending}`]: setter((args) => ({ type: 'int', value: integerArgument(args, 1) })),
      [`SetResourceKvpFloat${ending}`]: setter((args) => ({ type: 'float', value: floatArgument(args, 1) })),
      [`DeleteResourceKvp${ending}`]: (caller, ...args) =>
        store.delete(caller.resource.name, requiredText(args, 0), sync),
    };
  };
  const reader =
    <Value>(missing: Value, types: readonly KvpValue['type'][] = kinds): Native =>
    (caller, ...args) => {
      const stored = store.get(caller.resource.name, requiredText(args, 0));
      if (stored !== null && !types.includes(stored.type)) throw new Error('std::bad_cast');
      return stored?.value ?? missing;
    };

  return {
    ...writers('', true),
    ...writers('NoSync', false),
    FlushResourceKvp: () => store.flush(),
    GetResourceKvp: reader(null),
    GetResourceKvpString: reader(null, ['string']),
    GetResourceKvpInt: reader(0, ['int']),
    // msgpack, in which FXServer keeps the values, gives an integer as a float but not the other way round.
    GetResourceKvpFloat: reader(0, ['int', 'float']),
    StartFindKvp: (caller, ...args) => store.startFind(caller.resource.name, requiredText(args, 0)),
    FindKvp: (_caller, ...args) => store.find(integerArgument(args, 0)),
    EndFindKvp: (_caller, ...args) => store.endFind(integerArgument(args, 0)),
  };
}
