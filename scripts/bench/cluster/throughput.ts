import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats } from '../../nats-server.ts';
import { forkServer } from '../processes.ts';
import { BENCH_TYPE } from '../requests.ts';
import type { ConsumingOrders } from './consuming.ts';

const PROGRAM = `${import.meta.dirname}/consuming.ts`;
const LOOK_EVERY_MS = 5;

/** A broker with a stream, for the workers. */
export async function openStream() {
  const nats = await startNats();
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await manager.streams.add({ name: 'sonoran', subjects: ['sonoran.push.>'] });
  const publisher = jetstream(connection);
  return {
    url: nats.url,
    /** Puts events in, and makes a consumer for them that has given none out yet. */
    async fill(durable: string, events: number): Promise<void> {
      await manager.streams.purge('sonoran');
      await manager.consumers.add('sonoran', {
        ...{ durable_name: durable, ack_policy: 'explicit', max_deliver: -1, max_ack_pending: 10_000 },
      });
      const body = JSON.stringify({ type: BENCH_TYPE, data: { text: 'x'.repeat(600) } });
      await Promise.all(Array.from({ length: events }, () => publisher.publish(`sonoran.push.1.${BENCH_TYPE}`, body)));
    },
    async isEmpty(durable: string): Promise<boolean> {
      const { num_pending, num_ack_pending } = await manager.consumers.info('sonoran', durable);
      return num_pending + num_ack_pending === 0;
    },
    async close(): Promise<void> {
      await connection.close();
      await nats.close();
    },
  };
}

let runs = 0;

/** @returns events a second of so many workers, each a process of its own */
export async function measureWorkers(
  stream: Awaited<ReturnType<typeof openStream>>,
  workers: number,
  events: number,
  handlingMs: number,
): Promise<number> {
  runs += 1;
  const durable = `bench-${runs}`;
  await stream.fill(durable, events);
  const orders: ConsumingOrders = { servers: stream.url, durable, handlingMs };
  const processes = await Promise.all(
    Array.from({ length: workers }, () => forkServer<object>(PROGRAM, [JSON.stringify(orders)])),
  );
  const began = performance.now();
  await Promise.all(processes.map(({ ask }) => ask({ go: true })));
  while (!(await stream.isEmpty(durable))) await sleep(LOOK_EVERY_MS);
  const took = performance.now() - began;
  for (const { stop } of processes) stop();
  return events / (took / 1_000);
}
