import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { openLocally } from '../local-server.ts';

/**
 * A network fault that a request meets:
 * - `twice`: the request is delivered twice at the same time.
 * - `late twice`: the request is delivered, and again after two other requests.
 * - `unanswered`: the request is delivered, and its answer is lost.
 * - `cut`: half of the request's body is delivered.
 * - `refused`: the request is delivered, and the sender gets a permanent refusal (422).
 */
export type Mishap = 'none' | 'twice' | 'late twice' | 'unanswered' | 'cut' | 'refused';

export interface RoughRoad {
  readonly url: string;
  /** The number of requests that met each mishap. */
  readonly happened: Readonly<Record<Mishap, number>>;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a listener that injects network faults.
 *
 * @param to the listener's port
 * @param next returns the mishap for the next request
 */
export async function openRoughRoad(to: number, next: () => Mishap): Promise<RoughRoad> {
  const happened = { none: 0, twice: 0, 'late twice': 0, unanswered: 0, cut: 0, refused: 0 };
  let waiting: { after: number; deliver: () => Promise<unknown> }[] = [];

  function deliver(incoming: IncomingMessage, body: Buffer, sent = body): Promise<[number, string]> {
    return new Promise((resolve, reject) => {
      const { method, url: path, headers } = incoming;
      const options = { port: to, host: '127.0.0.1', method, path, headers, agent: false };
      const outgoing = httpRequest(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      outgoing.on('error', reject);
      if (sent.length === body.length) outgoing.end(body);
      else outgoing.write(sent, () => outgoing.destroy());
    });
  }

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const mishap = next();
    happened[mishap] += 1;
    if (mishap === 'cut') {
      await deliver(incoming, body, body.subarray(0, body.length / 2)).catch(() => undefined);
      return void response.destroy();
    }
    const copies = mishap === 'twice' ? 2 : 1;
    const [[status, text] = [0, '']] = await Promise.all(Array.from({ length: copies }, () => deliver(incoming, body)));
    for (const late of waiting) late.after -= 1;
    const due = waiting.filter(({ after }) => after <= 0);
    waiting = waiting.filter(({ after }) => after > 0);
    if (mishap === 'late twice') waiting.push({ after: 2, deliver: () => deliver(incoming, body) });
    await Promise.all(due.map((late) => late.deliver()));
    if (mishap === 'unanswered') return void response.destroy();
    if (mishap === 'none') return void response.writeHead(status).end(text);
    // Every answer closes its connection, so that each reset hits a new connection and counts as an attempt. A request
    // that is reset on a reused connection is repeated by the sender without counting.
    response.writeHead(mishap === 'refused' ? 422 : status, { connection: 'close' }).end(text);
  });
  const { url, close } = await openLocally(server);
  return { url: `${url}/sonorancad/event`, happened, close };
}
