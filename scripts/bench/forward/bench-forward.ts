import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { measureInProcess } from '../processes.ts';
import { type Benchmark, table } from '../report.ts';
import type { AcceptFigures, MeasurementOrders, OutageFigures, UnansweredFigures } from './measurements.ts';

const TARGETS = [1, 4, 16];
/** The middle one of them is shown. */
const OUTAGES = 3;
/** Outages of a target after which its first event is waited for: all at the same time, each of a random length. */
const RETURNS = 20;
const MEGABYTE = 1024 * 1024;

/** What forwarding costs the game, and how much goes through: the durable one, over the stand-in's database. */
export const benchForward: Benchmark = async (_options, print, folder) => {
  const inProcess = async <Result>(what: MeasurementOrders['what'], targets: number): Promise<Result> => {
    const orders: MeasurementOrders = { what, targets, folder: mkdtempSync(join(folder, 'store-')) };
    const program = join(import.meta.dirname, 'measurements.ts');
    return (await measureInProcess<{ result: Result }>(program, orders)).result;
  };
  print('Events a second until every target had them (listeners in a process of their own)');
  const rates: string[][] = [['targets', 'events']];
  for (const targets of TARGETS) rates.push([String(targets), (await inProcess<number>('rate', targets)).toFixed(0)]);
  for (const line of table(rates)) print(line);

  const withErrors = await inProcess<number>('errors', 1);
  print(`\nEvents a second to a target that answers one request in ten with 503: ${withErrors.toFixed(0)}`);

  const unanswered = await inProcess<UnansweredFigures>('unanswered', 1);
  const { rate, events, outOfOrder } = unanswered;
  print(
    `\nEvents a second to a listener that never answers: ${rate.toFixed(1)}, ${outOfOrder} of ${events} out of order`,
  );

  const returns = [...(await inProcess<readonly number[]>('return', RETURNS))].sort((a, b) => a - b);
  const secondsAt = (share: number) => (returns[Math.ceil(share * returns.length) - 1] ?? Number.NaN) / 1000;
  print(`\nFrom listening again to the first event, ${RETURNS} outages, s`);
  const shares = [
    ['p50', 0.5],
    ['p95', 0.95],
    ['longest', 1],
  ] as const;
  for (const line of table(shares.map(([name, share]) => [name, secondsAt(share).toFixed(2)]))) print(line);

  print('\n8 targets that take requests and never answer, while events pile up');
  const outages: OutageFigures[] = [];
  for (let count = 0; count < OUTAGES; count += 1) outages.push(await inProcess('outage', 8));
  // The others on the machine can make one of them look bad, as they can make it look good.
  outages.sort((a, b) => a.waiting.longest - b.waiting.longest);
  const outage = outages[Math.floor(OUTAGES / 2)] as OutageFigures;
  for (const line of outageTable(outage)) print(line);

  print('\nAccepting one event, µs');
  const { empty, full } = await inProcess<AcceptFigures>('accepting', 1);
  const ratio = { p50: full.p50 / empty.p50, mean: full.mean / empty.mean };
  const row = (name: 'p50' | 'mean') => [name, ...[empty, full, ratio].map((figures) => figures[name].toFixed(2))];
  for (const line of table([['queued', '0', '10000', 'ratio'], row('p50'), row('mean')])) print(line);

  return [
    { name: 'events a second at 10 % errors', value: withErrors, unit: '', atLeast: 40 },
    { name: 'events a second to a listener that never answers', value: rate, unit: '', atLeast: 15 },
    { name: 'first event after an outage, p95', value: secondsAt(0.95), unit: ' s', atMost: 5 },
    { name: 'main thread held, flushes apart', value: outage.waiting.longest, unit: ' ms', atMost: 5 },
    { name: 'heap growth', value: outage.heap / MEGABYTE, unit: ' MB', atMost: 40 },
    { name: 'accepting at 10,000 / at 0', value: ratio.p50, atMost: 1.2 },
  ];
};

function outageTable({ events, waiting, accepting, heap, external, flushes, stop }: OutageFigures): string[] {
  const rows: [name: string, figure: number, digits?: number][] = [
    ['events', events, 0],
    ['held while they wait, ms', waiting.longest],
    ['  with waiting for a core', waiting.byClock],
    ['held while they come in, ms', accepting.longest],
    ['  with waiting for a core', accepting.byClock],
    ['heap growth, MB', heap / MEGABYTE],
    ['outside of the heap, MB', external / MEGABYTE],
    ['growth an event, kB', (heap + external) / 1024 / events],
    ['flushes', flushes.count, 0],
    ['longest flush, ms', flushes.longest],
    ['stopping, ms', stop],
  ];
  return table(rows.map(([name, figure, digits = 1]) => [name, figure.toFixed(digits)]));
}
