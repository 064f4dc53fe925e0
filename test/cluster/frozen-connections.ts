import { connect, createServer, type Socket } from 'node:net';
import { openLocally } from '../local-server.ts';

/** Stands between a broker and everyone else, and can freeze a connection: neither end hears of it. */
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
    /** How often a client has asked whether its broker is there. */
    pings: (): number => pings,
    /** Freezes one of the connections. @param choose a number from 0 to below 1. @returns a function that lets it go on */
    freezeOne(choose: number): () => void {
      const [near, far] = [...pairs][Math.floor(choose * pairs.size)] ?? [];
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
