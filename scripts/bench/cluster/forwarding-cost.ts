import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { startNats } from '../../nats-server.ts';
import { startListeners } from '../forward/listeners.ts';
import { createForwarderSubject } from '../forward/subjects.ts';
import { ordersOf, tellParent } from '../processes.ts';

/** What one process measures. */
export interface CostOrders {
  readonly to: 'http' | 'nats';
  /** Of the database. */
  readonly folder: string;
  readonly events: number;
}

/** Before what is measured: the client is loaded, and what runs often is compiled. */
const WARM_UP = 2_000;

/** @returns microseconds of processor time for one event, from being taken to being acknowledged */
async function measure({ to, folder, events }: CostOrders): Promise<number> {
  const nats = to === 'nats' ? await startNats() : null;
  const listeners = nats === null ? await startListeners(1, 'answer') : null;
  const subject = createForwarderSubject(folder, nats === null ? (listeners?.urls ?? []) : [nats.url], 10_000);
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

tellParent({ cpu: await measure(ordersOf()) });
