import config from './jest.config.js';

/** Tests against programs of others, which have to be installed: Alertmanager. */
export default { ...config, testMatch: ['<rootDir>/src/**/*.interop.ts'] };
