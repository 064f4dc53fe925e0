import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from './check.ts';
import { isProgram } from './is-program.ts';
import { countResults, type JestReport } from './jest/count-results.ts';
import { runTool } from './run-tool.ts';

const ENGINE_FLAGS = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];

/**
 * Checks types and lint, runs the tests meanwhile, and ends with a line of its own: `N passed, N failed`.
 *
 * @param args for Jest; `--soak` runs the long tests instead
 * @returns whether all is well
 */
async function test(args: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-test-'));
  const reportPath = join(folder, 'report.json');
  const config = args.includes('--soak') ? ['--config', 'scripts/jest/soak.config.js'] : [];
  const jestArgs = [...config, '--json', `--outputFile=${reportPath}`, ...args.filter((arg) => arg !== '--soak')];
  try {
    const [checks, jest] = await Promise.all([
      check(),
      runTool('node_modules/jest/bin/jest.js', jestArgs, { engineFlags: ENGINE_FLAGS }),
    ]);
    if (checks.code !== 0) process.stdout.write(`\n${checks.output}\nTypes or lint are not in order: see above.\n`);
    const report = existsSync(reportPath) ? (JSON.parse(readFileSync(reportPath, 'utf8')) as JestReport) : null;
    const { passed, failed } = countResults({ report, jestCode: jest.code, checked: checks.code === 0 });
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    return failed === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isProgram(import.meta.url)) {
  if (!(await test(process.argv.slice(2)))) process.exitCode = 1;
}
