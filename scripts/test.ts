import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from './check.ts';
import { isProgram } from './is-program.ts';
import { leftOut } from './jest/programs.ts';
import { projectRoot } from './project-root.ts';
import { runTool } from './run-tool.ts';

/** Those that are not Jest's. */
const OWN_FLAGS = ['--soak', '--complete'];
// Room for young objects, 16 MB unless given: each test file loads its modules anew, and collecting garbage took an eighth of the time.
const ENGINE_FLAGS = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', '--max-semi-space-size=64'];

/**
 * Checks types and lint, runs the tests meanwhile, and ends with a line of its own: `N passed, N failed`.
 *
 * @param args for Jest; `--soak` runs the long tests instead, and with `--complete` it fails when tests are left out since a
 *   program is not here
 * @returns whether all is well
 */
async function test(args: readonly string[]): Promise<boolean> {
  const isSoak = args.includes('--soak');
  const config = isSoak ? ['--config', 'scripts/jest/soak.config.js'] : [];
  const jestArgs = args.filter((arg) => !OWN_FLAGS.includes(arg));
  const [checks, first] = await Promise.all([check(), runJest([...config, ...jestArgs])]);
  if (checks.code !== 0) process.stdout.write(`\n${checks.output}\nTypes or lint are not in order: see above.\n`);
  let { passed, failed } = countResults(...first, checks.code === 0);
  // Without a report it was ended from outside: then it is not begun again.
  if (jestArgs.length === 0 && !isSoak && first[0] !== null) {
    const node26 = join(projectRoot, 'node_modules/node26/bin', process.platform === 'win32' ? 'node.exe' : 'node');
    process.stdout.write('\nThe whole way of events again, on the Node of GTA V Enhanced:\n');
    const again = countResults(...(await runJest(['--config', 'scripts/jest/enhanced.config.js'], node26)), true);
    passed += again.passed;
    failed += again.failed;
  }
  const missing = leftOut();
  if (missing !== null) {
    process.stdout.write(`\n${missing}\n`);
    if (args.includes('--complete')) failed += 1;
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0;
}

/** @param engine path of the Node to run it on; this one unless given */
async function runJest(args: readonly string[], engine = process.execPath) {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-test-'));
  const reportPath = join(folder, 'report.json');
  try {
    const jestArgs = ['--json', `--outputFile=${reportPath}`, ...args];
    const { code } = await runTool('node_modules/jest/bin/jest.js', jestArgs, { engine, engineFlags: ENGINE_FLAGS });
    const report = existsSync(reportPath) ? (JSON.parse(readFileSync(reportPath, 'utf8')) as JestReport) : null;
    return [report, code] as const;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of Jest's JSON report that is counted. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Suites that did not load: none of their tests is in the other numbers. */
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * Counts a test run. Types and lint count as one test that can fail; so does Jest itself, when it ends with an error
 * that its report does not explain (no test found, a broken configuration, a coverage threshold).
 *
 * @param report null when Jest wrote none
 * @param checked whether types and lint are in order
 */
export function countResults(report: JestReport | null, jestCode: number, checked: boolean) {
  const inReport = report === null ? 0 : report.numFailedTests + report.numRuntimeErrorTestSuites;
  const unexplained = (report === null || jestCode !== 0) && inReport === 0 ? 1 : 0;
  return { passed: report?.numPassedTests ?? 0, failed: inReport + unexplained + (checked ? 0 : 1) };
}

if (isProgram(import.meta.url)) {
  if (!(await test(process.argv.slice(2)))) process.exitCode = 1;
}
