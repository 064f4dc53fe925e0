import { connect, createServer, type Socket } from 'node:net';
import { openLocally } from '../local-server.ts';

/** Starts a TCP proxy in front of a broker that can freeze a connection without either end noticing. */
export async function startProxy(port: () => number) {
  const pairs = new Set<readonly [Socket, Socket]>();
  let pings = 0;
  const server = await openLocally(
    createServer((near) => {
      const far = connect(port(), '127.0.0.1');
      const pair = [near, far] as const;
      pairs.add(pair);
      near.on('data', (chunk: Buffer) => {
        pings += chunk.toString('latin1').split('PING\r\n').length - 1;
      });
      near.pipe(far);
      far.pipe(near);
      for (const socket of pair) {
        socket.on('error', () => {});
        socket.on('close', () => {
          pairs.delete(pair);
          for (const other of pair) other.destroy();
        });
      }
    }),
  );
  return {
    port: server.port,
    /** The number of PING messages that clients have sent. */
    pings: (): number => pings,
    /**
     * Freezes one connection.
     *
     * @param position the position of the connection among all, from 0 to below 1
     * @returns a function that thaws the connection
     */
    freezeOne(position: number): () => void {
      const [near, far] = [...pairs][Math.floor(position * pairs.size)] ?? [];
      near?.unpipe();
      far?.unpipe();
      near?.pause();
      far?.pause();
      return () => {
        if (near === undefined || far === undefined) return;
        near.pipe(far);
        far.pipe(near);
      };
    },
    close: () => server.close(),
  };
}
