import type { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers';

/**
 * Whether something keeps a resource's event loop alive. In FXServer libuv knows; here the modules a resource can get
 * at report what they open: timers of `node:timers`, and sockets, servers and requests of `net`, `tls`, `http`,
 * `https`, `dgram`, `fetch`, `WebSocket` and asynchronous `fs`. Not seen, so up to a tick later than in FXServer:
 * `dns`, `zlib` and `crypto` callbacks, and classes constructed directly (`new net.Socket()`).
 */
export type Liveness = ReturnType<typeof createLiveness>;

/** @param changed called whenever something was opened or closed. */
export function createLiveness(changed: () => void) {
  const timers = new Set<NodeJS.Timeout | NodeJS.Immediate>();
  const held = new Set<() => void>();
  const hasReferencedTimer = () => {
    for (const timer of timers) if (timer.hasRef()) return true;
    return false;
  };
  return {
    get alive(): boolean {
      return held.size > 0 || hasReferencedTimer();
    },
    /** Something outside the scope is under way and may settle a promise at any time. */
    get waiting(): boolean {
      return held.size > 0;
    },
    /**
     * @param close closes what was opened, when the resource's environment ends.
     * @returns the function to call when it is closed; further calls do nothing.
     */
    hold(close = () => {}): () => void {
      // A key of its own, even when the same function is given twice.
      const key = () => close();
      held.add(key);
      changed();
      return () => {
        if (held.delete(key)) changed();
      };
    },
    closeAll(): void {
      for (const close of [...held]) close();
    },
    addTimer: (timer: NodeJS.Timeout | NodeJS.Immediate): void => void timers.add(timer),
    removeTimer: (timer: NodeJS.Timeout | NodeJS.Immediate): void => void timers.delete(timer),
    timers: (): Iterable<NodeJS.Timeout | NodeJS.Immediate> => timers,
  };
}

type Callable = (...args: unknown[]) => unknown;

/** A socket, request or server. */
interface Opened extends EventEmitter {
  destroy?(): void;
  close?(): void;
  closeAllConnections?(): void;
}

/** Functions that open something which keeps an event loop alive until it closes. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['connect', 'createConnection', 'createServer'],
  'node:tls': ['connect', 'createServer'],
  'node:http': ['request', 'get', 'createServer'],
  'node:https': ['request', 'get', 'createServer'],
  'node:http2': ['connect', 'createServer', 'createSecureServer'],
  'node:dgram': ['createSocket'],
};

/** A module whose opening functions report to the resource's liveness; null for modules that have none. */
export function liveModule(name: string, liveness: Liveness): Record<string, unknown> | null {
  const openers = OPENERS[name];
  const real = builtinModule(name);
  if (openers === undefined || real === undefined) return null;
  const module = { ...real };
  for (const opener of openers) {
    module[opener] = (...args: unknown[]) => {
      const opened = (real[opener] as Callable)(...args) as Opened;
      const release = liveness.hold(() => {
        opened.closeAllConnections?.();
        (opened.destroy ?? opened.close)?.call(opened);
      });
      opened.once('close', release);
      return opened;
    };
  }
  return module;
}

/** After its head, a body may still come; a fetch counts as under way for this long. */
const FETCH_BODY_MS = 1000;

/** `fetch` that reports to the liveness. It gives the engine's own promise. */
export function liveFetch(liveness: Liveness): (...args: Parameters<typeof fetch>) => Promise<Response> {
  return async (...args) => {
    const release = liveness.hold();
    try {
      const response = await fetch(...args);
      setTimeout(release, FETCH_BODY_MS).unref();
      return response;
    } catch (error) {
      // One turn later, so that the pass which delivers the refusal still happens.
      setImmediate(release);
      throw error;
    }
  };
}

/** `WebSocket` that reports to the liveness while it is open. */
export function liveWebSocket(liveness: Liveness): typeof WebSocket {
  return class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      this.addEventListener(
        'close',
        liveness.hold(() => this.close()),
      );
    }
  };
}

/** The engine's own modules and globals, past whatever a test runner puts in their place. */
export function builtinModule(name: string): Record<string, unknown> | undefined {
  return process.getBuiltinModule(name) as Record<string, unknown> | undefined;
}

/** Like `builtinModule`, for names known to exist. */
export function requiredBuiltin<T>(name: string): T {
  const found = builtinModule(name);
  if (found === undefined) throw new Error(`this engine has no module ${name}`);
  return found as T;
}
