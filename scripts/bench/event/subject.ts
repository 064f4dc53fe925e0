import { on } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHistogram, type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type FxHost, startHost } from '../../../packages/fxhost/src/index.ts';
import { isProgram } from '../../is-program.ts';
import { projectRoot } from '../../project-root.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { median } from '../report.ts';
import { BENCH_KEY, BENCH_TYPE, EVENTS_A_TURN } from '../requests.ts';
import { CALLED, createStopwatch, pass } from './stopwatch.ts';

/** What one process measures. */
export interface SubjectOrders {
  /** `bare` is what a scripter would write in ten lines, `whole` this project's resource as it is built. */
  readonly subject: 'bare' | 'whole';
  /** The operator's page: switched off, there without a viewer (unless given), or open on four streams. */
  readonly page?: 'off' | 'idle' | 'open';
  /** Where the resources are written. */
  readonly folder: string;
  /** Path of the built server script. */
  readonly serverScript: string;
  readonly warmup: number;
}

/** What one event costs the game's main thread, in microseconds. */
export type EventCost = Awaited<ReturnType<typeof measureSubject>>;

const BARE = `
SetHttpHandler((request, response) => {
  request.setDataHandler((data) => {
    emit('bench:event', JSON.parse(Buffer.from(data).toString()));
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.send('ok');
  }, 'binary');
});`;

const SUBSCRIBERS = {
  bare: `on('bench:event', handler);`,
  whole: `on('sonorancad:ready', () => exports.sonorancad.onPushEvent('${BENCH_TYPE}', handler));`,
};

/** What a resource still does after its start is no cost of an event. */
const SETTLED_AFTER_MS = 1_000;
/** References are freed at ticks, of which there are 20 a second. */
const EVENTS_A_TICK = 50;
/** Collections of garbage are told of some passes after they were. */
const OBSERVED_AFTER_MS = 50;
/** Measured after each block, and so many since the system counts the CPU time of a thread in steps of 4 ms. */
const EMPTY_PASSES = 500;
const EMPTY_TICKS = 50;

/** A resource of one server script. */
export function writeScript(path: string, script: string | Uint8Array): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'fxmanifest.lua'), `fx_version 'cerulean'\ngame 'common'\nserver_script 'server.js'\n`);
  writeFileSync(join(path, 'server.js'), script);
}

/** The configuration that every measurement of the resource has: a key, and no CAD. */
export function writeConfig(path: string, more: object = {}): void {
  writeFileSync(join(path, 'config.json'), JSON.stringify({ apiKey: BENCH_KEY, apiSendEnabled: false, ...more }));
}

/** @returns a server with the resource, named `sonorancad` either way, and one subscriber in another JavaScript resource */
async function startSubject({ subject, page, folder, serverScript }: SubjectOrders): Promise<FxHost> {
  const host = await startHost({ manualTicks: true });
  const [resource, consumer] = [join(folder, subject, 'sonorancad'), join(folder, subject, 'consumer')];
  if (subject === 'bare') writeScript(resource, BARE);
  else {
    // As operators install it.
    mkdirSync(join(resource, 'resource'), { recursive: true });
    for (const file of ['fxmanifest.lua', 'resource/exports.lua'])
      cpSync(join(projectRoot, file), join(resource, file));
    writeFileSync(join(resource, 'resource', 'server.js'), readFileSync(serverScript));
    // Nobody plays: that it is there is enough.
    writeFileSync(join(resource, 'resource', 'client.js'), '');
    writeConfig(resource, { inspector: page !== 'off' });
  }
  writeScript(
    consumer,
    `const called = require('node:diagnostics_channel').channel('${CALLED}');
const handler = () => called.publish(null);
${SUBSCRIBERS[subject]}`,
  );
  for (const path of [resource, consumer]) host.addResource(path);
  // The consumer first, so that it hears that it can subscribe.
  for (const name of ['consumer', 'sonorancad']) if (!host.start(name)) throw new Error(`${name} did not start`);
  return host;
}

const STREAMS = 4;

/**
 * Opens the page's streams, and each again where it ended (after 60 s or 512 kB), as the page does.
 *
 * @returns a function that ends them; it rejects when one has brought no events
 */
function lookAtPage(host: FxHost): () => Promise<void> {
  host.execute('sonorancad inspect');
  const token = /#([\w-]{43})/.exec(host.lines.join('\n'))?.[1] ?? '';
  const headers = { Authorization: `Bearer ${token}` };
  const read = async (cursor = ''): Promise<void> => {
    const query = cursor === '' ? '' : `?since=${cursor}`;
    const { status, body } = await host.request('sonorancad', { path: `/api/stream${query}`, headers });
    const last = [...String(body).matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? cursor;
    if (status !== 200 || last === '') throw new Error(`A stream was answered ${status} ${body.subarray(0, 1_000)}`);
    if (!String(body).endsWith('{"reason":"over"}\n\n')) await read(last);
  };
  let open = STREAMS;
  const streams = Array.from({ length: STREAMS }, () => read().finally(() => (open -= 1)));
  return async () => {
    host.execute('sonorancad inspect off');
    while (open > 0) await pass(host);
    await Promise.all(streams);
  };
}

/** Measures one of the two without sockets. @throws when an event was not answered `ok` or reached no subscriber. */
async function measureSubject(orders: SubjectOrders) {
  const host = await startSubject(orders);
  host.tick(2);
  host.pump();
  await setTimeout(SETTLED_AFTER_MS);
  const lookAway = orders.page === 'open' ? lookAtPage(host) : null;
  const references = host.countRefs('sonorancad');
  const one = createStopwatch(host);
  const tick = async () => {
    host.tick();
    await setImmediate();
  };

  const holds = createHolds();
  /** @returns what each event took, and the CPU time of an event */
  const block = async () => {
    const events: { readonly took: number; readonly passes: number }[] = [];
    const used = await cpuOf(async () => {
      for (let index = 0; index < EVENTS_A_TURN; index += 1) {
        await holds.watch(async () => void events.push(await one()));
        if (index % EVENTS_A_TICK === EVENTS_A_TICK - 1) await tick();
      }
    });
    // What passes and ticks cost with nothing to do is the stand-in's doing, and taken out.
    const began = performance.now();
    const emptyPass = (await cpuOf(() => repeat(EMPTY_PASSES, () => pass(host)))) / EMPTY_PASSES;
    const passTook = ((performance.now() - began) * 1000) / EMPTY_PASSES;
    const emptyTick = (await cpuOf(() => repeat(EMPTY_TICKS, tick))) / EMPTY_TICKS;
    const passes = events.reduce((sum, event) => sum + event.passes, 0);
    const empty = passes * emptyPass + (EVENTS_A_TURN / EVENTS_A_TICK) * emptyTick;
    return { times: events.map((event) => event.took - event.passes * passTook), cpu: (used - empty) / EVENTS_A_TURN };
  };

  await repeat(Math.ceil(orders.warmup / EVENTS_A_TURN), block);
  await holds.longest();
  const nanoseconds = createHistogram();
  const cpu: number[] = [];
  tellParent({});
  for await (const [message] of on(process, 'message')) {
    if (message.do === 'finish') break;
    const measured = await block();
    for (const time of measured.times) nanoseconds.record(Math.max(1, Math.round(time * 1000)));
    cpu.push(measured.cpu);
    tellParent({});
  }
  // All garbage goes, and with it what it referred to.
  await repeat(3, async () => {
    globalThis.gc?.();
    await setImmediate();
    host.tick();
  });
  const longest = await holds.longest();
  const leaked = host.countRefs('sonorancad') - references;
  await lookAway?.();
  await host.close();
  const percentile = (share: number) => nanoseconds.percentile(share) / 1000;
  return {
    /** From the call of the native handler until the answer is sent and the subscriber was called. */
    p50: percentile(50),
    p99: percentile(99),
    longest,
    /** Of the main thread, all that an event causes. A large garbage collection is in none or in one of the blocks. */
    cpu: median(cpu),
    /** Functions that crossed between resources and were not freed. */
    leaked,
  };
}

/** For how long events, and what came with them, held the thread. */
function createHolds() {
  const collections: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  let holds: { readonly from: number; readonly to: number; readonly held: number }[] = [];
  return {
    /**
     * The clock goes on while other programs have the processor, and the system counts the CPU time of a thread in steps of 4 ms: the
     * less of both is nearest.
     */
    async watch(action: () => Promise<void>): Promise<void> {
      const from = performance.now();
      const used = await cpuOf(action);
      const to = performance.now();
      holds.push({ from, to, held: Math.min(to - from, used / 1000) });
    },
    /** @returns the longest since the last call, in milliseconds: with and without the collections of garbage within them */
    async longest() {
      await setTimeout(OBSERVED_AFTER_MS);
      const own = holds.map(({ from, to, held }) => {
        const within = collections.filter(({ startTime }) => startTime >= from && startTime < to);
        return held - within.reduce((sum, { duration }) => sum + duration, 0);
      });
      const longest = { all: Math.max(...holds.map(({ held }) => held)), own: Math.max(...own) };
      holds = [];
      collections.length = 0;
      return longest;
    },
  };
}

/** @returns microseconds of the main thread */
async function cpuOf(action: () => Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  await action();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

async function repeat(times: number, action: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time += 1) await action();
}

if (isProgram(import.meta.url)) tellParent(await measureSubject(ordersOf()));
