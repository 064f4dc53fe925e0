import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { eventBody, eventHeaders } from './event-request.ts';

const CONNECTIONS = 8;
/** FXServer chunks bodies, Node tells their length. */
const ENDINGS = ['\r\n\r\nok', '\r\n0\r\n\r\n'];

/**
 * Posts events over several connections that stay open, each with one request under way, and does no more than it must, so
 * that the server is what is measured. A connection that the server closes (FXServer does after six answers) is made anew.
 *
 * @param path `/sonorancad/event`
 * @returns requests a second
 * @throws when an answer is not 200 `ok`
 */
export async function requestsPerSecond(port: number, path: string, requests: number): Promise<number> {
  const body = eventBody();
  const head = Object.entries(eventHeaders(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`), body]);
  let left = requests;
  const began = performance.now();
  const connection = async () => {
    while (left > 0) await useConnection(port, bytes, () => left-- > 0);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return requests / ((performance.now() - began) / 1000);
}

/** Sends one request after the other until there are no more or the server closes. */
function useConnection(port: number, request: Buffer, takeOne: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const next = () => {
      if (takeOne()) socket.write(request);
      else socket.destroy();
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
      if (closes) socket.destroy();
      else next();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (answer === '') resolve();
      else reject(new Error(`The server closed the connection in the middle of an answer:\n${answer}`));
    });
  });
}
