import type { Duplex } from 'node:stream';
import type { Clock } from '../../../src/platform/clock.ts';
import { createFrameReader, encodeFrame, type Frame, OPCODE, PROTOCOL_ERROR, TOO_BIG } from './frames.ts';

/** The server's end of a WebSocket. */
export interface ServerSocket {
  /** Sends a text message in one frame. */
  send(text: string): void;
  /** Sends the first half of a message's frame, and cuts the connection once it is out. */
  sendHalf(text: string): void;
  /** Ends the connection as agreed on; one that does not answer is cut after 2 s. */
  close(code: number): void;
  /** Cuts the connection. */
  destroy(): void;
}

export interface SocketHandlers {
  onText(text: string): void;
  /** Once, however it ended. */
  onClosed(): void;
}

const MOST_BYTES = 1024 * 1024;
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;
const CLOSE_DEADLINE_MS = 2000;
const UNSUPPORTED = 1003;
const NOT_UTF8 = 1007;

/**
 * Speaks WebSocket over a socket on which it was accepted. Messages are text of at most 1 MiB; a client that breaks the
 * protocol, or takes nothing off its end, is cut off.
 * @param head what came right after the request
 */
export function openWebSocket(socket: Duplex, head: Buffer, clock: Clock, handlers: SocketHandlers): ServerSocket {
  const reader = createFrameReader(MOST_BYTES);
  let parts: Buffer[] | null = null;
  let closing = false;

  const write = (opcode: number, payload: Uint8Array) => {
    if (socket.destroyed || closing) return;
    if (socket.writableLength > MOST_UNSENT_BYTES) socket.destroy();
    else socket.write(encodeFrame(opcode, payload));
  };
  const close = (code: number) => {
    const status = Buffer.alloc(2);
    status.writeUInt16BE(code);
    write(OPCODE.close, status);
    closing = true;
    clock.after(CLOSE_DEADLINE_MS, () => socket.destroy());
  };
  const message = (bytes: Buffer) => {
    try {
      handlers.onText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
      close(NOT_UTF8);
    }
  };
  /** @returns the status with which the connection must end, or null */
  const take = ({ opcode, payload, final }: Frame): number | null => {
    if (opcode === OPCODE.ping) write(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      write(OPCODE.close, payload.subarray(0, 2));
      socket.end();
      closing = true;
    } else if (opcode === OPCODE.text || opcode === OPCODE.continuation) {
      // A message that is under way is continued, and nothing else is.
      if ((opcode === OPCODE.continuation) !== (parts !== null)) return PROTOCOL_ERROR;
      parts = [...(parts ?? []), payload];
      if (parts.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) return TOO_BIG;
      if (!final) return null;
      const whole = Buffer.concat(parts);
      parts = null;
      message(whole);
    } else if (opcode === OPCODE.binary) return UNSUPPORTED;
    else if (opcode !== OPCODE.pong) return PROTOCOL_ERROR;
    return null;
  };
  const receive = (bytes: Buffer) => {
    if (closing && socket.writableEnded) return;
    const frames = reader.read(bytes);
    if (typeof frames === 'number') return close(frames);
    for (const frame of frames) {
      if (closing && frame.opcode !== OPCODE.close) continue;
      const status = take(frame);
      if (status !== null) return close(status);
    }
  };

  if (head.length > 0) socket.unshift(head);
  socket.on('data', receive);
  socket.on('end', () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => handlers.onClosed());

  return {
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    sendHalf(text) {
      if (socket.destroyed || closing) return;
      const frame = encodeFrame(OPCODE.text, Buffer.from(text));
      socket.write(frame.subarray(0, Math.ceil(frame.length / 2)), () => socket.destroy());
      closing = true;
    },
    close(code) {
      if (!closing) close(code);
    },
    destroy: () => void socket.destroy(),
  };
}
