import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createListener, listenerClock } from '../../src/listener/create-push-event-listener.ts';
import type { ListeningServer } from '../../src/listener/push-event-listener.ts';
import { serve } from '../../src/listener/serve.ts';
import { createManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';

const KEY = 'a-key-of-sixteen-letters';
const BODY = JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } });
const HEAD = `POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\n`;

/** Opens a connection and collects everything that it receives. */
function dial(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  const seen = { socket, text: '', hasEnded: false };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    seen.text += chunk.toString();
  });
  socket.on('close', () => {
    seen.hasEnded = true;
  });
  return seen;
}

describe('listen of a push event listener', () => {
  let server: ListeningServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  it('serves a free port on 127.0.0.1 only, if the port is 0 and no host is given', async () => {
    const listener = createListener({ apiKey: KEY }, listenerClock, () => {});
    const types: string[] = [];
    listener.on('*', ({ type }) => types.push(type));
    server = await listener.listen(0);
    const answer = await fetch(`http://127.0.0.1:${server.port}/sonorancad/event`, { method: 'POST', body: BODY });
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    await until(() => types.length === 1);
    await expect(fetch(`http://127.0.0.2:${server.port}/`)).rejects.toThrow();
  });

  it.each(['', null])('serves on 127.0.0.1 only if the host is %j', async (host) => {
    server = await createListener({ apiKey: KEY }, listenerClock, () => {}).listen(0, host as string);
    await expect(fetch(`http://127.0.0.2:${server.port}/`)).rejects.toThrow();
  });

  it.each([undefined, 'bot', 70_000])('rejects %j as a port', async (port) => {
    const listener = createListener({ apiKey: KEY }, listenerClock, () => {});
    await expect(listener.listen(port as number)).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
  });

  it('rejects with EADDRINUSE if the port is in use', async () => {
    const listener = createListener({ apiKey: KEY }, listenerClock, () => {});
    server = await listener.listen(0);
    await expect(listener.listen(server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answers open requests before it closes, and accepts no new connection', async () => {
    const listener = createListener({ apiKey: KEY }, listenerClock, () => {});
    let handled = 0;
    listener.on('*', () => {
      handled += 1;
    });
    server = await listener.listen(0);
    const { port } = server;
    const idle = dial(port);
    idle.socket.write(HEAD + BODY);
    await until(() => idle.text.endsWith('ok'));
    const busy = dial(port);
    busy.socket.write(`${HEAD}{`);
    // Once a later request is answered, the head of the first one has arrived.
    await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    let hasClosed = false;
    const closed = server.close().then(() => {
      hasClosed = true;
    });
    await until(() => idle.hasEnded);
    expect([busy.hasEnded, hasClosed]).toEqual([false, false]);
    busy.socket.write(BODY.slice(1));
    await closed;
    // Both handlers have run when `close` resolves.
    expect(handled).toBe(2);
    await until(() => busy.hasEnded);
    expect(busy.text).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nok$/s);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('ends a kept connection whose last answer was being sent when the server closed', async () => {
    let closed: Promise<void> | undefined;
    const closing = await serve(
      (_, response) => {
        response.writeHead(200, { 'Content-Length': '2' });
        closed ??= closing.close();
        response.end('ok');
      },
      ...([0, '127.0.0.1', listenerClock] as const),
    );
    const busy = dial(closing.port);
    busy.socket.write(HEAD + BODY);
    await until(() => busy.text.endsWith('ok'));
    busy.socket.write(HEAD + BODY);
    await until(() => busy.hasEnded);
    await closed;
  });

  it('closes open connections 5 s after it was told to close', async () => {
    const clock = Object.assign(createManualClock(), { soon: listenerClock.soon });
    const stuck = await createListener({ apiKey: KEY }, clock, () => {}).listen(0);
    const busy = dial(stuck.port);
    busy.socket.write('POST /sonorancad/event HTTP/1.1\r\n');
    await until(() => busy.socket.bytesWritten > 0 && !busy.socket.connecting);
    await fetch(`http://127.0.0.1:${stuck.port}/`, { headers: { connection: 'close' } });
    const closed = Promise.all([stuck.close(), stuck.close()]);
    clock.advance(5_000);
    await closed;
    await until(() => busy.hasEnded);
  });
});
