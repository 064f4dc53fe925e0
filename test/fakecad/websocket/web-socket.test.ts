import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import {
  createFrameReader,
  encodeFrame,
  OPCODE,
  PROTOCOL_ERROR,
  TOO_BIG,
} from '../../../scripts/fakecad/websocket/frames.ts';
import { until } from '../../until.ts';
import { closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const MASK = [1, 2, 3, 4];
const HANDSHAKE = '{"protocol":"json","version":1}\u001e';

/** A frame as a client sends it. */
function masked(first: number, text: string): Buffer {
  const frame = encodeFrame(0, Buffer.from(text));
  const start = frame.length - Buffer.byteLength(text);
  const payload = Buffer.from(text).map((byte, index) => byte ^ Number(MASK[index % 4]));
  const head = Buffer.from(frame.subarray(0, start));
  head[0] = first;
  head[1] = Number(head[1]) | 0x80;
  return Buffer.concat([head, Buffer.from(MASK), payload]);
}

const text = (content: string) => masked(0x80 | OPCODE.text, content);

/** Opens a WebSocket by hand. @returns what came after the head of the answer */
async function open({ url }: FakeCad, headers: Record<string, string> = {}) {
  const socket: Socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  let bytes = Buffer.alloc(0);
  let isClosed = false;
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  const all = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /apiWsHub HTTP/1.1\r\n${lines.join('')}\r\n`);
  await until(() => bytes.includes('\r\n\r\n'));
  const end = bytes.indexOf('\r\n\r\n') + 4;
  return {
    socket,
    head: bytes.subarray(0, end).toString(),
    received: () => bytes.subarray(end),
    ended: () => until(() => isClosed),
  };
}

describe('a WebSocket of the pretend CAD', () => {
  it('is accepted as the standard has it', async () => {
    const { head } = await open(await startCad());
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    // The example of RFC 6455, 1.3.
    expect(head).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  it.each([
    ['another version', { 'Sec-WebSocket-Version': '8' }, '426'],
    ['a key that is too short', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }, '400'],
    ['another protocol', { Upgrade: 'h2c' }, '400'],
  ])('is refused with %s', async (_, headers, status) => {
    const { head, ended } = await open(await startCad(), headers);
    expect(head).toContain(`HTTP/1.1 ${status} `);
    await ended();
  });

  it('takes a message in pieces, with a ping between them', async () => {
    const { socket, received } = await open(await startCad());
    const pieces = [
      masked(OPCODE.text, HANDSHAKE.slice(0, 9)),
      masked(0x80 | OPCODE.ping, 'hi'),
      masked(0x80, HANDSHAKE.slice(9)),
    ];
    for (const byte of Buffer.concat(pieces)) socket.write(Buffer.from([byte]));
    const answer = Buffer.concat([
      encodeFrame(OPCODE.pong, Buffer.from('hi')),
      encodeFrame(OPCODE.text, Buffer.from('{}\u001e')),
    ]);
    await until(() => received().length >= answer.length);
    expect(received().equals(answer)).toBe(true);
  });

  it.each([
    ['a frame without a mask', encodeFrame(OPCODE.text, Buffer.from(HANDSHAKE)), 1002],
    ['a bit that nobody agreed on', masked(0xc0 | OPCODE.text, HANDSHAKE), 1002],
    ['a piece of no message', masked(0x80, HANDSHAKE), 1002],
    ['a message within a message', Buffer.concat([masked(OPCODE.text, 'a'), masked(OPCODE.text, 'b')]), 1002],
    ['a ping in pieces', masked(OPCODE.ping, 'a'), 1002],
    ['a kind of frame that there is not', masked(0x80 | 3, 'a'), 1002],
    ['bytes in place of text', masked(0x80 | OPCODE.binary, 'a'), 1003],
    ['text that is no UTF-8', Buffer.concat([text('a').subarray(0, -1), Buffer.from([0xff ^ 1])]), 1007],
    ['a message over 1 MiB', text('x'.repeat(1024 * 1024 + 1)), 1009],
  ])('ends over %s', async (_, bytes, code) => {
    const { socket, received, ended } = await open(await startCad());
    socket.write(bytes);
    await until(() => received().length >= 4);
    expect([received()[0], received().readUInt16BE(2)]).toEqual([0x80 | OPCODE.close, code]);
    socket.end();
    await ended();
  });

  it('ends when the client says so', async () => {
    const { socket, received, ended } = await open(await startCad());
    socket.write(masked(0x80 | OPCODE.close, '\u0003\u0068'));
    await until(() => received().length >= 4);
    expect(received()[0]).toBe(0x80 | OPCODE.close);
    await ended();
  });
});

describe('frames', () => {
  it.each([0, 125, 126, 65_535, 65_536])('of %d bytes are read as they were written', (length) => {
    const reader = createFrameReader(100_000);
    const content = 'x'.repeat(length);
    expect(reader.read(text(content))).toEqual([{ final: true, opcode: OPCODE.text, payload: Buffer.from(content) }]);
  });

  it('are refused before they have come when they are too long', () => {
    expect(createFrameReader(10).read(text('x'.repeat(11)).subarray(0, 6))).toBe(TOO_BIG);
  });

  it('that control the connection are short', () => {
    expect(createFrameReader(1000).read(masked(0x80 | OPCODE.ping, 'x'.repeat(126)))).toBe(PROTOCOL_ERROR);
  });
});
