import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { serveResource } from '../serve-resource.ts';

/** Serves the resource in a process of its own, whose thread does nothing else. Prints its link; after each line, how long it was held. */
const served = await serveResource();
served.host.ensure('sonorancad');
served.host.execute('sonorancad inspect');
const token = /\/#([\w-]{43})$/m.exec(served.host.lines.join('\n'))?.[1];
console.log(`${served.host.url}/sonorancad/#${token}`);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  console.log(JSON.stringify({ longestMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6 }));
  delay.reset();
}
await served.close();
