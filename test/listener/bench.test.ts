import { expect, it } from '@jest/globals';
import { runTool } from '../../scripts/run-tool.ts';

it("compares the library with the documentation's example, and says whether the goal is reached", async () => {
  const engineFlags = ['--disable-warning=ExperimentalWarning'];
  const args = ['listener', '--requests', '48'];
  const { code, output } = await runTool('scripts/bench/bench.ts', args, { capture: true, engineFlags });
  expect(`${code} ${output}`).toMatch(/^0 EVENT_DISPATCH_NEW/);
  for (const row of ['listener', 'documented'])
    expect(output).toMatch(new RegExp(`^\\([ab]\\) ${row} +[1-9]\\d*$`, 'm'));
  expect(output).toMatch(/^(reached|MISSED ) {2}a\/b {2}\d\.\d\d \(at least 0\.8\)$/m);
});
