import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Answers a request to speak WebSocket (RFC 6455, 4.2) instead of HTTP.
 * @returns whether it was accepted; if not, it was answered with 400 or 426 and the socket is ended
 */
export function acceptWebSocket({ method, headers }: IncomingMessage, socket: Duplex): boolean {
  const key = headers['sec-websocket-key'] ?? '';
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || Buffer.from(key, 'base64').length !== 16) {
    refuse(socket, '400 Bad Request');
    return false;
  }
  if (headers['sec-websocket-version'] !== '13') {
    refuse(socket, '426 Upgrade Required', 'Sec-WebSocket-Version: 13\r\n');
    return false;
  }
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  return true;
}

/** Answers with an error and ends the socket. @param status with its reason, as `404 Not Found` */
export function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}
