import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';

// A WebSocket server after RFC 6455 over plain TCP that can send any bytes.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

/** One connection to the hub, after its HTTP request has arrived. */
export interface RawHubClient {
  /** The number of the connection, counted from 1. */
  readonly number: number;
  readonly socket: Socket;
  /** The records received from the client. */
  readonly records: Record<string, unknown>[];
  /** Accepts the WebSocket handshake. @param headers further headers, each ending in CRLF */
  accept(headers?: string): void;
  /** Sends records of the hub's protocol as one message. */
  send(...records: object[]): void;
  sendText(text: string): void;
  /** Called for each record of the client. By default, no record is answered. */
  onRecord: (record: Record<string, unknown>) => void;
}

export interface RawHub {
  readonly url: string;
  readonly clients: readonly RawHubClient[];
  close(): Promise<void>;
}

/** Encodes a frame from server to client. Such frames are not masked. */
export function frame(opcode: number, payload: Uint8Array | string, { fin = true, rsv1 = false } = {}): Buffer {
  const bytes = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
  if (bytes.length < 126) return Buffer.concat([Buffer.of(first, bytes.length), bytes]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

/** Starts a hub. @param connected called with each connection when its HTTP request has arrived */
export async function startRawHub(connected: (client: RawHubClient) => void): Promise<RawHub> {
  const clients: RawHubClient[] = [];
  const sockets = new Set<Socket>();
  // Without Nagle's algorithm, which delays small writes by about 40 ms until the previous one is acknowledged.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket);
  });

  function serve(socket: Socket): void {
    let bytes = Buffer.alloc(0);
    let key: string | null = null;
    const client: RawHubClient = {
      ...{ number: clients.length + 1, socket, records: [], onRecord: () => {} },
      accept(headers = '') {
        const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${digest}\r\n${headers}\r\n`,
        );
      },
      send: (...records) => client.sendText(records.map((record) => `${JSON.stringify(record)}\u001e`).join('')),
      sendText: (text) => void socket.write(frame(OPCODE.text, text)),
    };
    clients.push(client);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (key === null) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        key = /^sec-websocket-key: (.*)$/im.exec(bytes.subarray(0, end).toString())?.[1] ?? '';
        bytes = bytes.subarray(end + 4);
        connected(client);
      }
      for (let size = read(); size > 0; size = read()) bytes = bytes.subarray(size);
    });

    /**
     * Reads one frame. The client's frames are short, unfragmented and masked.
     *
     * @returns its length; 0 when it is incomplete
     */
    function read(): number {
      const short = (bytes[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : 2;
      const length = short === 126 ? bytes.readUInt16BE(2) : short;
      const size = start + 4 + length;
      if (bytes.length < size) return 0;
      const mask = bytes.subarray(start, start + 4);
      const payload = bytes.subarray(start + 4, size).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      if (((bytes[0] ?? 0) & 0x0f) === OPCODE.text) {
        for (const text of Buffer.from(payload).toString().split('\u001e').slice(0, -1)) {
          const record = JSON.parse(text);
          client.records.push(record);
          client.onRecord(record);
        }
      }
      return size;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clients,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers the handshake and the login like a hub, then calls the callback. */
export function authenticate(client: RawHubClient, authenticated: () => void = () => {}): void {
  client.accept();
  client.onRecord = (record) => {
    if (record.protocol === 'json') client.send({});
    if (record.target !== 'authenticatev2') return;
    client.send({ type: 3, invocationId: record.invocationId, result: { success: true, error: null, count: 0 } });
    authenticated();
  };
}

export const pushEvent = (payload: unknown) => ({ type: 1, target: 'pushEvent', arguments: [payload] });
