import { describe, expect, it } from '@jest/globals';
import { countResults } from '../../scripts/test.ts';

// The shape of a report that Jest writes with --json, cut to a few of its members.
const report = {
  success: true,
  numTotalTests: 12,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('counting a test run', () => {
  it('gives the passed tests when all is well', () => {
    expect(countResults(report, 0, true)).toEqual({ passed: 12, failed: 0 });
  });

  it('adds the suites that did not load to the failed tests', () => {
    const broken = { ...report, numPassedTests: 9, numFailedTests: 1, numRuntimeErrorTestSuites: 2 };
    expect(countResults(broken, 1, true)).toEqual({ passed: 9, failed: 3 });
  });

  it('counts types and lint as one', () => {
    expect(countResults(report, 0, false)).toEqual({ passed: 12, failed: 1 });
  });

  it('fails when Jest wrote no report', () => {
    expect(countResults(null, 1, true)).toEqual({ passed: 0, failed: 1 });
    expect(countResults(null, 0, true)).toEqual({ passed: 0, failed: 1 });
  });

  it('fails when Jest ends with an error that its report does not show', () => {
    expect(countResults(report, 1, true)).toEqual({ passed: 12, failed: 1 });
  });
});
