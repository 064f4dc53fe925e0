import config from '../../jest.config.js';

export default { ...config, rootDir: '../..', testMatch: ['<rootDir>/test/soak/**/*.soak.ts'] };
