export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest/strip-types.js' },
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/scripts/jest/build-once.ts',
  testSequencer: '<rootDir>/scripts/jest/slow-first.js',
  injectGlobals: false,
  // One more than the cores that it is measured on: tests wait for servers and child processes, too.
  maxWorkers: 3,
  // A worker keeps some megabytes of each test file that it has run, and collecting garbage takes longer and longer: it is replaced.
  workerIdleMemoryLimit: '350MB',
  // Failures are shown in full; what passed is only counted.
  reporters: [['summary', { summaryThreshold: 0 }]],
  // Real servers and child processes take their time on a busy machine; a wait in vain ends after a minute (test/until.ts).
  testTimeout: 120_000,
};
