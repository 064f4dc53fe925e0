import { HubConnection, type ILogger, JsonHubProtocol, LogLevel } from '@microsoft/signalr';
import type { Hub, HubOptions } from './hub.ts';
import { createHubSocket, type HubSocket } from './hub-socket.ts';

/** Not among the published types, since the client's own builder calls it: hence the version that is fixed in package.json. */
interface HubConnectionClass {
  create(socket: HubSocket, logger: ILogger, protocol: JsonHubProtocol): HubConnection;
}

/**
 * Opens the CAD's hub with Microsoft's client, 25 kB: so this file is loaded by `import()` when a session is first wanted. The
 * client's own reconnecting is not used, since it would not authenticate again. It pings every 15 s and gives up on a hub that is
 * silent for 30; its timers are the game server's global ones, 50 ms coarse, which is fine for that.
 */
export function openHub({ url, negotiates, received, lost, trace, clock }: HubOptions): Hub {
  const socket = createHubSocket(url, negotiates, clock);
  const { create } = HubConnection as unknown as HubConnectionClass;
  const connection = create(socket, createLogger(trace), new JsonHubProtocol());
  let closed = false;
  connection.on('pushEvent', (payload: unknown) => {
    if (!closed) received(payload);
  });
  connection.onclose((error) => {
    if (!closed) lost(describe(error));
  });
  return {
    async start() {
      try {
        await connection.start();
      } catch (error) {
        throw new Error(describe(error));
      }
    },
    invoke: (method, ...args) => connection.invoke(method, ...args),
    close() {
      closed = true;
      // At once, whatever the client waits for; then the client, which has pings to call off.
      socket.stop();
      connection.stop().catch(() => {});
    },
  };
}

/** A JSON parser's message quotes what it was given. */
function describe(error: unknown): string {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  if (name === 'SyntaxError') return 'the CAD sent what is no JSON';
  return typeof message === 'string' ? message : 'the CAD closed the connection';
}

/** Below a warning, lines tell of every ping; what follows a quotation mark or a colon may be anything that was sent. */
function createLogger(trace: (line: string) => void): ILogger {
  return {
    log(level, message) {
      if (level >= LogLevel.Warning) trace(message.split(/['":]/, 1)[0]?.trim() ?? '');
    },
  };
}
