import { deflateRawSync } from 'node:zlib';
import { openHub } from '../../../src/cad/session/hub-connection.ts';
import { Session } from '../../../src/cad/session/session.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { Log } from '../../../src/lib/log.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { until } from '../../until.ts';
import { frame, OPCODE, type RawHub, type RawHubClient } from './raw-hub.ts';

// Faults of hostile or broken hubs.

/** The API key of the session. */
export const KEY = 'a-key-for-testing';

/** Shortens time, so that reconnect waits take milliseconds and deadlines about a second. */
export const hurried: Clock = {
  ...listenerClock,
  after: (milliseconds, callback) => listenerClock.after(milliseconds / (milliseconds < 10_000 ? 200 : 10), callback),
};

/** Creates a session with a hub, on an accelerated clock. The session is not opened. */
export function sessionWith(hub: Pick<RawHub, 'url'>, received: unknown[], log: Log): Session {
  return new Session({
    config: () => ({
      ...{ transport: 'auto', apiSendEnabled: true, communityID: 'mycommunity', apiKeys: [KEY], serverId: 1 },
      ...{ mode: 'production', apiUrl: hub.url },
    }),
    mayConnect: () => true,
    receive: (payload) => received.push(payload),
    clock: hurried,
    random: () => 0,
    log,
    loadHub: async () => openHub,
  });
}

/** Writes until the client disconnects. @returns the counter of written bytes */
export function flood(client: RawHubClient, next: () => Buffer): { readonly bytes: number } {
  const count = { bytes: 0 };
  const write = (): void => {
    while (!client.socket.destroyed) {
      const chunk = next();
      count.bytes += chunk.length;
      if (!client.socket.write(chunk)) return;
    }
  };
  client.socket.on('drain', write);
  write();
  return count;
}

/** Creates a header for the deflate extension. @param parameters each after a semicolon */
export const extension = (parameters: string) => `Sec-WebSocket-Extensions: permessage-deflate${parameters}\r\n`;
export const compressed = frame(OPCODE.text, deflateRawSync('{}\u001e'), { rsv1: true });

/** Headers of a WebSocket handshake's answer with something that was not requested. */
export const EXTENSIONS: [what: string, headers: string][] = [
  ['an extension with parameters that were not requested', extension('; server_max_window_bits=99')],
  ['an extension that was not requested', extension('')],
  ['a subprotocol that was not requested', 'Sec-WebSocket-Protocol: evil\r\n'],
];

/** Invalid answers to a WebSocket handshake, or a valid one followed by garbage. */
export const HANDSHAKES: [what: string, answer: (client: RawHubClient) => void][] = [
  ['is not HTTP', (client: RawHubClient) => client.socket.write('garbage \u0000\u00ff garbage\r\n\r\n')],
  [
    'has status 200',
    (client: RawHubClient) => client.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngarbage'),
  ],
  [
    'has a wrong digest',
    (client: RawHubClient) =>
      client.socket.write(
        'HTTP/1.1 101 ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: garbage\r\n\r\n',
      ),
  ],
  ['never ends', (client: RawHubClient) => flood(client, () => Buffer.alloc(1_000, 'x'))],
  [
    'is followed by garbage',
    (client: RawHubClient) => {
      client.accept();
      client.socket.write(Buffer.alloc(1_000, 0xff));
    },
  ],
];

/** Invalid answers to the handshake of the hub's protocol. */
export const ANSWERS: [what: string, text: string][] = [
  ['not JSON', 'garbage\u001e'],
  ['text without a separator', '{}'],
  ['null', 'null\u001e'],
  ['a message', '{"type":6}\u001e'],
  ['a refusal', `{"error":"not with ${KEY} here"}\u001e`],
  ['a refusal that is not text', '{"error":{"a":1}}\u001e'],
  ['followed by garbage', '{}\u001e{"type":"x"}\u001e'],
];

/**
 * All ways to end a working connection.
 *
 * @param isReceived whether the event of a connection, by its number, has arrived
 */
export function dropsOnce(isReceived: (number: number) => boolean): ((client: RawHubClient) => void)[] {
  return [
    ({ socket }) => socket.destroySoon(),
    // A reset discards unread data, so it waits until the event has arrived.
    ({ number, socket }) => void until(() => isReceived(number)).then(() => socket.resetAndDestroy()),
    ({ socket }) => socket.write(frame(OPCODE.close, Buffer.of(3, 0xe8))),
    ({ socket }) => socket.write(frame(OPCODE.close, '')),
    ({ socket }) => socket.end(frame(OPCODE.text, 'half of it').subarray(0, 6)),
    (client) => client.send({ type: 7, error: 'enough', allowReconnect: true }),
    (client) => client.sendText('garbage'),
    ({ socket }) => socket.write(frame(OPCODE.binary, '{}')),
    ({ socket }) => socket.write(Buffer.alloc(100, 0xff)),
  ];
}
