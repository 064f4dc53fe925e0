/** The part of Jest's JSON report that is counted. */
export interface JestReport {
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
