import config from './jest.config.js';

/** Tests with the programs and packages of others that `npm run test:interop` fetches. */
export default { ...config, testMatch: ['<rootDir>/src/**/*.interop.ts'] };
