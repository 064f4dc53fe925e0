import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../project-root.ts';

export const BENCH_KEY = 'a-key-for-the-benchmark';
export const BENCH_TYPE = 'EVENT_DISPATCH_NEW';
/** The events for which a process of a pair has its turn. */
export const EVENTS_A_TURN = 500;

/** The body that is posted in every measurement: a new dispatch call. */
export function eventBody(): Buffer {
  const path = join(projectRoot, 'test', 'fixtures', 'push-events', `${BENCH_TYPE}.json`);
  return Buffer.from(JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), key: BENCH_KEY }));
}

/** The headers that a web server in the cloud sends with it. */
export function eventHeaders(body: Uint8Array): Readonly<Record<string, string>> {
  return {
    Accept: '*/*',
    'Content-Length': String(body.length),
    'Content-Type': 'application/json',
    Host: '203.0.113.7:30120',
    'User-Agent': 'a CAD',
  };
}

const CONNECTIONS = 8;
/** The body in one piece with its length, as Node sends it, or in chunks, as FXServer does. */
const ENDINGS = ['\r\n\r\nok', '\r\n0\r\n\r\n'];

/**
 * Posts events to `/sonorancad/event` over several connections that stay open, each with one request under way, and does no more
 * than it must, so that the server is what is measured. A connection of which the server says that it closes it (FXServer does
 * after six answers) is made anew.
 *
 * @param staysAwake whether this process never sleeps while it waits for answers: to wake it is a cost of the server's, and the more
 *   of it the slower the server is. It takes a core of its own.
 * @throws when an answer is not 200 `ok`, or a connection is closed in the middle of it
 */
export async function requestsPerSecond(port: number, requests: number, staysAwake = false): Promise<number> {
  const request = requestBytes(eventBody());
  let left = requests;
  let isOver = false;
  const stayAwake = () => void (isOver || setImmediate(stayAwake));
  if (staysAwake) stayAwake();
  const began = performance.now();
  const connection = async () => {
    while (left > 0) await useConnection(port, request, () => left-- > 0);
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  } finally {
    isOver = true;
  }
  return requests / ((performance.now() - began) / 1000);
}

/** Sends one request after the other until there are no more or the server says that it closes the connection. */
function useConnection(port: number, request: Buffer, takeOne: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    let isDone = false;
    const end = () => {
      isDone = true;
      socket.destroy();
    };
    const next = () => {
      if (takeOne()) socket.write(request);
      else end();
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (text: string) => {
      answer += text;
      if (!ENDINGS.some((ending) => answer.endsWith(ending))) return;
      if (!answer.startsWith('HTTP/1.1 200 ') || !answer.includes('\r\nok')) {
        socket.destroy(new Error(`An event was answered:\n${answer}`));
        return;
      }
      const closes = /\r\nconnection: close\r\n/i.test(answer);
      answer = '';
      if (closes) end();
      else next();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (isDone) resolve();
      else reject(new Error(`The server closed the connection before it had answered:\n${answer}`));
    });
  });
}

function requestBytes(body: Buffer): Buffer {
  const head = Object.entries(eventHeaders(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST /sonorancad/event HTTP/1.1\r\n${head.join('')}\r\n`), body]);
}
