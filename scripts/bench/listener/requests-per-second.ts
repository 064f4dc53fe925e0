import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { eventBody, eventHeaders } from '../event/event-request.ts';

const CONNECTIONS = 8;
/** The body in one piece with its length, or in chunks. */
const ENDINGS = ['\r\n\r\nok', '\r\n0\r\n\r\n'];

const REQUEST = requestBytes(eventBody());

/**
 * Posts events over several connections that stay open, each with one request under way, and does no more than it must, so
 * that the server is what is measured. It never sleeps: to wake it would be a cost of the server's, and the more of it the slower the
 * server is.
 *
 * @throws when an answer is not 200 `ok`, or a connection is closed
 */
export async function requestsPerSecond(port: number, requests: number): Promise<number> {
  let sent = 0;
  const takeOne = () => sent++ < requests;
  let isOver = false;
  const stayAwake = () => void (isOver || setImmediate(stayAwake));
  stayAwake();
  const began = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => useConnection(port, takeOne)));
  isOver = true;
  return requests / ((performance.now() - began) / 1000);
}

/** Sends one request after the other until there are no more. */
function useConnection(port: number, takeOne: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    let isDone = false;
    const next = () => {
      isDone = !takeOne();
      if (isDone) socket.destroy();
      else socket.write(REQUEST);
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (text: string) => {
      answer += text;
      if (!ENDINGS.some((ending) => answer.endsWith(ending))) return;
      if (!answer.startsWith('HTTP/1.1 200 ')) {
        socket.destroy(new Error(`An event was answered:\n${answer}`));
        return;
      }
      answer = '';
      next();
    });
    socket.on('error', reject);
    socket.on('close', () => (isDone ? resolve() : reject(new Error('The server closed a connection.'))));
  });
}

function requestBytes(body: Buffer): Buffer {
  const head = Object.entries(eventHeaders(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST /sonorancad/event HTTP/1.1\r\n${head.join('')}\r\n`), body]);
}
