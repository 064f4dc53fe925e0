import { setTimeout as sleep } from 'node:timers/promises';
import { createPushEventConsumer, createPushEventListener } from '../../../src/listener/create-push-event-listener.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { BENCH_KEY } from '../requests.ts';

/** What one process that handles events is told. */
export interface ConsumingOrders {
  /** The broker; null for a listener of HTTP. */
  readonly servers: string | null;
  readonly durable: string;
  /** How long each handler waits. */
  readonly handlingMs: number;
}

const { servers, durable, handlingMs } = ordersOf<ConsumingOrders>();

if (servers === null) {
  let handled = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const tell = () => {
    if (handled >= wanted) process.send?.({ handled });
  };
  const listener = createPushEventListener({ apiKey: BENCH_KEY });
  listener.on('*', async () => {
    await sleep(handlingMs);
    handled += 1;
    tell();
  });
  process.on('message', (message: { wanted: number }) => {
    wanted = message.wanted;
    tell();
  });
  const { port } = await listener.listen(0);
  tellParent({ port });
} else {
  const consumer = createPushEventConsumer({ servers, stream: 'sonoran', durable });
  consumer.on('*', () => sleep(handlingMs));
  process.on('message', () => {
    void consumer.start().then(() => process.send?.({}));
  });
  tellParent({});
}
