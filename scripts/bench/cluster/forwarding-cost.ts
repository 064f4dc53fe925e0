import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { startNats } from '../../nats-server.ts';
import { startListeners } from '../forward/listeners.ts';
import { createForwarderSubject } from '../forward/subjects.ts';
import { forkServer, ordersOf, tellParent } from '../processes.ts';
import type { ConsumingOrders } from './consuming.ts';

/** What one process measures: what an event costs, or with `handling` how many events a second one HTTP listener handles. */
export interface CostOrders {
  readonly to: 'http' | 'nats' | 'handling';
  /** Of the database. */
  readonly folder: string;
  readonly events: number;
}

/** How long each handler waits. */
const HANDLING_MS = 5;
/** Before what is measured: the client is loaded, and what runs often is compiled. */
const WARM_UP = 2_000;

/** @returns microseconds of processor time for one event, from being taken to being acknowledged */
async function measure({ to, folder, events }: CostOrders): Promise<number> {
  const nats = to === 'nats' ? await startNats() : null;
  const listeners = nats === null ? await startListeners(1, 'answer') : null;
  const subject = createForwarderSubject(
    mkdtempSync(join(folder, 'outbox-')),
    nats === null ? (listeners?.urls ?? []) : [nats.url],
    10_000,
  );
  await run(WARM_UP);
  const before = process.cpuUsage();
  await run(events);
  const { user, system } = process.cpuUsage(before);
  subject.stop();
  await nats?.close();
  return (user + system) / events;

  async function run(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      subject.take();
      await setImmediate();
    }
    while (subject.waiting() > 0) await sleep(1);
  }
}

/** @returns events a second of one HTTP listener, which does not wait for its handlers, from the resource's forwarding */
async function measureListener({ folder, events }: CostOrders): Promise<number> {
  const orders: ConsumingOrders = { servers: null, durable: '', handlingMs: HANDLING_MS };
  const program = `${import.meta.dirname}/consuming.ts`;
  const { ready, ask, stop } = await forkServer<{ port: number }>(program, [JSON.stringify(orders)]);
  const subject = createForwarderSubject(
    mkdtempSync(join(folder, 'outbox-')),
    [`http://127.0.0.1:${ready.port}/sonorancad/event`],
    10_000,
  );
  const began = performance.now();
  for (let index = 0; index < events; index += 1) subject.take();
  await ask({ wanted: events });
  const took = performance.now() - began;
  stop();
  return events / (took / 1_000);
}

const orders = ordersOf<CostOrders>();
tellParent(orders.to === 'handling' ? { rate: await measureListener(orders) } : { cpu: await measure(orders) });
