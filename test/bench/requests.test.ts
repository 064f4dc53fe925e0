import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { requestsPerSecond } from '../../scripts/bench/requests.ts';
import { type LocalServer, openLocally } from '../local-server.ts';

describe('the load of a benchmark', () => {
  let local: LocalServer;
  afterEach(() => local.close());

  async function portOf(server: Server): Promise<number> {
    local = await openLocally(server);
    return local.port;
  }

  it.each([false, true])(
    'is so many requests, on new connections for those that are closed (awake: %s)',
    async (staysAwake) => {
      let taken = 0;
      const server = createHttpServer((request, response) => {
        request.resume().on('end', () => {
          taken += 1;
          response.end('ok');
        });
      });
      server.maxRequestsPerSocket = 6;
      expect(await requestsPerSecond(await portOf(server), 100, staysAwake)).toBeGreaterThan(0);
      expect(taken).toBe(100);
      expect(local.connections).toBeGreaterThan(100 / 6);
    },
  );

  it('does not count what is answered otherwise', async () => {
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end('not ok'));
    });
    await expect(requestsPerSecond(await portOf(server), 20)).rejects.toThrow(
      'An event was answered:\nHTTP/1.1 200 OK',
    );
  });

  it('does not count what is not answered', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end()));
    await expect(requestsPerSecond(await portOf(server), 20)).rejects.toThrow('before it had answered');
  });
});
