import { readFileSync, writeFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Native, ResourceInfo } from '../types.ts';
import { boolResult, integerArgument, requiredBytes, requiredText } from './native-arguments.ts';

/** The host's resources. Names are looked up as FXServer does it, exact case. */
export type ResourceTable = ReadonlyMap<string, ResourceInfo & { readonly state: string }>;

/** What only the host can do. */
export interface RuntimeServices {
  /** Starts a resource. @returns whether it is running afterwards. */
  start(name: string): boolean;
  /** Stops a resource. @returns whether it was stopped. */
  stop(name: string): boolean;
  cancelEvent(): void;
  wasEventCanceled(): boolean;
  /** Queues an immediate tick of a started resource. */
  scheduleTick(resource: string): void;
  /** Milliseconds since the server started. */
  gameTimer(): number;
}

/** Natives about resources, their files and the running event. */
export function resourceNatives(resources: ResourceTable, runtime: RuntimeServices): Record<string, Native> {
  // GetResourceByFindIndex reads the list that the last GetNumResources made, in whichever resource.
  let listed: readonly ResourceInfo[] = [];
  const named = (args: readonly unknown[]) => resources.get(requiredText(args, 0));

  return {
    GetCurrentResourceName: (caller) => caller.resource.name,
    GetInvokingResource: (caller) => caller.invokingResource(),
    GetResourceState: (_caller, ...args) => named(args)?.state ?? 'missing',
    GetResourcePath: (_caller, ...args) => named(args)?.path ?? null,
    GetResourceMetadata: (_caller, ...args) => {
      const key = requiredText(args, 1);
      const index = integerArgument(args, 2);
      return named(args)?.metadata.get(key)?.[index] ?? null;
    },
    GetNumResourceMetadata: (_caller, ...args) => {
      const key = requiredText(args, 1);
      return named(args)?.metadata.get(key)?.length ?? 0;
    },
    GetNumResources: () => {
      listed = [...resources.values()];
      return listed.length;
    },
    GetResourceByFindIndex: (_caller, ...args) => listed[integerArgument(args, 0)]?.name ?? null,
    LoadResourceFile: (_caller, ...args) => {
      const file = requiredText(args, 1);
      const resource = named(args);
      return resource === undefined ? null : loadResourceFile(resource.path, file);
    },
    SaveResourceFile: (caller, ...args) => boolResult(saveResourceFile(caller.resource, args)),
    StartResource: (_caller, ...args) => boolResult(runtime.start(requiredText(args, 0))),
    StopResource: (caller, ...args) => {
      const name = requiredText(args, 0);
      if (name === caller.resource.name || managed.has(name)) return false;
      return boolResult(runtime.stop(name));
    },
    GetGameTimer: () => Math.trunc(runtime.gameTimer()) | 0,
    // Of several servers in one process, which FXServer no longer has.
    GetInstanceId: () => 0,
    GetGameName: () => 'fxserver',
    GetHashKey: (_caller, ...args) => hashKey(requiredText(args, 0)),
    IsDuplicityVersion: () => boolResult(true),
    CancelEvent: () => runtime.cancelEvent(),
    WasEventCanceled: () => boolResult(runtime.wasEventCanceled()),
    // Every resource of the stand-in hears every event, so there is nothing to note down.
    RegisterResourceAsEventHandler: () => null,
    ScheduleResourceTick: (_caller, ...args) => runtime.scheduleTick(requiredText(args, 0)),
  };
}

/** Resources that FXServer's StopResource refuses to stop. */
const managed: ReadonlySet<string> = new Set(
  'spawnmanager mapmanager baseevents chat sessionmanager monitor'.split(' '),
);

/** Jenkins' one-at-a-time hash of the lower-cased text, signed as scripts see it. */
export function hashKey(text: string | Uint8Array): number {
  let hash = 0;
  for (const byte of Buffer.from(text as string)) {
    hash = (hash + (isUpperCase(byte) ? byte + 0x20 : byte)) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  return (hash + (hash << 15)) | 0;
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/**
 * What `LoadResourceFile` gives: text up to the first NUL, invalid UTF-8 replaced, null for what cannot be read or lies
 * outside the resource's folder.
 */
function loadResourceFile(folder: string, file: string): string | null {
  const path = pathInside(folder, file);
  if (path === null) return null;
  try {
    const text = readFileSync(path, 'utf8');
    const end = text.indexOf('\0');
    return end === -1 ? text : text.slice(0, end);
  } catch {
    return null; // the native tells scripts no more than that
  }
}

/**
 * `SaveResourceFile(resource, file, data, length)`: only into the caller's own folder, never making folders. A length
 * of 0 or -1 means up to the first NUL.
 *
 * @returns whether the file was written.
 */
function saveResourceFile(caller: ResourceInfo, args: readonly unknown[]): boolean {
  const name = requiredText(args, 0);
  const path = pathInside(caller.path, requiredText(args, 1));
  const bytes = requiredBytes(args, 2);
  const length = integerArgument(args, 3);
  if (name !== caller.name || path === null) return false;

  const nul = bytes.indexOf(0);
  const end = length > 0 ? length : nul === -1 ? bytes.length : nul;
  try {
    writeFileSync(path, bytes.subarray(0, end));
    return true;
  } catch {
    return false; // the native tells scripts no more than that
  }
}

function pathInside(folder: string, file: string): string | null {
  const root = resolve(folder);
  const path = resolve(root, `./${file}`);
  return path.startsWith(root + sep) ? path : null;
}
