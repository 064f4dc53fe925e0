import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPushEventListener } from '../../../src/listener/create-push-event-listener.ts';
import { BENCH_KEY, BENCH_TYPE } from '../event/event-request.ts';

/** What `serve.ts` can serve: the library, and the example of the CAD's documentation written out by hand. */
export type Served = 'listener' | 'documented';

function library(): RequestListener {
  const listener = createPushEventListener({ apiKey: BENCH_KEY });
  listener.on(BENCH_TYPE, () => undefined);
  return listener.callback();
}

function documented(): RequestListener {
  return (request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
    if (request.method !== 'POST' || request.url !== '/sonorancad/event') return answer(404, 'Cannot do that');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const event = JSON.parse(body) as { key?: unknown; type?: unknown };
      if (event.key !== BENCH_KEY) return answer(400, 'Authentication Key Failed!');
      return event.type === BENCH_TYPE ? answer(200, 'ok') : answer(400, 'Invalid Type');
    });
    return undefined;
  };
}

// Always a process of its own, begun by `bench-listener.ts`: what serves must not share a thread with what asks.
const server = createServer(process.argv[2] === 'listener' ? library() : documented());
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.send?.({ port: (server.address() as AddressInfo).port });
process.once('disconnect', () => process.exit());
