import { expect, it } from '@jest/globals';
import { runTool } from '../../scripts/run-tool.ts';

it('keeps the state within 20 MB over a million events, once a hundred thousand were taken', async () => {
  const engineFlags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  const { code, output } = await runTool('test/soak/grow-state.ts', ['1000000'], { capture: true, engineFlags });
  const [first = 0, ...later] = output.trim().split('\n').map(Number);
  expect([code, later.length]).toEqual([0, 9]);
  expect(first).toBeGreaterThan(0);
  expect(Math.max(...later) - first).toBeLessThan(20);
}, 300_000);
