import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  /** Each a segment of its own. */
  body?: (string | Buffer)[];
  agent?: Agent;
}

/** One request, and all of its answer. */
export function ask(url: string, { method = 'GET', headers = {}, body = [], agent }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    const allHeaders = method === 'POST' ? { 'content-length': String(length), ...headers } : headers;
    const outgoing = request(url, { method, headers: allHeaders, agent: agent ?? false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    const send = async (): Promise<void> => {
      for (const part of body) {
        outgoing.write(part);
        await sleep(15);
      }
      outgoing.end();
    };
    send().catch(reject);
  });
}
