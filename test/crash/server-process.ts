import { appendFileSync } from 'node:fs';
import { type HostStep, startHost } from '../../packages/fxhost/src/index.ts';
import { isFlush, type KillPlan, killAt, storedEvent } from './kill-points.ts';

/** What one life of the server is told. */
export interface ServerOrders {
  /** The server's data folder, which outlives it. */
  readonly root: string;
  /** The resource's folder. */
  readonly resource: string;
  readonly plan: KillPlan | null;
  readonly powerLoss: boolean;
  /** Gets a line for each event that was stored, its id, and `flushed` for each flush, before anything else happens. */
  readonly journal: string;
}

/** Always a process of its own, since it kills itself. */
async function serve({ root, resource, plan, powerLoss, journal }: ServerOrders): Promise<void> {
  const kill = plan === null ? () => {} : killAt(plan);
  const host = await startHost({
    root,
    powerLoss,
    watch(step: HostStep) {
      const line = isFlush(step) ? 'flushed' : storedEvent(step);
      if (line !== null) appendFileSync(journal, `${line}\n`);
      kill(step);
    },
  });
  host.addResource(resource, 'sonorancad');
  host.ensure('sonorancad');
  process.on('message', () => {
    process.send?.({ status: host.callExport('sonorancad', 'getForwardingStatus') });
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ port: host.port });
}

await serve(JSON.parse(process.argv[2] ?? '') as ServerOrders);
