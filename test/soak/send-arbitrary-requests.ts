import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { manifest } from '../../packages/fxhost/test/write-resource.ts';
import { isProgram } from '../../scripts/is-program.ts';
import { arbitraryBody } from '../hardening/arbitrary-requests.ts';
import { postDirectly, serveResource } from '../serve-resource.ts';

/** How far it is; one line of JSON for each batch. */
export interface BatchReport {
  readonly requests: number;
  readonly accepted: number;
  /** Events that each consumer has counted. */
  readonly consumed: Readonly<Record<string, number>>;
  /** After a garbage collection. */
  readonly heapBytes: number;
}

const BATCH = 5_000;
/** One in so many goes over HTTP. */
const OVER_HTTP = 50;
const HANG_MS = 20_000;

const JS_CONSUMER = `
  let count = 0;
  on('sonorancad:ready', () => exports.sonorancad.onPushEvent('*', () => void count++));
  exports('count', () => count);
`;
const LUA_CONSUMER = `
local count = 0
AddEventHandler('sonorancad:pushEvent', function() count = count + 1 end)
exports('count', function() return count end)
`;

async function sendAll(requests: number, seed: number): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('to be run with --expose-gc');
  const served = await serveResource();
  const { host } = served;
  served.add('js', JS_CONSUMER);
  served.add('lua', { 'fxmanifest.lua': manifest("server_script 's.lua'"), 's.lua': LUA_CONSUMER });
  for (const resource of ['js', 'lua', 'sonorancad']) host.ensure(resource);
  const count = (name: string) => Number(host.callExport(name, 'count'));

  let sent = 0;
  let accepted = 0;
  let under: Buffer = Buffer.alloc(0);
  let seen = -1;
  const watch = setInterval(() => {
    if (sent === seen) {
      process.stderr.write(`not answered: ${JSON.stringify(under.toString('latin1'))}\n`);
      process.exit(2);
    }
    seen = sent;
  }, HANG_MS);

  const property = fc.asyncProperty(arbitraryBody, async (body) => {
    under = body;
    sent += 1;
    // From ever other peers: what is remembered of them must not grow.
    const address = `198.51.${sent % 251}.${sent % 241}:5555`;
    const status =
      sent % OVER_HTTP === 0 ? (await served.post(body))[0] : (await postDirectly(host, body, { address })).status;
    // Without a turn for the event loop nothing would be dispatched, and the queue would be full in the end.
    await setImmediate();
    if (status === 200) accepted += 1;
    else if (status !== 400 && status !== 429) throw new Error(`answered with ${status}`);
  });

  for (let batch = 0; batch * BATCH < requests; batch += 1) {
    await fc.assert(property, { numRuns: BATCH, seed: seed + batch, endOnFailure: true });
    for (let waited = 0; waited < 1_000 && (count('js') < accepted || count('lua') < accepted); waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc();
    const report: BatchReport = {
      requests: sent,
      accepted,
      consumed: { js: count('js'), lua: count('lua') },
      heapBytes: process.memoryUsage().heapUsed,
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  clearInterval(watch);
  await served.close();
}

if (isProgram(import.meta.url)) await sendAll(Number(process.argv[2]), Number(process.argv[3]));
