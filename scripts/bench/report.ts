/** What `npm run bench` may be asked for, in numbers above 0, and what it does unasked; `bench.ts` says what they are. */
export const BENCH_DEFAULTS = { events: '6000', warmup: '5000', requests: '6000', pairs: '7' };

export type BenchOptions = Readonly<Record<keyof typeof BENCH_DEFAULTS, number>>;

/**
 * Runs a benchmark, and prints its figures as they are known.
 *
 * @param folder for what it writes, gone after it
 * @returns what it has to reach
 */
export type Benchmark = (
  options: BenchOptions,
  print: (line: string) => void,
  folder: string,
) => Promise<readonly Goal[]>;

/** A figure and what it has to be. */
interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  /** The least and the most of the pairs that the value is the median of. */
  readonly spread?: readonly [least: number, most: number];
  readonly atMost?: number;
  readonly atLeast?: number;
}

/**
 * The ratio of two that were measured in pairs, which a machine that changes its speed hits alike.
 * @returns the median, the least and the most of the pairs' ratios, second by first
 */
export function ratioOf(pairs: readonly (readonly [first: number, second: number])[]) {
  const ratios = pairs.map(([first, second]) => second / first);
  return { value: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] as const };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @returns a heading, and one line for each goal that says whether it was reached */
export function describeGoals(goals: readonly Goal[]): string[] {
  const rows = goals.map(({ name, value, unit = '', spread, atMost, atLeast }) => {
    const reached = (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
    const show = (figure: number) => figure.toFixed(unit === '' ? 2 : 1);
    const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    const shown = spread ? `${show(value)} (${spread.map(show).join(' to ')})` : `${show(value)}${unit}`;
    return [name, shown, `${wanted}${unit}`, reached ? 'reached' : 'MISSED'];
  });
  return ['\nGoals', ...table(rows)];
}

/** @returns the rows as lines of aligned columns, the first column to the left and the others to the right */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(cell.length, widths[column] ?? 0);
    });
  }
  const aligned = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(aligned).join('  ').trimEnd());
}
