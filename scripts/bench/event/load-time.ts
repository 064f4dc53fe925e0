import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startHost } from '../../../packages/fxhost/src/index.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { writeConfig, writeScript } from './subject.ts';

/** What one process loads. */
export interface LoadOrders {
  /** Where the resources are written. */
  readonly folder: string;
  /** Path of a built server script. */
  readonly script: string;
}

/** How long a script holds the game at the start of its resource, in milliseconds: its scope, compiling and running it. */
async function measureLoad({ folder, script }: LoadOrders): Promise<number> {
  const under = mkdtempSync(join(folder, 'load-'));
  const [first, own] = [join(under, 'first'), join(under, 'sonorancad')];
  writeScript(first, '');
  writeScript(own, readFileSync(script));
  writeConfig(own);
  const host = await startHost({ manualTicks: true });
  host.addResource(first);
  host.addResource(own);
  // Another one first: the stand-in compiles its own scripts with the first resource.
  host.start('first');
  const began = performance.now();
  const started = host.start('sonorancad');
  const took = performance.now() - began;
  const failure = host.lines.find((line) => line.includes('Error'));
  if (!started || failure !== undefined) throw new Error(`The resource did not start: ${failure}`);
  await host.close();
  return took;
}

// Always a process of its own, since the engine remembers what it has compiled.
tellParent({ load: await measureLoad(ordersOf()) });
