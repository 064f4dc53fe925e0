import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server that keeps the numbers of the events it got, and under which ids. */
export interface NumberedListener {
  readonly url: string;
  /** By number, the `webhook-id` of each time it came. */
  readonly ids: ReadonlyMap<number, readonly string[]>;
  /** In the order in which they came, repeats among them. */
  readonly order: readonly number[];
  /** Those that came as replays. */
  readonly replays: readonly number[];
  /** Whether it hangs up on whoever connects. */
  down: boolean;
  close(): Promise<void>;
}

export async function listenForNumbers(): Promise<NumberedListener> {
  const ids = new Map<number, string[]>();
  const order: number[] = [];
  const replays: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { number: number } };
      order.push(data.number);
      if (request.headers['x-sonorancad-replay'] === 'true') replays.push(data.number);
      ids.set(data.number, [...(ids.get(data.number) ?? []), String(request.headers['webhook-id'])]);
      response.end();
    });
  });
  server.on('connection', (socket) => {
    if (listener.down) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listener: NumberedListener = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ids,
    order,
    replays,
    down: false,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return listener;
}
