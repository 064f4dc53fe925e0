import type { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers';
import { builtinModule } from './builtin-modules.ts';
import type { Liveness } from './liveness.ts';

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
