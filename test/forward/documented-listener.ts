import type { IncomingMessage, ServerResponse } from 'node:http';
import { isProgram } from '../../scripts/is-program.ts';
import { type ReceivedRequest, startHttpTarget } from '../http-target.ts';

/**
 * Behaves as the example listener of the CAD's documentation does: an event of a type that it handles gets no answer at
 * all, and everything else one at once.
 *
 * @param handled is told of each event that it handles
 */
export function documentedListener(
  key: string,
  types: readonly string[],
  handled: (id: string, body: unknown) => void,
): (request: IncomingMessage, response: ServerResponse, received: ReceivedRequest) => void {
  return (_request, response, { method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/sonorancad/event') return void response.writeHead(404).end('Cannot do that');
    const event = JSON.parse(body.toString()) as { key?: unknown; type?: unknown };
    if (event.key !== key) return void response.writeHead(400).end('Authentication Key Failed!');
    if (!types.includes(String(event.type))) return void response.writeHead(400).end('Invalid Type');
    handled(String(headers['webhook-id']), event);
  };
}

// As a process of its own, which can be frozen and killed: port, key and types; it tells its parent the ids.
if (isProgram(import.meta.url)) {
  const [port = '0', key = '', ...types] = process.argv.slice(2);
  const listener = await startHttpTarget(
    documentedListener(key, types, (id) => void process.send?.({ id })),
    Number(port),
  );
  process.send?.({ port: listener.port });
  process.once('disconnect', () => process.exit());
}
