import type { Hub, HubOptions, OpenHub } from '../../../src/cad/session/hub-connection.ts';

/** A fake hub that a test controls, with all its connections in order. */
export interface ScriptedHub {
  readonly open: OpenHub;
  readonly connections: ScriptedConnection[];
  /** The latest connection. */
  readonly last: ScriptedConnection;
  /** Answers every method, such as `authenticatev2`. The function may throw. */
  answer(method: string, args: readonly unknown[]): unknown;
}

export interface ScriptedConnection {
  readonly options: HubOptions;
  readonly invoked: { readonly method: string; readonly args: readonly unknown[] }[];
  isClosed: boolean;
}

/** Creates a fake hub. @param start runs at the start of each connection, by its number from 1; resolves by default */
export function createScriptedHub(start: (number: number) => Promise<void> = () => Promise.resolve()): ScriptedHub {
  const connections: ScriptedConnection[] = [];
  const hub: ScriptedHub = {
    connections,
    get last() {
      const last = connections.at(-1);
      if (last === undefined) throw new Error('nobody has connected');
      return last;
    },
    answer: () => ({ success: true, error: null, count: 0 }),
    open(options): Hub {
      const connection: ScriptedConnection = { options, invoked: [], isClosed: false };
      connections.push(connection);
      const number = connections.length;
      return {
        start: () => start(number),
        async invoke(method, ...args) {
          connection.invoked.push({ method, args });
          return hub.answer(method, args);
        },
        close() {
          connection.isClosed = true;
        },
      };
    },
  };
  return hub;
}
