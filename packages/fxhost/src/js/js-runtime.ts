import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuntimeHost, ScriptRuntime } from '../types.ts';
import type { FileAccess } from './file-sandbox.ts';
import { createLiveness } from './liveness.ts';
import { createNodeTimers } from './node-timers.ts';
import { createScope, type PlatformState, platformServices, type Scope } from './scope.ts';
import { createScriptGlobals, defineLazyGlobals } from './script-globals.ts';
import { createRequire } from './script-modules.ts';

/** What a JavaScript runtime needs of the host beyond the common seam. */
export interface JsRuntimeServices extends PlatformState {
  readonly fileAccess: FileAccess;
  allows(what: 'child process' | 'worker'): boolean;
}

/**
 * FXServer's JavaScript runtime for one resource: its own global scope on this engine, whose microtasks run only at a
 * pass of the event loop, at a tick or after a callback of Node.
 */
export function createJsRuntime(host: RuntimeHost, services: JsRuntimeServices): ScriptRuntime {
  const { name, path } = host.resource;
  let disposed = false;
  let dirty = false;
  /** Whether the last handle was closed in a callback of Node, after which microtasks run once more. */
  let passIsDue = false;

  const liveness = createLiveness(() => {
    if (disposed) return;
    passIsDue = true;
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
  const { process, builtin } = createScriptGlobals({
    folder: path,
    fileAccess: services.fileAccess,
    liveness,
    nodeTimers,
    allows: services.allows,
    print: host.print,
    exit: (code) => host.fatal(`process.exit(${code}) in ${name} ends the whole server`),
    nextTick: (callback, ...args) => scope.platform.nextTick(callback, ...args),
  });
  const scope = createScope(platformServices(host, services), (global) =>
    defineLazyGlobals(global, builtin, liveness, (start) => scope.platform.promise(start)),
  );
  scope.global.require = createRequire(path, scope.context, builtin);

  return {
    ...scope.platform,
    loadScript(file, source) {
      entered();
      return loadScript(scope, host, file, source);
    },
    triggerEvent(event, payload, source) {
      entered();
      scope.platform.triggerEvent(event, payload, source);
    },
    callRef(ref, args) {
      entered();
      return scope.platform.callRef(ref, args);
    },
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
      if (disposed || !(liveness.alive || passIsDue)) return;
      passIsDue = false;
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

/** Part of each stack frame that is the host's own, with `/` on Windows too. */
const OWN_FOLDER = dirname(import.meta.dirname).replaceAll('\\', '/');

/** @returns false when it could not be parsed or threw, which is printed without the stand-in's own frames. */
function loadScript(scope: Scope, { resource: { name }, print }: RuntimeHost, file: string, source: string): boolean {
  try {
    scope.run(source, `@${name}/${file}`);
    return true;
  } catch (error) {
    const { name: kind, message, stack = '' } = error as Error;
    const frames = stack.split('\n').filter((line) => !line.replaceAll('\\', '/').includes(OWN_FOLDER));
    const parsing = kind === 'SyntaxError' && !/^\s+at .*@/m.test(stack);
    if (parsing) print(`Error parsing script ${file} in resource ${name}: ${message}`);
    else print(`Error loading script ${file} in resource ${name}: ${message}\nstack:\n${frames.join('\n')}`);
    return false;
  }
}

/**
 * The JavaScript runtime of a player's game, for one resource: FXServer's script platform without Node. Microtasks run
 * at a tick only.
 */
export function createClientJsRuntime(
  host: RuntimeHost,
  state: PlatformState,
  emitToServer: (name: string, payload: Uint8Array) => void,
): ScriptRuntime {
  const scope = createScope(platformServices(host, state, emitToServer));
  const { platform } = scope;
  return {
    ...platform,
    loadScript: (file, source) => loadScript(scope, host, file, source),
    tick(now) {
      platform.tick(now);
      scope.drain();
    },
    pump: () => scope.drain(),
    rejected(reason, promise) {
      if (!platform.isOwnPromise(promise)) return false;
      host.print(`Unhandled promise rejection: ${(reason as Error | null)?.stack ?? reason}`);
      return true;
    },
    dispose: () => {},
  };
}
