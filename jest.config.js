export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest/strip-types.js' },
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/scripts/jest/build-once.ts',
  injectGlobals: false,
  maxWorkers: 2,
  // Real servers and child processes take their time on a busy machine.
  testTimeout: 30_000,
};
