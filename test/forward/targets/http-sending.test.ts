import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Attempt, AttemptResult } from '../../../src/forward/delivery.ts';
import { askedPauseMs, HttpSending } from '../../../src/forward/targets/http-sending.ts';
import type { SystemLookup } from '../../../src/lib/host-lookup.ts';
import { listenerClock as clock } from '../../../src/listener/create-push-event-listener.ts';
import { type HttpTarget, startHttpTarget } from '../../http-target.ts';
import { openLocally } from '../../local-server.ts';
import { body, makeAttempt } from './make-attempt.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

function setUpWire(lookup?: SystemLookup): HttpSending {
  const wire = new HttpSending({ version: '5.0.0', clock, statusLabels: [], ...(lookup && { lookup }) });
  cleanUp.push(() => wire.close());
  return wire;
}

async function setUpListener(respond?: Parameters<typeof startHttpTarget>[0]): Promise<HttpTarget> {
  const listener = await startHttpTarget(respond);
  cleanUp.push(() => listener.close());
  return listener;
}

/** A server that does with each connection what a test says. */
async function serveRaw(onConnection: (socket: Socket, number: number) => void): Promise<number> {
  let connections = 0;
  const server = await openLocally(
    createServer((socket) => {
      connections += 1;
      onConnection(socket, connections);
    }),
  );
  cleanUp.push(() => server.close());
  return server.port;
}

interface Sent {
  /** What the watcher heard, in order. */
  readonly heard: string[];
  readonly result: AttemptResult;
}

function send(wire: HttpSending, attempt: Attempt, deadlineMs = 5_000): Promise<Sent> {
  return new Promise((resolve) => {
    const heard: string[] = [];
    wire.send(attempt, deadlineMs, {
      written: () => heard.push('written'),
      ended: (result) => resolve({ heard: [...heard, 'ended'], result }),
    });
  });
}

const to = (port: number, path = '/events') => ({ url: `http://127.0.0.1:${port}${path}` });

describe('an attempt', () => {
  it('sends the bytes it was given', async () => {
    const bytes = Buffer.concat([body, Buffer.from([0, 0xff, 0x0a])]);
    const listener = await setUpListener();
    await send(setUpWire(), makeAttempt(to(listener.port, '/events?a=1'), { event: { body: bytes } }));
    expect(listener.received).toMatchObject([{ method: 'POST', path: '/events?a=1', body: bytes }]);
  });

  it('ends with the status and the text of the answer', async () => {
    const listener = await setUpListener((_request, response) => response.writeHead(400).end('Invalid Type'));
    const { result } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(result).toEqual({
      kind: 'answered',
      status: 400,
      body: 'Invalid Type',
      retryAfterMs: null,
      ms: expect.any(Number),
    });
  });

  it('says that it was written, then how it ended', async () => {
    const listener = await setUpListener();
    const { heard } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(heard).toEqual(['written', 'ended']);
  });

  it('gives on how long it is to be left alone', async () => {
    const listener = await setUpListener((_request, response) => response.writeHead(429, { 'retry-after': '3' }).end());
    const { result } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(result).toMatchObject({ status: 429, retryAfterMs: 3_000 });
  });

  it('does not follow a redirect', async () => {
    const other = await setUpListener();
    const listener = await setUpListener((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end(),
    );
    const { result } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(result).toMatchObject({ kind: 'answered', status: 307 });
    expect(other.received).toEqual([]);
  });

  it('reads 4 KiB of an answer that never ends', async () => {
    const listener = await setUpListener((_request, response) => {
      response.writeHead(200);
      const flood = () => void response.write('x'.repeat(1_000), flood);
      flood();
    });
    const { result } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(result).toMatchObject({ kind: 'answered', status: 200, body: 'x'.repeat(4_096) });
  });

  it('counts a status as the answer when the text gets lost', async () => {
    const port = await serveRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')),
    );
    expect((await send(setUpWire(), makeAttempt(to(port)))).result).toMatchObject({ status: 200, body: 'half' });
  });

  it('counts a status as the answer when the text does not come in time', async () => {
    const port = await serveRaw((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')),
    );
    expect((await send(setUpWire(), makeAttempt(to(port)), 200)).result).toMatchObject({ status: 200, body: 'half' });
  });

  it('that is not answered times out, knowing that it was sent', async () => {
    const listener = await setUpListener(() => {});
    const { heard, result } = await send(setUpWire(), makeAttempt(to(listener.port)), 200);
    expect(result).toMatchObject({ kind: 'timeout', requestSent: true });
    expect(heard).toEqual(['written', 'ended']);
  });

  it('whose body the target does not take times out, knowing that it was not sent', async () => {
    const port = await serveRaw((socket) => socket.pause());
    const event = { body: Buffer.alloc(16 * 1024 * 1024, 0x20) };
    const { heard, result } = await send(setUpWire(), makeAttempt(to(port), { event }), 300);
    expect(result).toMatchObject({ kind: 'timeout', requestSent: false });
    expect(heard).toEqual(['ended']);
  });

  it('whose name is looked up too long times out', async () => {
    const wire = setUpWire((_name, _options, callback) => void cleanUp.push(() => callback(null, [])));
    const { result } = await send(wire, makeAttempt({ url: 'http://bot.example/' }), 100);
    expect(result).toMatchObject({ kind: 'timeout', requestSent: false });
  });

  it('at a closed port fails with the code', async () => {
    const listener = await startHttpTarget();
    await listener.close();
    const { result } = await send(setUpWire(), makeAttempt(to(listener.port)));
    expect(result).toEqual({ kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: expect.any(Number) });
  });

  it.each([
    ['hangs up', (socket: Socket) => socket.destroy(), 'ECONNRESET'],
    ['speaks no HTTP', (socket: Socket) => socket.end('220 mail.example ESMTP\r\n'), 'HPE_INVALID_CONSTANT'],
    [
      'switches protocols',
      (socket: Socket) => socket.end('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'ECONNRESET',
    ],
    [
      'puts off its answer without end',
      (socket: Socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000)),
      'NO_FINAL_ANSWER',
    ],
  ])('at a target that %s fails', async (_what, act, code) => {
    const port = await serveRaw((socket) => socket.once('data', () => act(socket)));
    expect((await send(setUpWire(), makeAttempt(to(port)))).result).toMatchObject({ kind: 'failed', code });
  });

  it('with a header that cannot be sent fails instead of throwing', async () => {
    const attempt = makeAttempt({}, { event: { id: 'two\r\nlines' } });
    expect((await send(setUpWire(), attempt)).result).toMatchObject({ kind: 'failed', code: 'ERR_INVALID_CHAR' });
  });

  it('that is called off closes its connection and says nothing more', async () => {
    let whenClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      whenClosed = resolve;
    });
    const port = await serveRaw((socket) => socket.once('close', () => whenClosed()).resume());
    const heard: string[] = [];
    const deadlineMs = 1_000;
    const callOff = setUpWire().send(makeAttempt(to(port)), deadlineMs, {
      written: () => {
        callOff();
        heard.push('written');
      },
      ended: () => heard.push('ended'),
    });
    await closed;
    await new Promise((resolve) => clock.after(deadlineMs + 50, () => resolve(null)));
    expect(heard).toEqual(['written']);
  });
});

describe('the connection to a target', () => {
  it('is kept', async () => {
    const listener = await setUpListener((request, response) => response.end(String(request.socket.remotePort)));
    const wire = setUpWire();
    const first = await send(wire, makeAttempt(to(listener.port)));
    await new Promise((resolve) => clock.after(20, () => resolve(null)));
    const second = await send(wire, makeAttempt(to(listener.port)));
    expect(second.result).toMatchObject({ body: (first.result as { body: string }).body });
  });

  it('that was closed as the next request went out is made again at once, and written is said once', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    const port = await serveRaw((socket, number) => {
      socket.once('data', () => {
        socket.write(answer);
        socket.once('data', () => socket.destroy());
      });
      if (number > 2) socket.destroy();
    });
    const wire = setUpWire();
    await send(wire, makeAttempt(to(port)));
    await new Promise((resolve) => clock.after(20, () => resolve(null)));
    const { heard, result } = await send(wire, makeAttempt(to(port)));
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(heard).toEqual(['written', 'ended']);
  });

  it('is closed when the target has another address', async () => {
    let whenClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      whenClosed = resolve;
    });
    const before = await serveRaw((socket) => {
      socket.once('close', () => whenClosed());
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    });
    const after = await setUpListener();
    const wire = setUpWire();
    await send(wire, makeAttempt(to(before)));
    await send(wire, makeAttempt(to(after.port)));
    await closed;
    expect(after.received).toHaveLength(1);
  });

  it('is one of several when earlier requests are still unanswered', async () => {
    const listener = await setUpListener(() => {});
    const wire = setUpWire();
    for (let index = 0; index < 5; index += 1) void send(wire, makeAttempt(to(listener.port)), 300);
    await listener.count(5);
    expect(listener.received).toHaveLength(5);
  });
});

describe('an address that is never sent to', () => {
  it.each([
    'http://169.254.169.254/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://0/',
  ])('is refused as it stands in the URL: %s', async (url) => {
    const { heard, result } = await send(setUpWire(), makeAttempt({ url }));
    expect(result).toMatchObject({ kind: 'failed', code: 'ADDRESS_REFUSED' });
    expect(heard).toEqual(['ended']);
  });

  it('is refused when a name leads there only the second time', async () => {
    const listener = await setUpListener();
    const answers = ['127.0.0.1', '169.254.169.254'];
    let time = 0;
    const lateClock = { ...clock, monotonic: () => time };
    const wire = new HttpSending({
      version: '5.0.0',
      clock: lateClock,
      statusLabels: [],
      lookup: (_name, _options, callback) => callback(null, [{ address: answers.shift() ?? '', family: 4 }]),
    });
    cleanUp.push(() => wire.close());
    const target = { url: `http://rebound.example:${listener.port}/`, name: 'one' };
    expect((await send(wire, makeAttempt(target))).result).toMatchObject({ kind: 'answered', status: 200 });
    time = 61_000;
    // Another target, since the first one's connection is kept.
    const { result } = await send(wire, makeAttempt({ ...target, name: 'two' }));
    expect(result).toMatchObject({ kind: 'failed', code: 'ADDRESS_REFUSED' });
    expect(listener.received).toHaveLength(1);
  });
});

describe('what is sent to a Discord webhook', () => {
  it('is a message', async () => {
    const listener = await setUpListener();
    await send(setUpWire(), makeAttempt({ ...to(listener.port), format: 'discord' }));
    expect(JSON.parse(String(listener.received[0]?.body))).toMatchObject({
      embeds: [{ title: 'Tone played' }],
      allowed_mentions: { parse: [] },
    });
  });

  it('is a probe as it is', async () => {
    const listener = await setUpListener();
    await send(setUpWire(), makeAttempt({ ...to(listener.port), format: 'discord' }, { probe: true }));
    expect(listener.received[0]?.body).toEqual(body);
  });
});

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const inHalfAMinute = 'Fri, 02 Jan 2026 03:04:35 GMT';

describe('an answer asks to be left alone', () => {
  it.each([
    ['whole seconds', { 'retry-after': '30' }, 30_000],
    ['parts of a second', { 'retry-after': '1.25' }, 1_250],
    ['a date', { 'retry-after': inHalfAMinute }, 30_000],
    ['a date as RFC 850 wrote it', { 'retry-after': 'Friday, 02-Jan-26 03:04:35 GMT' }, 30_000],
    ['a date as C writes it', { 'retry-after': 'Fri Jan  2 03:04:35 2026' }, 30_000],
    [
      "a date by the target's own clock",
      { 'retry-after': inHalfAMinute, date: 'Fri, 02 Jan 2026 03:04:25 GMT' },
      10_000,
    ],
    ['no time at all, which is a second', { 'retry-after': '0' }, 1_000],
    ['a date long past, which is a second', { 'retry-after': 'Fri, 02 Jan 1970 03:04:35 GMT' }, 1_000],
    ['days, which is ten minutes', { 'retry-after': '999999' }, 600_000],
    ['a reset', { 'x-ratelimit-reset-after': '2.5' }, 2_500],
    ['both, of which Retry-After counts', { 'retry-after': '5', 'x-ratelimit-reset-after': '2.5' }, 5_000],
    ['nonsense and a reset', { 'retry-after': 'soon', 'x-ratelimit-reset-after': '2.5' }, 2_500],
  ])('for %s', (_what, headers, wait) => {
    expect(askedPauseMs(headers, now)).toBe(wait);
  });
});

describe('an answer asks for nothing', () => {
  it.each([
    {},
    { 'retry-after': '' },
    { 'retry-after': '-5' },
    { 'retry-after': '1e3' },
    { 'retry-after': 'tomorrow' },
    { 'x-ratelimit-reset-after': 'Infinity' },
  ])('with %j', (headers) => {
    expect(askedPauseMs(headers, now)).toBeNull();
  });
});
