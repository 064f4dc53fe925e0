import { expect, it } from '@jest/globals';
import { runTool } from '../../scripts/run-tool.ts';

it('runs the benchmark event to its end', async () => {
  const args = ['event', '--events', '60', '--warmup', '20', '--requests', '40', '--pairs', '1'];
  const { code, output } = await runTool('scripts/bench/bench.ts', args, { capture: true });
  expect(`${code} ${output}`).toMatch(/^0 EVENT_DISPATCH_NEW/);
}, 180_000);
