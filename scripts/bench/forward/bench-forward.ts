import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.ts';
import { describeGoals } from '../goals.ts';
import { table } from '../table.ts';
import type { MeasurementOrders } from './measure.ts';
import type { AcceptFigures, OutageFigures, Sender } from './measurements.ts';

const TARGETS = [1, 4, 16];
const OUTAGE_EVENTS = 10_000;
/** Outages of the forwarder, the middle one of which is shown. */
const OUTAGES = 3;
/** Each of them holds a connection to each target for good: more would take all that the system has. */
const FETCH_OUTAGE_EVENTS = 500;
const SENDERS: readonly Sender[] = ['forwarder', 'fetch'];
const MEGABYTE = 1024 * 1024;

/** What forwarding costs the game, and how much goes through, beside a request that nobody waits for. */
export async function benchForward(_options: BenchOptions, print: (line: string) => void): Promise<void> {
  print(`forwarder: the durable one over the stand-in's database   fetch: one for each target, nobody waits for it`);

  print('\nEvents a second until every target had them (listeners in a process of their own)');
  const rates: string[][] = [['targets', ...SENDERS]];
  for (const targets of TARGETS) {
    const row = [String(targets)];
    for (const sender of SENDERS) row.push((await inProcess<number>({ what: 'rate', sender, targets })).toFixed(0));
    rates.push(row);
  }
  for (const line of table(rates)) print(line);

  const withErrors = await inProcess<number>({ what: 'errors' });
  print(`\nEvents a second to a target that answers one request in ten with 503: ${withErrors.toFixed(0)}`);

  print('\n8 targets that take requests and never answer, while events pile up');
  const outages: OutageFigures[] = [];
  for (let count = 0; count < OUTAGES; count += 1) {
    outages.push(await inProcess({ what: 'outage', sender: 'forwarder', events: OUTAGE_EVENTS }));
  }
  // The others on the machine can make one of them look bad, as they can make it look good.
  const outage = outages.sort((a, b) => a.waiting.longest - b.waiting.longest)[
    Math.floor(OUTAGES / 2)
  ] as OutageFigures;
  const beside = await inProcess<OutageFigures>({ what: 'outage', sender: 'fetch', events: FETCH_OUTAGE_EVENTS });
  for (const line of outageTable(outage, beside)) print(line);

  print('\nAccepting one event, µs');
  const { empty, full } = await inProcess<AcceptFigures>({ what: 'accepting' });
  const ratio = { p50: full.p50 / empty.p50, mean: full.mean / empty.mean };
  const row = (name: 'p50' | 'mean') => [name, ...[empty, full, ratio].map((figures) => figures[name].toFixed(2))];
  for (const line of table([['queued', '0', '10000', 'ratio'], row('p50'), row('mean')])) print(line);

  print('\nGoals');
  const goals = describeGoals([
    { name: 'events a second at 10 % errors', value: withErrors, unit: '', atLeast: 40 },
    { name: 'main thread held, flushes apart', value: outage.waiting.longest, unit: ' ms', atMost: 5 },
    { name: 'heap growth', value: outage.heap / MEGABYTE, unit: ' MB', atMost: 40 },
    { name: 'accepting at 10,000 / at 0', value: ratio.p50, unit: '', atMost: 1.2 },
  ]);
  for (const line of goals) print(line);
}

function outageTable(forwarder: OutageFigures, beside: OutageFigures): string[] {
  const both = (figure: (figures: OutageFigures) => number, digits = 1) =>
    [forwarder, beside].map((figures) => figure(figures).toFixed(digits));
  return table([
    ['', ...SENDERS],
    ['events', ...both(({ events }) => events, 0)],
    ['held while they wait, ms', ...both(({ waiting }) => waiting.longest)],
    ['  with waiting for a core', ...both(({ waiting }) => waiting.byClock)],
    ['held while they come in, ms', ...both(({ accepting }) => accepting.longest)],
    ['  with waiting for a core', ...both(({ accepting }) => accepting.byClock)],
    ['heap growth, MB', ...both(({ heap }) => heap / MEGABYTE)],
    ['outside of the heap, MB', ...both(({ external }) => external / MEGABYTE)],
    ['growth an event, kB', ...both(({ heap, external, events }) => (heap + external) / 1024 / events)],
    ['flushes', ...both(({ flushes }) => flushes.count, 0)],
    ['longest flush, ms', ...both(({ flushes }) => flushes.longest)],
    ['stopping, ms', ...both(({ stop }) => stop)],
  ]);
}

function inProcess<Result>(orders: MeasurementOrders): Promise<Result> {
  const child = fork(join(import.meta.dirname, 'measure.ts'), [JSON.stringify(orders)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { result: Result }).result));
    child.once('error', reject);
    // After `close` the result is not under way any more, as it can be after `exit`.
    child.once('close', (code) => reject(new Error(`Measuring ${JSON.stringify(orders)} ended with code ${code}.`)));
  });
}
