import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPushEventConsumer } from '../../src/listener/create-push-event-listener.ts';

/** What one worker is told. */
export interface WorkerOrders {
  readonly servers: string;
  readonly order: 'none' | 'server';
  readonly ackWaitMs: number;
  /** How long its handler waits. */
  readonly handlingMs: number;
  /** Gets a line for each event that was handled: server, number, id and when, in milliseconds since 1970. */
  readonly journal: string;
}

/** Always a process of its own, since it is killed. */
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
