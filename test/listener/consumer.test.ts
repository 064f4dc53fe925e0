import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from '@jest/globals';
import type * as JetStream from '@nats-io/jetstream';
import { type NatsServer, startNats } from '../../scripts/nats-server.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { listenerClock as clock } from '../../src/listener/create-push-event-listener.ts';
import type { PushEventConsumerOptions } from '../../src/listener/push-event-listener.ts';
import { createConsumer } from '../../src/listener/stream-worker.ts';
import { describeWithNats } from '../nats-server.ts';
import { openBroker } from '../nats-stream.ts';
import { until } from '../until.ts';

const { jetstream } = createRequire(import.meta.url)('@nats-io/jetstream') as typeof JetStream;
const cleanUp: (() => unknown)[] = [];
const workers: (() => Promise<void>)[] = [];
const TIMING = { failureWaitsMs: [50, 100], fetchMs: 1_000, serverSearchMs: 300 };

afterEach(async () => {
  await Promise.all(workers.splice(0).map((close) => close()));
  for (const close of cleanUp.splice(0).reverse()) await close();
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function setUp(config = '') {
  const server = await startNats(config);
  cleanUp.push(() => server.close());
  const broker = await openBroker(server.url);
  cleanUp.push(() => broker.close());
  await broker.addStream();
  await broker.addStream({ name: 'dead', subjects: ['sonoran.dead.>'] });
  const publisher = jetstream(broker.connection);
  return {
    server,
    broker,
    /** Publishes an event. @returns its `webhook-id` */
    async publish(number: number, more: { subject?: string; headers?: Record<string, string>; text?: string } = {}) {
      const id = randomUUID();
      const { subject = 'sonoran.push.1.EVENT_NUMBERED' } = more;
      const text = more.text ?? JSON.stringify({ type: 'EVENT_NUMBERED', data: { number } });
      const headers = (await import('@nats-io/transport-node')).headers();
      for (const [name, value] of Object.entries({ 'webhook-id': id, ...more.headers })) headers.set(name, value);
      await publisher.publish(subject, text, { headers });
      return headers.get('webhook-id');
    },
  };
}

async function work(
  { url }: Pick<NatsServer, 'url'>,
  handle: (number: number, id: string) => unknown,
  options: Partial<PushEventConsumerOptions> = {},
) {
  const lines: string[] = [];
  const usual = {
    servers: url,
    stream: 'sonoran',
    durable: 'bot',
    ackWaitMs: 1_000,
    warn: (line: string) => lines.push(line),
  };
  const consumer = createConsumer({ ...usual, ...options }, clock, () => {}, TIMING);
  consumer.on('*', ({ data, id }) => handle((data as { number: number }).number, id)).onError(() => {});
  const running = await consumer.start();
  workers.push(() => running.close());
  return { lines, close: () => running.close() };
}

describeWithNats('worker of a NATS stream', () => {
  it('receives events in order, each with its webhook-id as its id', async () => {
    const { server, publish } = await setUp();
    const ids: (string | undefined)[] = [];
    for (const number of numbers(5)) ids.push(await publish(number));
    const got: unknown[] = [];
    await work(server, (number, id) => got.push([number, id]));
    await until(() => got.length === 5);
    expect(got).toEqual(numbers(5).map((number, index) => [number, ids[index]]));
  });

  it('receives an event again after its handler failed, and acknowledges it when the handler succeeds', async () => {
    const { server, broker, publish } = await setUp();
    const got: number[] = [];
    await work(server, async (number) => {
      got.push(number);
      await sleep(5);
      if (got.length < 3) throw new Error('not yet');
    });
    await publish(1);
    await until(() => got.length === 3);
    const info = async () => (await broker.manager.consumers.info('sonoran', 'bot')).num_ack_pending;
    await until(async () => (await info()) === 0);
    expect(got).toEqual([1, 1, 1]);
  });

  it('keeps an event whose handler takes longer than ackWaitMs, so that no other worker receives it', async () => {
    const { server, publish } = await setUp();
    let [taken, handled] = [0, 0];
    await work(server, async () => {
      taken += 1;
      await sleep(1_800);
      handled += 1;
    });
    const other: number[] = [];
    await publish(1);
    await until(() => taken === 1);
    await work(server, (number) => other.push(number));
    await until(() => handled === 1);
    expect(other).toEqual([]);
  });

  it('publishes an event unchanged as a dead letter after maxDeliver failed attempts', async () => {
    const { server, broker, publish } = await setUp();
    let attempts = 0;
    const { lines } = await work(
      server,
      (number) => {
        if (number !== 1) return;
        attempts += 1;
        throw new Error('always');
      },
      { maxDeliver: 3 },
    );
    const id = await publish(1);
    await publish(2);
    await until(async () => (await broker.messages('dead')).length === 1);
    expect(attempts).toBe(3);
    expect(await broker.messages('dead')).toMatchObject([
      {
        subject: 'sonoran.dead.bot',
        text: '{"type":"EVENT_NUMBERED","data":{"number":1}}',
        headers: { 'webhook-id': id, 'x-sonorancad-reason': 'failed in a handler' },
      },
    ]);
    await until(() => lines.some((line) => line.includes('Moved an event to the dead letters')));
  });

  it('handles an event once if it is in the stream twice, and handles its replay', async () => {
    const { server, publish } = await setUp();
    const got: number[] = [];
    await work(server, (number) => got.push(number));
    const id = String(await publish(1));
    await publish(2, { headers: { 'webhook-id': id } });
    await publish(3, { headers: { 'webhook-id': `${id}.r1` } });
    await publish(4);
    await until(() => got.includes(4));
    expect(got).toEqual([1, 3, 4]);
  });

  it('retries an event whose handler fails after the broker has already redelivered it', async () => {
    const { server, publish } = await setUp();
    let [attempts, hasAnswered] = [0, false];
    await work(
      server,
      async () => {
        attempts += 1;
        if (attempts > 1) return;
        await sleep(10);
        // Blocks the event loop past ackWaitMs, so that the worker cannot extend the deadline.
        const end = performance.now() + 1_300;
        while (performance.now() < end);
        await sleep(200);
        hasAnswered = true;
        throw new Error('the database is away');
      },
      { concurrency: 2 },
    );
    await publish(1);
    await until(() => hasAnswered && attempts === 2);
  });

  it('dead-letters an event whose signature is wrong, or was too old when the stream stored it', async () => {
    const { server, broker, publish } = await setUp();
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const text = JSON.stringify({ type: 'EVENT_NUMBERED', data: { number: 1 } });
    const sign = (id: string, timestamp: number) => ({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf([secret], id, timestamp, Buffer.from(text)),
    });
    const now = Math.floor(Date.now() / 1_000);
    await publish(1, { text, headers: sign('one', now) });
    await publish(1, { text, headers: sign('two', now - 400) });
    await publish(1, { text, headers: { ...sign('three', now), 'webhook-id': 'four' } });
    const got: string[] = [];
    await work(server, (_number, id) => got.push(id), { secret, maxDeliver: 1 });
    await until(async () => (await broker.messages('dead')).length === 2);
    expect(got).toEqual(['one']);
  });

  it('publishes a dead letter for each of two messages with the same webhook-id', async () => {
    const { server, broker, publish } = await setUp();
    const headers = { 'webhook-id': 'one\u001b[31m' };
    for (const text of ['forged', 'forged again']) await publish(1, { text, headers });
    const { lines } = await work(server, () => {}, { maxDeliver: 1 });
    await until(async () => (await broker.messages('dead')).length === 2);
    await until(() => lines.length === 2);
    expect(lines[0]).toContain('id="one\\u{1b}[31m" subject=sonoran.dead.bot');
  });

  it('acknowledges a dead letter that the same stream stores, instead of publishing it again', async () => {
    const { server, broker, publish } = await setUp();
    const got: number[] = [];
    const { lines } = await work(server, (number) => got.push(number), {
      deadLetterSubject: 'sonoran.push.dead',
      maxDeliver: 1,
    });
    await publish(1, { text: 'no event' });
    await until(() => lines.length > 0);
    await publish(2);
    await until(() => got.length === 1);
    expect(await broker.messages('sonoran')).toHaveLength(3);
  });

  it('accepts an event with the configured key or without a key, and dead-letters one with another key', async () => {
    const { server, broker, publish } = await setUp();
    const text = (key: string, number: number) => JSON.stringify({ key, type: 'EVENT_NUMBERED', data: { number } });
    await publish(1, { text: text('a-key-for-testing', 1) });
    await publish(2, { text: text('another-key-altogether', 2) });
    await publish(3);
    const got: number[] = [];
    await work(server, (number) => got.push(number), { apiKey: 'a-key-for-testing', maxDeliver: 1 });
    await until(async () => (await broker.messages('dead')).length === 1);
    await until(() => got.length === 2);
    expect(got).toEqual([1, 3]);
  });

  it('shares the events with other workers of its durable, each event going to one worker', async () => {
    const { server, publish } = await setUp();
    const got: number[][] = [[], [], []];
    for (const numbersOfWorker of got) {
      await work(server, async (number) => {
        numbersOfWorker.push(number);
        await sleep(5);
      });
    }
    await Promise.all(numbers(60).map((number) => publish(number)));
    await until(() => got.flat().length === 60);
    expect(got.flat().toSorted((a, b) => a - b)).toEqual(numbers(60));
    for (const numbersOfWorker of got) expect(numbersOfWorker.length).toBeGreaterThan(5);
  });

  it('handles the events of each game server in order across workers, even if one fails', async () => {
    const { server, publish } = await setUp();
    for (const number of numbers(40)) await publish(number, { subject: `sonoran.push.${number % 2}.EVENT_NUMBERED` });
    const got: number[] = [];
    let fails = 2;
    const handle = async (number: number) => {
      await sleep(number % 5);
      if (number === 11 && fails > 0) {
        fails -= 1;
        throw new Error('not yet');
      }
      got.push(number);
    };
    for (const _ of numbers(3)) await work(server, handle, { order: 'server' });
    await until(() => got.length === 40);
    for (const parity of [0, 1]) {
      const numbersOfServer = got.filter((number) => number % 2 === parity);
      expect(numbersOfServer).toEqual(numbersOfServer.toSorted((a, b) => a - b));
    }
  });

  it('finds a game server whose first event arrives after the start', async () => {
    const { server, publish } = await setUp();
    const got: number[] = [];
    await work(server, (number) => got.push(number), { order: 'server' });
    await publish(1, { subject: 'sonoran.push.9.EVENT_NUMBERED' });
    await until(() => got.length === 1);
  });

  it('handles the events about each call in order across workers', async () => {
    const { server, publish } = await setUp();
    for (const number of numbers(40)) {
      const call = number % 4;
      await publish(number, { subject: `sonoran.push.1.EVENT_NUMBERED.${call}.${call}` });
    }
    const got: number[] = [];
    const handle = async (number: number) => {
      await sleep(number % 5);
      got.push(number);
    };
    for (const _ of numbers(3)) await work(server, handle, { order: 'call' });
    await until(() => got.length === 40);
    for (const call of [0, 1, 2, 3]) {
      const numbersOfCall = got.filter((number) => number % 4 === call);
      expect(numbersOfCall).toEqual(numbersOfCall.toSorted((a, b) => a - b));
    }
  });

  it('finishes its current event when it closes, and leaves the others to another worker at once', async () => {
    const { server, publish } = await setUp();
    for (const number of numbers(10)) await publish(number);
    const got: number[] = [];
    const first = await work(
      server,
      async (number) => {
        await sleep(100);
        got.push(number);
      },
      { ackWaitMs: 60_000 },
    );
    await until(() => got.length === 1);
    await first.close();
    const handled = got.length;
    const rest: number[] = [];
    await work(server, (number) => rest.push(number), { ackWaitMs: 60_000 });
    await until(() => rest.length === 10 - handled);
    expect([...got, ...rest]).toEqual(numbers(10));
  });

  it('continues after the broker was killed and restarted', async () => {
    const { server, publish } = await setUp();
    const got: number[] = [];
    const { lines } = await work(server, (number) => got.push(number));
    await publish(1);
    await until(() => got.length === 1);
    await server.kill();
    await server.start();
    const back = await openBroker(server.url);
    cleanUp.push(() => back.close());
    await jetstream(back.connection).publish('sonoran.push.1.X', '{"type":"EVENT_NUMBERED","data":{"number":2}}');
    await until(() => got.includes(2));
    expect(lines).toEqual(['Broker connection lost; the worker reconnects by itself.', 'Broker connection restored.']);
  });

  it('warns once that the broker refuses its credentials after they were changed', async () => {
    const account = (password: string) => `authorization { users: [
      { user: admin, password: a }
      { user: bot, password: ${password} }
    ] }
    no_auth_user: admin`;
    const { server, publish } = await setUp(account('b'));
    const got: number[] = [];
    const { lines } = await work(server, (number) => got.push(number), { credentials: { user: 'bot', password: 'b' } });
    server.reload(account('c'));
    await until(() => lines.length > 0);
    // Long enough for two or three attempts to reconnect.
    await sleep(1_300);
    server.reload(account('b'));
    await until(() => lines.includes('Broker connection restored.'));
    await publish(1);
    await until(() => got.length === 1);
    expect(lines).toEqual([
      'The worker cannot reach the broker and keeps trying. The broker refuses the credentials.',
      'Broker connection lost; the worker reconnects by itself.',
      'Broker connection restored.',
    ]);
  });

  it('waits for a stream that does not exist yet, and warns once', async () => {
    const server = await startNats();
    cleanUp.push(() => server.close());
    const got: number[] = [];
    const lines: string[] = [];
    const starting = work(server, (number) => got.push(number), { warn: (line) => lines.push(line) });
    await until(() => lines.length > 0);
    expect(lines).toEqual([
      'The worker cannot receive events yet and keeps trying. The stream sonoran does not exist.',
    ]);
    const broker = await openBroker(server.url);
    cleanUp.push(() => broker.close());
    await broker.addStream();
    await starting;
  });

  it('warns once that its stream was deleted, and once that it receives events again', async () => {
    const { server, broker, publish } = await setUp();
    const got: number[] = [];
    const { lines } = await work(server, (number) => got.push(number), { concurrency: 3 });
    await broker.manager.streams.delete('sonoran');
    await until(() => lines.length > 0);
    await broker.addStream();
    await publish(1);
    await until(() => got.length === 1);
    expect(lines).toEqual([
      'The worker cannot receive events any more and keeps trying. The stream sonoran does not exist.',
      'The worker receives events again.',
    ]);
  });

  it('releases the callbacks of waits that are over', async () => {
    const { server } = await setUp();
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const over: WeakRef<() => void>[] = [];
    const noting: typeof clock = {
      ...clock,
      after(milliseconds, callback) {
        if (milliseconds === 1) over.push(new WeakRef(callback));
        return clock.after(milliseconds, callback);
      },
    };
    const options = { servers: server.url, stream: 'sonoran', durable: 'bot', order: 'server' } as const;
    const running = await createConsumer(options, noting, () => {}, { ...TIMING, serverSearchMs: 1 }).start();
    workers.push(() => running.close());
    await until(() => over.length > 20);
    collectGarbage();
    expect(over.filter((wait) => wait.deref() !== undefined).length).toBeLessThan(10);
  });

  it('rejects its start if its durable exists with another filter', async () => {
    const { server } = await setUp();
    await work(server, () => {});
    await expect(work(server, () => {}, { filter: 'sonoran.push.1.{type}' })).rejects.toThrow(
      'The stream already has a consumer bot with another filter or order',
    );
  });

  const ORDERED = ['INFO.sonoran.*', 'MSG.NEXT.sonoran.*', 'CREATE.sonoran.>'].map(
    (right) => `$JS.API.CONSUMER.${right}`,
  );

  it.each([
    ['none', ['$JS.API.CONSUMER.INFO.sonoran.bot', '$JS.API.CONSUMER.MSG.NEXT.sonoran.bot', '$JS.ACK.sonoran.bot.>']],
    ['call', [...ORDERED, '$JS.ACK.sonoran.*.>']],
    ['server', [...ORDERED, '$JS.ACK.sonoran.*.>', '$JS.API.STREAM.INFO.sonoran']],
  ] as const)('works with only the rights that docs/cluster.md names, with the order %j', async (order, rightNames) => {
    const page = readFileSync(join(projectRoot, 'docs', 'cluster.md'), 'utf8');
    for (const right of rightNames) expect(page).toContain(right);
    const subjects = JSON.stringify([...rightNames, 'sonoran.dead.bot']);
    const rights = `permissions: { publish: ${subjects}, subscribe: "_INBOX.>" }`;
    const { server, broker, publish } = await setUp(`authorization { users: [
      { user: admin, password: a }
      { user: bot, password: b, ${rights} }
    ]
    }
    no_auth_user: admin`);
    await broker.manager.consumers.add('sonoran', {
      ...{ durable_name: 'bot', ack_policy: 'explicit', max_deliver: -1, max_ack_pending: 10_000 },
    });
    const got: number[] = [];
    await work(server, (number) => got.push(number), { order, credentials: { user: 'bot', password: 'b' } });
    await publish(1, { subject: `sonoran.push.1.EVENT_NUMBERED${order === 'call' ? '.5.37' : ''}` });
    await until(() => got.length === 1);
  });
});
