import { describe, expect, it } from '@jest/globals';
import { bench } from '../../scripts/bench/bench.ts';
import { parseBenchOptions } from '../../scripts/bench/bench-options.ts';
import { runTool } from '../../scripts/run-tool.ts';

/** In a process of its own: a benchmark counts on that. */
function run(...args: string[]) {
  const engineFlags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  return runTool('scripts/bench/bench.ts', args, { capture: true, engineFlags });
}

/** The numbers in the first line that begins so. */
function numbersIn(output: string, beginning: string): number[] {
  const line = output.split('\n').find((text) => text.startsWith(beginning)) ?? '';
  return (line.slice(beginning.length).match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
}

describe('npm run bench', () => {
  it('measures what one event costs and says for each goal whether it is reached', async () => {
    const { code, output } = await run('--events', '60', '--warmup', '20', '--requests', '40', '--loads', '1');
    expect(`${code} ${output}`).toMatch(/^0 EVENT_DISPATCH_NEW/);
    for (const figure of ['p50', 'p99', 'CPU']) {
      const [bare = 0, whole = 0, , ratio = 0] = numbersIn(output, figure);
      expect(bare).toBeGreaterThan(0);
      expect(whole).toBeGreaterThan(0);
      expect(ratio).toBeCloseTo(whole / bare, 1);
    }
    expect(output).toContain('references not freed: (a) 0, (b) 0\n');
    for (const row of ['(a) bare  ', '(b) whole  ', '(c) pipeline  ', '(d) plain  ', 'size', 'load'])
      expect(numbersIn(output, row)).toEqual([expect.any(Number)]);
    const goals = output.split('\nGoals\n')[1]?.trimEnd().split('\n') ?? [];
    expect(goals.map((line) => line.slice(0, 8).trim())).toEqual(
      Array(5).fill(expect.stringMatching(/^(reached|MISSED)$/)),
    );
  }, 60_000);

  it('names the benchmarks there are when asked for another one', async () => {
    await expect(bench(['nothing'], () => {})).rejects.toThrow(
      'There is no benchmark "nothing", only: event, forward, game, listener.',
    );
    await expect(bench(['constructor'], () => {})).rejects.toThrow('There is no benchmark "constructor"');
  });

  it('takes the number of events and refuses what is no number', () => {
    expect(parseBenchOptions(['--events', '7'])).toMatchObject({ name: 'event', events: 7, warmup: 5000 });
    expect(() => parseBenchOptions(['--events', 'many'])).toThrow('--events must be a whole number above 0');
    expect(() => parseBenchOptions(['event', 'event'])).toThrow('One benchmark at a time.');
  });
});
