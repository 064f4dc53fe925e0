import { join } from 'node:path';
import type { EventDispatcher } from './event-dispatcher.ts';
import type { ExportCalls } from './export-calls.ts';
import type { FunctionReferences } from './function-references.ts';
import { type FileAccess, isInside } from './js/file-sandbox.ts';
import { createJsRuntime, type JsRuntimeServices } from './js/js-runtime.ts';
import type { LuaFiles } from './lua/files.ts';
import { createLuaRuntime, type LuaEngineSource } from './lua/lua-runtime.ts';
import type { Permissions } from './natives/access-control.ts';
import type { Resource } from './resource-lifecycle.ts';
import { type ResourceScript, readScripts } from './resource-scripts.ts';
import type { CallStack, RunningScripts } from './running-scripts.ts';
import type { StateBags } from './state-bags.ts';
import type { Native, ResourceInfo, RuntimeHost, ScriptRuntime } from './types.ts';

interface Services {
  readonly scripts: RunningScripts;
  readonly runtimes: RuntimeServices;
  readonly lua: LuaEngineSource;
  readonly permissions: Permissions;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Folder of the server's data. */
  readonly root: string;
  now(): number;
}

/** A script that could not be parsed, or threw while it loaded. */
export interface FailedScript {
  readonly resource: string;
  /** As the manifest names it. */
  readonly file: string;
}

/** Makes and ends the script runtimes of resources. */
export function createResourceRuntimes(services: Services) {
  const { scripts, runtimes, resources } = services;
  let failedScripts: readonly FailedScript[] = [];
  const kinds: readonly RuntimeKind[] = [
    ['.lua', (host) => createLuaRuntime(services.lua, host, { files: luaFiles(host) })],
    ['.js', (host) => createJsRuntime(host, jsServices(host))],
  ];

  const luaFiles = ({ resource, print }: RuntimeHost): LuaFiles => ({
    access: fileAccess(resource.name, print),
    folderOf: (name) => resources.get(name)?.path,
  });

  const jsServices = ({ resource, print }: RuntimeHost): JsRuntimeServices => ({
    now: services.now,
    resourceState: (name) => resources.get(name)?.state ?? 'missing',
    fileAccess: fileAccess(resource.name, print),
    allows: (what) => services.permissions.may(what, resource.name),
  });

  const fileAccess = (name: string, print: (text: string) => void): FileAccess => {
    // The innermost one: a resource may lie in the folder of another.
    const owner = (path: string) =>
      [...resources.values()]
        .filter((resource) => isInside(path, resource.path))
        .sort((a, b) => b.path.length - a.path.length)[0];
    return {
      workingFolder: services.root,
      mayRead: (path) => owner(path) !== undefined || isInside(path, join(services.root, 'cache')),
      mayWrite: (path) => {
        const target = owner(path);
        // The folder itself is an entry of its parent, which belongs to no resource.
        return target !== undefined && path !== target.path && services.permissions.may('write', name, target.name);
      },
      denied: (permission, path) =>
        print(
          `Filesystem permission check from '${name}' for permission ${permission} on resource '${path}' - no device found`,
        ),
    };
  };

  return {
    /** Of the latest start of each resource. */
    failedScripts: () => failedScripts,
    /** Creates what the resource's scripts need and runs them. */
    create(resource: Resource): void {
      failedScripts = failedScripts.filter((failed) => failed.resource !== resource.name);
      const print = (text: string) => runtimes.print('resources', text);
      const files = readScripts(resource, 'server_script', (name) => resources.get(name)?.path, print);
      const failed = (file: string) => {
        failedScripts = [...failedScripts, { resource: resource.name, file }];
        runtimes.print(`script:${resource.name}`, `Failed to load script ${file}.`);
      };
      runScripts(scripts, kinds, files, (instance) => createRuntimeHost(runtimes, resource, instance), failed);
    },
    destroy: (resource: Resource): void => endScripts(scripts, resource.name),
  };
}

/** A factory of runtimes, for scripts with this file extension. */
export type RuntimeKind = readonly [ending: string, make: (host: RuntimeHost) => ScriptRuntime];

/**
 * Runs the scripts of a resource, one runtime for each kind.
 * @param hostOf makes what a runtime sees of the host, by the number of the start
 * @param failed called for each script that did not load
 */
export function runScripts(
  scripts: RunningScripts,
  kinds: readonly RuntimeKind[],
  files: readonly ResourceScript[],
  hostOf: (instance: number) => RuntimeHost,
  failed: (file: string) => void = () => {},
): void {
  for (const [ending, make] of kinds) {
    const own = files.filter(({ file }) => file.includes(ending));
    if (own.length === 0) continue;
    const instance = scripts.nextInstance();
    const host = hostOf(instance);
    const runtime = make(host);
    const script = { resource: host.resource.name, instance, runtime, running: true };
    scripts.add(script);
    for (const { file, source } of own) {
      if (!scripts.enter(script, () => runtime.loadScript(file, source))) failed(file);
    }
  }
}

export function endScripts(scripts: RunningScripts, resource: string): void {
  for (const script of scripts.of(resource)) {
    scripts.enter(script, (runtime) => runtime.dispose('stop'));
    scripts.remove(script);
  }
}

/** What all runtimes share. */
export interface RuntimeServices {
  readonly stack: CallStack;
  readonly events: Pick<EventDispatcher, 'emit'>;
  readonly references: FunctionReferences;
  readonly exportCalls: ExportCalls;
  readonly stateBags: StateBags;
  readonly natives: Readonly<Record<string, Native>>;
  /** Names of the game server's natives that `natives` lacks. Calling one of them throws. */
  readonly missingNatives: readonly string[];
  /** Throws when the server has crashed. */
  check(): void;
  print(channel: string, text: string): void;
  fatal(message: string): never;
  sendToClient(event: string, target: string, payload: Uint8Array, latent: boolean): void;
  requestPass(): void;
}

/** The host as one runtime of one resource sees it. Each call records which resource it comes from. */
export function createRuntimeHost(services: RuntimeServices, resource: ResourceInfo, instance: number): RuntimeHost {
  const { stack, events, references, exportCalls, natives, check } = services;
  const { name } = resource;
  const host: RuntimeHost = {
    resource,
    nativeNames: Object.keys(natives),
    missingNatives: services.missingNatives,
    stateBags: services.stateBags,
    print: (text) => services.print(`script:${name}`, text),
    fatal: services.fatal,
    emitEvent(event, payload) {
      check();
      return exportCalls.during(event, payload, () => stack.within(name, () => events.emit(event, payload, '')));
    },
    emitNet(event, target, payload, bytesPerSecond) {
      check();
      services.sendToClient(event, target, payload, bytesPerSecond !== undefined);
    },
    canonicalizeRef: (ref) => `${name}:${instance}:${ref}`,
    invokeRef(ref, args) {
      check();
      exportCalls.called(name, ref, args);
      return stack.within(name, () => references.invoke(ref, args));
    },
    duplicateRef(ref) {
      const duplicate = references.duplicate(ref);
      exportCalls.duplicated(ref, duplicate);
      return duplicate;
    },
    deleteRef: references.delete,
    invokeNative(native, ...args) {
      check();
      const run = natives[native];
      if (run === undefined) {
        const example = `startHost({ natives: { ${native}: (...args) => … } })`;
        throw new Error(`fxhost does not have the native ${native}. Supply it: ${example}`);
      }
      return run(host, ...args) ?? null;
    },
    invokingResource: () => stack.invokerOf(name),
    requestPass: services.requestPass,
  };
  return host;
}
