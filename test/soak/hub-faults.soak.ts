import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import {
  ANSWERS,
  compressed,
  dropsOnce,
  EXTENSIONS,
  extension,
  flood,
  HANDSHAKES,
  KEY,
  sessionWith,
} from '../cad/session/hub-faults.ts';
import { authenticate, frame, OPCODE, pushEvent, type RawHubClient, startRawHub } from '../cad/session/raw-hub.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';

const MEGABYTE = 1024 * 1024;
const MINUTE = 60_000;
const ROUNDS = 3;

const bomb = frame(OPCODE.text, deflateRawSync(Buffer.alloc(300 * MEGABYTE, 'x')), { rsv1: true });
const part = frame(OPCODE.continuation, Buffer.alloc(60_000, 'x'), { fin: false });
const pings = Buffer.concat(Array<Buffer>(500).fill(frame(OPCODE.ping, Buffer.alloc(125))));

const HOSTILE: readonly ((client: RawHubClient) => void)[] = [
  ...EXTENSIONS.map(([, headers]) => (client: RawHubClient) => {
    client.accept(headers);
    client.socket.write(compressed);
  }),
  ...HANDSHAKES.map(([, answer]) => answer),
  ...ANSWERS.map(([, text]) => (client: RawHubClient) => {
    client.accept();
    client.onRecord = () => client.sendText(text);
  }),
  (client) => {
    client.accept(extension(''));
    client.socket.write(bomb);
  },
  (client) => authenticate(client, () => client.socket.write(bomb)),
  (client) =>
    authenticate(client, () => {
      client.socket.write(frame(OPCODE.text, '"', { fin: false }));
      flood(client, () => part);
    }),
  (client) =>
    authenticate(client, () => {
      client.socket.pause();
      flood(client, () => pings);
    }),
  (client) => authenticate(client, () => client.send({ type: 7, error: `bad ${KEY} key` })),
];

it(
  'a session comes through every fault of a hub after every kind of drop, and loses no event that came before one',
  async () => {
    const received: unknown[] = [];
    const log = createRecordingLog();
    const drops = dropsOnce((number) => received.includes(number));
    const pairs = HOSTILE.flatMap((hostile) => drops.map((drop) => ({ hostile, drop })));
    const good = ROUNDS * pairs.length;
    /** The numbers of the good connections, which are the events that they sent. */
    const sent: number[] = [];
    let isHostile = false;
    // By turns a good connection that is dropped and a hostile one; the last one stays. In between, the client asks how to connect.
    const hub = await startRawHub((client) => {
      const { hostile, drop } = pairs[sent.length % pairs.length] ?? {};
      if (isHostile) {
        isHostile = false;
        return hostile?.(client);
      }
      authenticate(client, () => {
        client.send(pushEvent(client.number));
        sent.push(client.number);
        if (sent.length > good) return;
        isHostile = true;
        drop?.(client);
      });
    });
    const session = sessionWith(hub, received, log);
    try {
      session.applyConfig();
      await until(() => received.length > 20);
      const before = process.memoryUsage();
      // Jest ends the wait.
      while (received.length <= good) await sleep(20);
      expect(received).toEqual(sent);
      expect(session.status()).toMatchObject({ state: 'open', attempts: 0 });
      await until(() => hub.clients.filter(({ socket }) => !socket.destroyed).length === 1);
      const after = process.memoryUsage();
      expect((after.heapUsed + after.external - before.heapUsed - before.external) / MEGABYTE).toBeLessThan(100);
      expect(JSON.stringify(log.lines)).not.toContain(KEY);
    } finally {
      session.stop();
      await hub.close();
    }
  },
  30 * MINUTE,
);
