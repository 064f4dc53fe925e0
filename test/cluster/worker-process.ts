import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPushEventConsumer } from '../../src/listener/create-push-event-listener.ts';

/** The settings of one worker process, passed as JSON in its first argument. */
export interface WorkerOrders {
  readonly servers: string;
  readonly order: 'none' | 'server';
  readonly ackWaitMs: number;
  /** How long the handler of an event takes. */
  readonly handlingMs: number;
  /** File with a line for each handled event: server, number, id and the time in milliseconds since 1970. */
  readonly journal: string;
}

/** Runs one worker. Each worker has its own process, so that a test can kill it. */
async function work({ servers, order, ackWaitMs, handlingMs, journal }: WorkerOrders): Promise<void> {
  const consumer = createPushEventConsumer({
    ...{ servers, order, ackWaitMs, stream: 'sonoran', durable: 'bot' },
    warn: () => {},
  });
  consumer.on('*', async ({ data, id }) => {
    const { server, number } = data as { server: number; number: number };
    await sleep(handlingMs);
    appendFileSync(journal, `${server} ${number} ${id} ${Date.now()}\n`);
  });
  await consumer.start();
  process.once('disconnect', () => process.exit());
  process.send?.('working');
}

await work(JSON.parse(process.argv[2] ?? '') as WorkerOrders);
