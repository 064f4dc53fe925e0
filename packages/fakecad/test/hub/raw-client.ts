import { until } from '../../../../test/until.ts';
import type { FakeCad } from '../../src/fake-cad.ts';

/** A client of the hub that knows nothing but records. */
export interface RawClient {
  /** What came, in order. */
  readonly records: readonly Record<string, unknown>[];
  /** The code with which the socket was closed; null while it is open. */
  readonly closed: number | null;
  send(...messages: object[]): void;
  sendText(text: string): void;
  sendBytes(bytes: Uint8Array<ArrayBuffer>): void;
  /** Waits for the next record that has these values. */
  next(wanted: object): Promise<Record<string, unknown>>;
  close(): void;
}

export const HANDSHAKE = { protocol: 'json', version: 1 };

/** Connects to the hub, past the negotiation unless a query is given. */
export async function connectRaw({ url }: FakeCad, query = ''): Promise<RawClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/apiWsHub${query}`);
  const records: Record<string, unknown>[] = [];
  let seen = 0;
  let closed: number | null = null;
  socket.addEventListener('message', ({ data }) => {
    for (const record of String(data).split('\u001e').slice(0, -1)) records.push(JSON.parse(record));
  });
  socket.addEventListener('close', ({ code }) => {
    closed = code;
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no connection')));
  });
  return {
    records,
    get closed() {
      return closed;
    },
    send: (...messages) => socket.send(messages.map((message) => `${JSON.stringify(message)}\u001e`).join('')),
    sendText: (text) => socket.send(text),
    sendBytes: (bytes) => socket.send(bytes),
    async next(wanted) {
      const isWanted = (record: Record<string, unknown>) =>
        Object.entries(wanted).every(([name, value]) => record[name] === value);
      let found = -1;
      await until(() => {
        found = records.findIndex((record, index) => index >= seen && isWanted(record));
        return found !== -1 || closed !== null;
      });
      const record = records[found];
      if (record === undefined) throw new Error(`closed with ${closed} before ${JSON.stringify(wanted)} came`);
      seen = found + 1;
      return record;
    },
    close: () => socket.close(),
  };
}

/** Calls a method of the hub. @returns the completion */
export async function invoke(client: RawClient, target: string, ...args: unknown[]): Promise<Record<string, unknown>> {
  const invocationId = String(client.records.length + 1);
  client.send({ type: 1, invocationId, target, arguments: args });
  return client.next({ type: 3, invocationId });
}
