import { describe, expect, it } from '@jest/globals';
import { bench, parseBenchOptions } from '../../scripts/bench/bench.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { SOURCE_FLAGS, startProgram } from '../child-program.ts';

describe('npm run bench', () => {
  // In a process of its own: a benchmark counts on that. That of an event, with its six processes, is in test/soak.
  it('runs the benchmark listener to its end', async () => {
    const env = { ...process.env, NODE_OPTIONS: SOURCE_FLAGS.join(' ') };
    const args = ['scripts/bench/bench.ts', 'listener', '--requests', '48'];
    const { exited, output } = startProgram(process.execPath, args, { cwd: projectRoot, env });
    expect(`${await exited} ${output()}`).toMatch(/^0 EVENT_DISPATCH_NEW/);
  });

  it('names the benchmarks there are when asked for another one', async () => {
    await expect(bench(['nothing'], () => {})).rejects.toThrow(
      'There is no benchmark "nothing", only: cluster, event, forward, game, listener, page.',
    );
    await expect(bench(['constructor'], () => {})).rejects.toThrow('There is no benchmark "constructor"');
  });

  it('takes the number of events and refuses what is no number', () => {
    expect(parseBenchOptions(['--events', '7'])).toMatchObject({ name: 'event', events: 7, warmup: 5000 });
    expect(() => parseBenchOptions(['--events', 'many'])).toThrow('--events must be a whole number above 0');
    expect(() => parseBenchOptions(['event', 'event'])).toThrow('One benchmark at a time.');
  });
});
