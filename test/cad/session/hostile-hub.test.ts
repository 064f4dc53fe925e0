import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Session } from '../../../src/cad/session/session.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { until } from '../../until.ts';
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
} from './hub-faults.ts';
import { authenticate, frame, OPCODE, pushEvent, type RawHub, type RawHubClient, startRawHub } from './raw-hub.ts';

const MEGABYTE = 1024 * 1024;
/** Inflates to 300 MB. One deflated megabyte, ended by a sync flush, is repeated. */
const BOMB = Buffer.concat(
  Array<Buffer>(300).fill(deflateRawSync(Buffer.alloc(MEGABYTE, 'x'), { finishFlush: constants.Z_SYNC_FLUSH })),
);
/** Upper bound of memory growth, including uncollected garbage. The resource itself retains far less. */
const MAX_MEGABYTES = 100;

let hub: RawHub;
let session: Session;
let log: ReturnType<typeof createRecordingLog>;
let received: unknown[];

beforeEach(() => {
  received = [];
  log = createRecordingLog();
});
afterEach(async () => {
  session.stop();
  await hub.close();
});

/** Opens a session to a hub that handles its connections with the given function. */
async function hold(connected: (client: RawHubClient) => void): Promise<void> {
  hub = await startRawHub(connected);
  session = sessionWith(hub, received, log);
  session.applyConfig();
}

/** Makes only the first connection hostile. */
function firstIs(hostile: (client: RawHubClient) => void): (client: RawHubClient) => void {
  return (client) => {
    if (client.number === 1) hostile(client);
    else authenticate(client, () => client.send(pushEvent('after all')));
  };
}

/** Waits for an event of the second connection. @returns why the first one ended, and the peak of memory growth */
async function comesBack(): Promise<{ reason: unknown; megabytes: number }> {
  const before = process.memoryUsage();
  let most = 0;
  await until(() => {
    const { heapUsed, external } = process.memoryUsage();
    most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
    return received.includes('after all');
  });
  expect(session.status().state).toBe('open');
  expect(hub.clients[0]?.socket.destroyed).toBe(true);
  const warning = log.lines.find(({ level }) => level === 'warn');
  return { reason: warning?.fields?.reason, megabytes: most / MEGABYTE };
}

it.each(EXTENSIONS)('a session whose hub answers with %s leaves the hub and reconnects', async (_what, headers) => {
  await hold(
    firstIs((client) => {
      client.accept(headers);
      client.socket.write(compressed);
    }),
  );
  expect((await comesBack()).reason).toMatch(/extension|subprotocol/);
});

it.each([
  [
    'announced by the hub but not requested',
    (client: RawHubClient, send: () => void) => {
      client.accept(extension(''));
      send();
    },
  ],
  ['not announced', authenticate],
])('a session does not inflate a deflate bomb of 300 MB that is %s', async (_how, accept) => {
  const bomb = frame(OPCODE.text, BOMB, { rsv1: true });
  expect(bomb.length).toBeLessThan(MEGABYTE);
  await hold(firstIs((client) => accept(client, () => client.socket.write(bomb))));
  expect((await comesBack()).megabytes).toBeLessThan(MAX_MEGABYTES);
});

it('a session ends the connection when a message of endless fragments reaches 4 MiB', async () => {
  const part = frame(OPCODE.continuation, Buffer.alloc(60_000, 'x'), { fin: false });
  let sent = { bytes: 0 };
  await hold(
    firstIs((client) =>
      authenticate(client, () => {
        client.socket.write(frame(OPCODE.text, '"', { fin: false }));
        sent = flood(client, () => part);
      }),
    ),
  );
  const { megabytes } = await comesBack();
  expect(megabytes).toBeLessThan(MAX_MEGABYTES);
  // The count includes bytes in the socket buffers.
  expect(sent.bytes).toBeLessThan(40 * MEGABYTE);
});

it('a session ends the connection when tiny fragments retain too many read buffers', async () => {
  const ping = frame(OPCODE.ping, Buffer.alloc(125));
  const part = Buffer.concat([frame(OPCODE.continuation, 'x', { fin: false }), ...Array<Buffer>(500).fill(ping)]);
  await hold(
    firstIs((client) =>
      authenticate(client, () => {
        client.socket.write(frame(OPCODE.text, '"', { fin: false }));
        client.socket.resume();
        flood(client, () => part);
      }),
    ),
  );
  expect((await comesBack()).megabytes).toBeLessThan(MAX_MEGABYTES);
});

it('a session ends the connection when a message goes on endlessly with empty fragments', async () => {
  await hold(
    firstIs((client) =>
      authenticate(client, () => {
        client.socket.write(frame(OPCODE.text, '"', { fin: false }));
        const timer = setInterval(() => client.socket.write(frame(OPCODE.continuation, '', { fin: false })), 10);
        client.socket.on('close', () => clearInterval(timer));
      }),
    ),
  );
  expect((await comesBack()).reason).toBe('the CAD was silent for 30 s');
});

it('a session does not fill the memory with pongs for a hub that pings endlessly and reads nothing', async () => {
  const pings = Buffer.concat(Array<Buffer>(500).fill(frame(OPCODE.ping, Buffer.alloc(125))));
  await hold(
    firstIs((client) =>
      authenticate(client, () => {
        client.socket.pause();
        flood(client, () => pings);
      }),
    ),
  );
  expect((await comesBack()).megabytes).toBeLessThan(MAX_MEGABYTES);
});

it.each(HANDSHAKES)('a session refuses a WebSocket handshake whose answer %s', async (_what, answer) => {
  await hold(firstIs(answer));
  expect((await comesBack()).reason).toMatch(/^the WebSocket could not be opened|^the CAD did not answer within 15 s$/);
});

it.each(ANSWERS)("a session ends the connection when the answer to the hub's handshake is %s", async (_what, text) => {
  await hold(
    firstIs((client) => {
      client.accept();
      client.onRecord = () => client.sendText(text);
    }),
  );
  expect((await comesBack()).reason).toEqual(expect.stringMatching(/protocol|refused/));
  expect(JSON.stringify(log.lines)).not.toContain(KEY);
});

it.each([
  ['as it is', KEY],
  ['in capitals', KEY.toUpperCase()],
  ['as base64', Buffer.from(`x${KEY}y`).toString('base64')],
])('a session logs the close message of a hub without the key, when it contains the key %s', async (_how, form) => {
  await hold(firstIs((client) => authenticate(client, () => client.send({ type: 7, error: `bad ${form} key` }))));
  expect((await comesBack()).reason).toMatch(/^the CAD closed the connection: bad .*\(API key removed\).* key$/);
  const lines = JSON.stringify(log.lines);
  expect(lines).not.toContain(KEY);
  expect(lines).not.toContain(form);
});

it('a session accepts an event that arrives with the answer to the login, even if garbage follows', async () => {
  await hold((client) => {
    authenticate(client);
    const { onRecord } = client;
    client.onRecord = (record) => {
      // One write, so that the client reads all of it before it handles the answer.
      client.socket.cork();
      onRecord(record);
      if (record.target === 'authenticatev2') {
        client.send(pushEvent(client.number));
        if (client.number === 1) client.socket.write(Buffer.alloc(100, 0xff));
      }
      client.socket.uncork();
    };
  });
  await until(() => received.length > 1);
  expect(received).toEqual([1, 2]);
});

it('a session that is dropped 200 times in every way loses no event received before, and leaves no socket behind', async () => {
  const DROPS = 200;
  const ways = dropsOnce((number) => received.includes(number));
  await hold((client) =>
    authenticate(client, () => {
      client.send(pushEvent(client.number));
      if (client.number <= DROPS) ways[client.number % ways.length]?.(client);
    }),
  );
  const before = process.memoryUsage().heapUsed;
  await until(() => received.length > DROPS);
  expect(received).toEqual(Array.from({ length: DROPS + 1 }, (_, index) => index + 1));
  expect(session.status()).toMatchObject({ state: 'open', attempts: 0 });
  await until(() => hub.clients.filter(({ socket }) => !socket.destroyed).length === 1);
  expect((process.memoryUsage().heapUsed - before) / MEGABYTE).toBeLessThan(MAX_MEGABYTES);
});
