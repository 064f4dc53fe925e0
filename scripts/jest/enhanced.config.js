import config from '../../jest.config.js';

/** The whole way of events again, as on the newer edition of the game server: run it on that server's Node (test/serve-resource.ts). */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/conformance/**/*.test.ts', '<rootDir>/test/*-on-fxhost.test.ts'],
};
