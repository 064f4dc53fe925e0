import { deflateRawSync } from 'node:zlib';
import { openHub } from '../../../src/cad/session/hub-connection.ts';
import { Session } from '../../../src/cad/session/session.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { Log } from '../../../src/lib/log.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { until } from '../../until.ts';
import { frame, OPCODE, type RawHub, type RawHubClient } from './raw-hub.ts';

// What a hub can do that is hostile or broken.

/** The API key of the session. */
export const KEY = 'a-key-for-testing';

/** Waits before coming back are over in milliseconds, deadlines in a second or so. */
export const hurried: Clock = {
  ...listenerClock,
  after: (milliseconds, callback) => listenerClock.after(milliseconds / (milliseconds < 10_000 ? 200 : 10), callback),
};

/** A session with a hub, on a clock that hurries. It has yet to be opened. */
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

/** Writes again and again until the client has gone. @returns how many bytes it has let in */
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

/** @param parameters each behind a semicolon */
export const extension = (parameters: string) => `Sec-WebSocket-Extensions: permessage-deflate${parameters}\r\n`;
export const compressed = frame(OPCODE.text, deflateRawSync('{}\u001e'), { rsv1: true });

/** Headers of an answer to the request for a WebSocket, which says what was not asked for. */
export const EXTENSIONS: [what: string, headers: string][] = [
  ['an extension with parameters that were not requested', extension('; server_max_window_bits=99')],
  ['an extension that was not requested', extension('')],
  ['a subprotocol that was not requested', 'Sec-WebSocket-Protocol: evil\r\n'],
];

/** What comes in place of such an answer, or behind it. */
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

/** Answers to the hand-shake of the hub's own protocol. */
export const ANSWERS: [what: string, text: string][] = [
  ['not JSON', 'garbage\u001e'],
  ['text without a separator', '{}'],
  ['null', 'null\u001e'],
  ['a message', '{"type":6}\u001e'],
  ['a refusal', `{"error":"not with ${KEY} here"}\u001e`],
  ['a refusal that is not text', '{"error":{"a":1}}\u001e'],
  ['followed by garbage', '{}\u001e{"type":"x"}\u001e'],
];

/** The ways to end a good connection. @param isReceived whether the event of the connection with that number has come */
export function dropsOnce(isReceived: (number: number) => boolean): ((client: RawHubClient) => void)[] {
  return [
    ({ socket }) => socket.destroySoon(),
    // A reset takes with it what was not read yet.
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
