import { createInterface } from 'node:readline';
import { serveResource } from '../serve-resource.ts';

/** Serves the resource in a process of its own, whose thread does nothing else. Prints its link; after each line, how long it was held. */
const served = await serveResource();
served.host.ensure('sonorancad');
served.host.execute('sonorancad inspect');
const token = /\/#([\w-]{43})$/m.exec(served.host.lines.join('\n'))?.[1];
console.log(`${served.host.url}/sonorancad/#${token}`);

/** What one turn of the loop took of the processor, at most: that it had to wait for other programs is not its fault. */
let longestMs = 0;
let last = process.cpuUsage();
setInterval(() => {
  const now = process.cpuUsage();
  longestMs = Math.max(longestMs, (now.user + now.system - last.user - last.system) / 1_000);
  last = now;
}, 1);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  console.log(JSON.stringify({ longestMs }));
  longestMs = 0;
}
process.exit();
