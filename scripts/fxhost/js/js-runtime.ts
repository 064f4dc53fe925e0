import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeHost, ScriptRuntime } from '../types.ts';
import type { FileAccess } from './file-sandbox.ts';
import { createLiveness } from './liveness.ts';
import { createNodeTimers } from './node-timers.ts';
import { createScope, type PlatformServices } from './scope.ts';
import { createScriptGlobals, defineLazyGlobals } from './script-globals.ts';
import { createRequire } from './script-modules.ts';

/** What a JavaScript runtime needs of the host beyond the common seam. */
export interface JsRuntimeServices {
  now(): number;
  resourceState(name: string): string;
  /** State bags, shared by all resources. */
  readonly state: Map<string, Uint8Array>;
  readonly fileAccess: FileAccess;
  allows(what: 'childProcess' | 'worker'): boolean;
}

export interface JsRuntime extends ScriptRuntime {
  /** Global object of the resource, for tests. */
  readonly global: Readonly<Record<string, unknown>>;
}

/**
 * FXServer's JavaScript runtime for one resource: its own global scope on this engine, whose microtasks run only at a
 * pass of the event loop, at a tick or after a callback of Node.
 */
export function createJsRuntime(host: RuntimeHost, services: JsRuntimeServices): JsRuntime {
  const { name, path } = host.resource;
  let disposed = false;
  let dirty = false;
  /** The callback that closed the last handle is followed by a drain, as any callback of Node is. */
  let owesPass = false;

  const liveness = createLiveness(() => {
    if (disposed) return;
    owesPass = true;
    host.requestPass();
  });
  /** Something of the scope ran outside of the loop: what it queued waits for a pass, if there are passes. */
  const entered = () => {
    if (dirty) return;
    dirty = true;
    if (liveness.alive) host.requestPass();
  };
  const drain = () => {
    dirty = false;
    scope.drain();
  };

  const nodeTimers = createNodeTimers({
    liveness,
    run(callback, args) {
      if (disposed) return;
      scope.platform.guard(callback, args);
      drain();
    },
    promise: (start) => scope.platform.promise(start),
  });
  const { globals, process, builtin } = createScriptGlobals({
    folder: path,
    fileAccess: services.fileAccess,
    liveness,
    nodeTimers,
    allows: services.allows,
    print: host.print,
    exit: (code) => host.fatal(`process.exit(${code}) in ${name} ends the whole server`),
    nextTick: (callback, ...args) => scope.platform.nextTick(callback, ...args),
  });
  const scope = createScope(platformServices(host, services), globals);
  defineLazyGlobals(scope.global, builtin, liveness, (start) => scope.platform.promise(start));
  scope.global.require = createRequire({ folder: path, scope: scope.context, builtin });

  return {
    kind: 'js',
    global: scope.global,
    countRefs: () => scope.platform.countRefs(),
    handles: (file) => file.includes('.js'),
    loadScript(file, source) {
      entered();
      try {
        scope.run(source, `@${name}/${file}`);
        return true;
      } catch (error) {
        const { name: kind, message, stack } = error as Error;
        const parsing = kind === 'SyntaxError' && !/^\s+at .*@/m.test(stack ?? '');
        if (parsing) host.print(`Error parsing script ${file} in resource ${name}: ${message}`);
        else host.print(`Error loading script ${file} in resource ${name}: ${message}\nstack:\n${scriptStack(stack)}`);
        return false;
      }
    },
    triggerEvent(event, payload, source) {
      entered();
      scope.platform.triggerEvent(event, payload, source);
    },
    callRef(ref, args) {
      entered();
      return scope.platform.callRef(ref, args);
    },
    duplicateRef: (ref) => scope.platform.duplicateRef(ref),
    removeRef: (ref) => scope.platform.removeRef(ref),
    netSafeEvents: () => scope.platform.netSafeEvents(),
    rejected(reason, promise) {
      if (!scope.platform.isOwnPromise(promise)) return false;
      const listened = process.emit('unhandledRejection', reason, promise);
      if (!listened) host.print(`(node) Warning: Unhandled promise rejection: ${(reason as Error)?.stack ?? reason}`);
      return true;
    },
    tick(now) {
      scope.platform.tick(now);
      drain();
    },
    pump() {
      if (disposed || !(liveness.alive || owesPass)) return;
      owesPass = false;
      drain();
      if (liveness.waiting) host.requestPass();
    },
    dispose(because) {
      if (disposed) return;
      if (because === 'stop') {
        // One last pass, then the environment's own end, in which handlers may still run synchronously.
        drain();
        process.emit('beforeExit', 0);
        process.emit('exit', 0);
      }
      disposed = true;
      nodeTimers.dispose();
      liveness.closeAll();
      rmSync(join(path, '.tmp'), { recursive: true, force: true });
    },
  };
}

function platformServices(host: RuntimeHost, services: JsRuntimeServices): PlatformServices {
  const { resource } = host;
  return {
    isServer: true,
    resourceName: resource.name,
    nativeNames: host.nativeNames,
    print: host.print,
    now: services.now,
    native: (name, args) => host.invokeNative(name, ...args),
    emitEvent: host.emitEvent,
    emitNet(name, target, payload, bytesPerSecond) {
      // The native takes its target as text, and these as no text at all.
      if (target === 0 || target === null || target === undefined || target === false) {
        throw new Error(`native TriggerClientEventInternal: Argument at index 1 was null.`);
      }
      host.emitNet(name, String(target), payload, bytesPerSecond);
    },
    emitToServer() {
      throw new Error('only clients send events to the server');
    },
    canonicalizeRef: host.canonicalizeRef,
    invokeRef: host.invokeRef,
    duplicateRef: host.duplicateRef,
    deleteRef: host.deleteRef,
    invokingResource: host.invokingResource,
    resourceState: services.resourceState,
    manifestExports: () => manifestExports(host),
    getState: (bag, key) => services.state.get(`${bag}\0${key}`),
    setState: (bag, key, payload) => void services.state.set(`${bag}\0${key}`, payload),
    utf8: (text) => new Uint8Array(Buffer.from(text)),
    text: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  };
}

/** Without the stand-in's own frames, which say nothing to whoever wrote the script. */
function scriptStack(stack: string | undefined): string {
  const own = /[\\/]scripts[\\/]fxhost[\\/]/;
  return String(stack)
    .split('\n')
    .filter((line) => !own.test(line))
    .join('\n');
}

function manifestExports({ resource: { metadata } }: RuntimeHost): string[] {
  return Array.from({ length: metadata.count('server_export') }, (_, index) =>
    metadata.get('server_export', index),
  ).filter((name) => name !== null);
}
